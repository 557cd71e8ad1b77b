import { batch } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import type { PageOptions } from '../../vault/table.ts';
import type { ChatMessage } from './chat-message.ts';
import type { History } from './history.ts';
import type { MessageRows } from './message-rows.ts';

/** Messages that are read at once, and the most that are in memory. */
const PAGE = 60;
const MAX_MESSAGES = 300;

export interface TimelineState {
	/** oldest first */
	messages: ChatMessage[];
	loaded: boolean;
	/** there are older, or newer, ones than these */
	hasOlder: boolean;
	hasNewer: boolean;
	/** what came before was encrypted before this device was made */
	isSealedBefore: boolean;
}

/** The part of one conversation that is looked at; pages in and out of memory. */
export interface Timeline {
	readonly peer: string;
	readonly state: TimelineState;
	older(): Promise<void>;
	newer(): Promise<void>;
	newest(): Promise<void>;
	/** Shows a message and what is around it. */
	around(key: string): Promise<void>;
	/** A message of this conversation was kept: new, or changed. */
	shown(message: ChatMessage): void;
	/** A message of this conversation is no more. */
	dropped(message: ChatMessage): void;
}

/** `history` reaches what is only in the archive. */
export function makeTimeline(rows: MessageRows, peer: string, history?: History): Timeline {
	const [state, setState] = createStore<TimelineState>({
		messages: [],
		loaded: false,
		hasOlder: false,
		hasNewer: false,
		isSealedBefore: false,
	});
	let busy: Promise<void> | undefined;
	/** kept while the newest ones were read, which may lack them */
	let arriving: ChatMessage[] | undefined;

	function once(work: () => Promise<void>): Promise<void> {
		busy ??= work().finally(() => {
			busy = undefined;
		});
		return busy;
	}

	const read = async (options: PageOptions) => (await rows.page(peer, options)).map(copyOf);

	const set = (messages: readonly ChatMessage[], patch: Partial<TimelineState>) =>
		batch(() => {
			setState('messages', reconcile([...messages], { key: 'key' }));
			setState(patch);
		});

	return {
		peer,
		state,
		older: () =>
			once(async () => {
				if (!state.loaded || !state.hasOlder) return;
				const readOlder = () => {
					const [first] = state.messages;
					return read({ ...(first ? { before: first.key } : {}), limit: PAGE });
				};
				let page = await readOlder();
				let rest = await history?.at(peer);
				if (page.length < PAGE && rest?.isComplete === false) {
					// Without a connection there is no more now; with the next look there may be.
					rest = await history?.older(peer).catch(() => undefined);
					page = await readOlder();
				}
				const messages = merged(page, state.messages);
				const hasNewer = state.hasNewer || messages.length > MAX_MESSAGES;
				const hasOlder = page.length === PAGE || (page.length > 0 && rest?.isComplete === false);
				const isSealedBefore = !hasOlder && rest?.isSealed === true;
				set(messages.slice(0, MAX_MESSAGES), { hasOlder, hasNewer, isSealedBefore });
			}),
		newer: () =>
			once(async () => {
				const last = state.messages.at(-1);
				if (last === undefined || !state.hasNewer) return;
				const page = await read({ after: last.key, limit: PAGE });
				const messages = [...state.messages, ...page];
				const hasOlder = state.hasOlder || messages.length > MAX_MESSAGES;
				set(messages.slice(-MAX_MESSAGES), { hasNewer: page.length === PAGE, hasOlder });
			}),
		newest: () =>
			once(async () => {
				const since: ChatMessage[] = [];
				arriving = since;
				try {
					const page = await read({ limit: PAGE });
					const rest = await history?.at(peer);
					const isWhole = page.length < PAGE;
					const hasOlder = !isWhole || rest?.isComplete === false;
					const isSealedBefore = !hasOlder && rest?.isSealed === true;
					// A change of an older message does not bring it in.
					const [first] = page;
					const seen = since.filter(({ key }) => isWhole || key >= (first?.key ?? ''));
					set(merged(page, seen), { loaded: true, hasNewer: false, hasOlder, isSealedBefore });
				} finally {
					arriving = undefined;
				}
			}),
		async around(key) {
			await busy;
			await once(async () => {
				const message = await rows.message(key);
				if (message === undefined) return;
				const before = await read({ before: key, limit: PAGE });
				const after = await read({ after: key, limit: PAGE });
				const patch = { hasOlder: true, hasNewer: after.length === PAGE, isSealedBefore: false };
				set([...before, copyOf(message), ...after], { loaded: true, ...patch });
			});
		},
		shown(kept) {
			const message = copyOf(kept);
			arriving?.push(message);
			const index = state.messages.findIndex(({ key }) => key === message.key);
			// What it has no more, as a problem, must not stay.
			if (index >= 0) return setState('messages', index, reconcile(message, { key: 'key' }));
			if (!state.loaded) return;
			const at = state.messages.findIndex(({ key }) => key > message.key);
			// What belongs beyond the loaded part is found there when it is paged in.
			if ((at === 0 && state.hasOlder) || (at < 0 && state.hasNewer)) return;
			const messages = [...state.messages];
			messages.splice(at < 0 ? messages.length : at, 0, message);
			setState('messages', messages.slice(-MAX_MESSAGES));
			if (messages.length > MAX_MESSAGES) setState('hasOlder', true);
		},
		dropped: ({ key }) =>
			setState('messages', (messages) => messages.filter((message) => message.key !== key)),
	};
}

/** What is shown changes in place, with all that it holds: what is kept, or is still to be, must not change with it. */
function copyOf(message: ChatMessage): ChatMessage {
	return JSON.parse(JSON.stringify(message)) as ChatMessage;
}

/** Each message once, as it was kept last, in the order of their places. */
function merged(page: readonly ChatMessage[], since: readonly ChatMessage[]): ChatMessage[] {
	const byKey = new Map([...page, ...since].map((message) => [message.key, message]));
	return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}
