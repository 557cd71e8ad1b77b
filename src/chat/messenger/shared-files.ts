import type { Mutex } from '../../core/mutex.ts';
import { ShareError } from '../../core/share-error.ts';
import type { ChatMessage } from './chat-message.ts';
import type { Conversations } from './conversations.ts';
import type { MessageRows } from './message-rows.ts';
import type { ShareProgress } from './messenger-state.ts';
import type { ShareRow, ShareRows } from './share-rows.ts';

/** Files that are on their way: their rows in step with their messages, and who gives them up. */
export interface SharedFiles {
	/** the files that were chosen, as long as this page has them, by the key of their message */
	readonly local: Map<string, Blob>;
	/** Changes a message that still waits, together with other writes; or does these alone. In the messenger's turn. */
	change(
		row: ShareRow,
		work: (message: ChatMessage) => ChatMessage,
		writes: Parameters<MessageRows['write']>[0],
	): Promise<void>;
	/** It is not tried again by itself. */
	fail(row: ShareRow, error: ShareError): Promise<void>;
	/** Tells how far a file has come; undefined once it is there, or given up. */
	progress(key: string, progress: ShareProgress | undefined): void;
	/** Goes off once somebody gives the file up. Throws ShareError `cancelled` where nothing is begun any more. */
	signalOf(key: string): AbortSignal;
	/** It is being given up: the queue passes over it. */
	isGivenUp(key: string): boolean;
	giveUp(key: string): void;
	/** Nothing is left to be given up. */
	forget(key: string): void;
	readonly closed: boolean;
	/** Gives up what is under way, without an end: it goes on with the next start. */
	close(): void;
}

export function createSharedFiles({
	rows,
	shares,
	conversations,
	serial,
	progress,
}: {
	rows: MessageRows;
	shares: ShareRows;
	conversations: Conversations;
	/** what is read and written back is read and written by nobody else in between */
	serial: Mutex;
	progress: SharedFiles['progress'];
}): SharedFiles {
	const aborts = new Map<string, AbortController>();
	let closed = false;

	function abortOf(key: string): AbortController {
		if (closed) throw new ShareError('cancelled');
		const known = aborts.get(key);
		if (known !== undefined) return known;
		const made = new AbortController();
		aborts.set(key, made);
		return made;
	}

	const change: SharedFiles['change'] = async ({ key }, work, writes) => {
		const message = await rows.message(key);
		if (message?.share === undefined) await rows.write(writes);
		else await conversations.keep(work(message), false, writes);
	};

	return {
		local: new Map(),
		change,
		async fail(row, { code, detail }) {
			await serial(async () => {
				if ((await shares.get(row.key)) === undefined) return;
				await change(
					row,
					(message) => ({ ...message, state: 'failed', problem: code, problemDetail: detail }),
					[await shares.put({ ...row, hasFailed: true })],
				);
			});
			progress(row.key, undefined);
		},
		progress,
		signalOf: (key) => abortOf(key).signal,
		isGivenUp: (key) => aborts.get(key)?.signal.aborted === true,
		giveUp: (key) => abortOf(key).abort(),
		forget: (key) => void aborts.delete(key),
		get closed() {
			return closed;
		},
		close() {
			closed = true;
			for (const abort of aborts.values()) abort.abort();
		},
	};
}
