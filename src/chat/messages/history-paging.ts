import type { Mutex } from '../../core/async/mutex.ts';
import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { Connection } from '../../xmpp/connection.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import { withoutContent, withText } from '../model/changed-message.ts';
import type { MessageFields } from '../model/message.ts';
import { accountSender, senderId } from '../model/sender.ts';
import type { EarlyChange } from './archive-store.ts';
import { senderOf } from './conversation-sender.ts';
import type { History } from './history.ts';
import { fieldsOf } from './interpret.ts';
import { allNames } from './message-names.ts';
import { saidIn } from './message-text.ts';
import { createRepetitions } from './repetition.ts';
import type { Stores } from './stores.ts';

/** Pages that are read in vain before somebody has to scroll again. */
const MAX_PAGES = 8;
/** Messages at the start of a conversation among which one knows its place in the archive. */
const LOOKED_AT = 60;

/** Pages back through the archive, one conversation at a time (XEP-0313 section 4.3.3). */
export function createHistoryPaging(
	/** bare */
	account: string,
	stores: Stores,
	archive: Connection['archive'],
	serial: Mutex,
): Pick<History, 'older'> {
	const write = (changes: readonly ChatWrite[]) => stores.write(changes, 'relaxed');
	const repetitions = createRepetitions(stores);

	async function start(peer: string): Promise<string> {
		const first = await stores.messages.page(peer, { after: '', limit: LOOKED_AT });
		return first.find(({ archiveId }) => archiveId !== undefined)?.archiveId ?? '';
	}

	/**
	 * Keeps what can be read of a page, from its newest message to its oldest, each before all that is there; how many
	 * those are. What was encrypted before this device was made is for others.
	 */
	async function keep(page: readonly IncomingMessage[]): Promise<number> {
		let count = 0;
		for (const message of [...page].reverse()) {
			if (message.isError || message.encrypted !== undefined) continue;
			// Also twice on one page: some send again what had arrived.
			if (await isKnown(message)) continue;
			const { peer, reactions, retracts, replaces, unreadable } = message;
			const sender = senderOf(message);
			const early = (of: string, change: EarlyChange, by = sender) =>
				stores.archive.putEarlyChange({ peer, sender: by }, of, change);
			if (reactions !== undefined) {
				const { id, emojis } = reactions;
				const change = { reactions: [{ by: senderId(sender), emojis }] };
				for (const by of new Set([account, peer]))
					await write([await early(id, change, accountSender(by))]);
			} else if (retracts !== undefined)
				await write([await early(retracts, { isRetracted: true })]);
			else if (message.body !== undefined && unreadable === undefined) {
				const read = { ...fieldsOf(message, ''), ...saidIn(message, message.body) };
				if (replaces !== undefined) await write([await early(replaces, { correction: read })]);
				else {
					await put(read, await earlyChange(read));
					count += 1;
				}
			}
		}
		return count;
	}

	/** Earlier changes of a message, looked up under each of its names. */
	async function earlyChange(message: MessageFields): Promise<EarlyChange> {
		let change: EarlyChange = {};
		for (const id of allNames(message))
			change = { ...(await stores.archive.earlyChange(message, id)), ...change };
		return change;
	}

	async function put(read: MessageFields, change: EarlyChange = {}): Promise<void> {
		const key = await stores.messages.keyBefore(read.peer, read.time);
		const message = { ...changed(read, change), key };
		const writes = await stores.messages.put(message);
		const { correction } = change;
		if (correction !== undefined) {
			const { text, time, archiveId } = correction;
			const isArchived = archiveId !== undefined;
			writes.push(
				...(await stores.messages.names.putOther(message, correction, { text, time, isArchived })),
			);
		}
		if (message.archiveId !== undefined)
			writes.push(await stores.archive.putArchived(message.archiveId));
		await write(writes);
	}

	/** At the beginning: corrections of what is in no archive stand for themselves. */
	async function putRest(peer: string): Promise<void> {
		for (const { correction } of await stores.archive.earlyChanges(peer))
			if (correction !== undefined) {
				if ((await stores.messages.named(correction, correction.id)) === undefined)
					await put(correction);
			}
	}

	async function isKnown(message: IncomingMessage): Promise<boolean> {
		if (await stores.archive.isArchived(message.archiveId ?? '')) return true;
		const { encrypted, body } = message;
		const known =
			(await repetitions.sealed(message)) ??
			(encrypted !== undefined ? await repetitions.old(message) : undefined) ??
			(encrypted === undefined && body !== undefined
				? await repetitions.byText(message, saidIn(message, body).text)
				: undefined);
		return known !== undefined;
	}

	/** It was encrypted, and is not among what this device has decrypted. */
	async function isForOthers(message: IncomingMessage): Promise<boolean> {
		return message.encrypted !== undefined && !(await isKnown(message));
	}

	return {
		async older(peer) {
			let row = await stores.archive.history(peer);
			for (let page = 0; page < MAX_PAGES && !row.isComplete; page++) {
				const before = row.before ?? (await start(peer));
				const found = await archive.fetch({ before, peer }).catch((thrown) => {
					if (!(thrown instanceof XmppError) || thrown.condition !== 'item-not-found') throw thrown;
					// What the place was known by is no longer in the archive, nor is anything before it.
					return { messages: [], complete: true, first: undefined };
				});
				const added = await serial(async () => {
					const ours = found.messages.filter((message) => message.peer === peer);
					let isSealed = row.isSealed;
					for (const message of ours) isSealed ||= await isForOthers(message);
					const count = await keep(ours);
					row = {
						isComplete: found.complete || found.first === undefined,
						isSealed,
						...(found.first === undefined ? {} : { before: found.first }),
					};
					if (row.isComplete) await putRest(peer);
					await write([await stores.archive.putHistory(peer, row)]);
					return count;
				});
				if (added > 0) break;
			}
			return row;
		},
	};
}

function changed(message: MessageFields, change: EarlyChange): MessageFields {
	const { isRetracted, correction, reactions } = change;
	if (isRetracted === true) return withoutContent(message);
	const corrected = correction === undefined ? message : withText(message, correction);
	const felt = (reactions ?? []).filter(({ emojis }) => emojis.length > 0);
	return felt.length === 0 ? corrected : { ...corrected, reactions: felt };
}
