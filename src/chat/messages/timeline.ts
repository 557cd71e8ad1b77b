import { batch } from 'solid-js';
import { createStore, reconcile, unwrap } from 'solid-js/store';
import type { PageOptions } from '../../vault/table.ts';
import type { Message } from '../model/message.ts';
import type { History } from './history.ts';
import type { Stores } from './stores.ts';

/** Messages that are read at once, and the most that are in memory. */
const PAGE = 60;
const MAX_MESSAGES = 300;

export interface TimelineState {
	/** oldest first */
	messages: Message[];
	loaded: boolean;
	/** there are older, or newer, ones than these */
	hasOlder: boolean;
	hasNewer: boolean;
	/** what came before was encrypted before this device was made */
	isSealedBefore: boolean;
}

/** The part of one conversation that is looked at; pages in and out of memory. */
export interface Timeline {
	/** address of the conversation: of the other side, or of the group */
	readonly peer: string;
	readonly state: TimelineState;
	older(): Promise<void>;
	newer(): Promise<void>;
	newest(): Promise<void>;
	/** Shows a message and what is around it. */
	around(key: string): Promise<void>;
	/** Messages of this conversation were kept: new, or changed. */
	shown(messages: readonly Message[]): void;
	/** A message of this conversation is no more. */
	dropped(message: Message): void;
}

/** `history` reaches what is only in the archive. */
export function makeTimeline(stores: Stores, peer: string, history?: History): Timeline {
	const [state, setState] = createStore<TimelineState>({
		messages: [],
		loaded: false,
		hasOlder: false,
		hasNewer: false,
		isSealedBefore: false,
	});
	let busy: Promise<void> | undefined;
	/** kept while a page was read, which may lack them */
	let arriving: Message[] | undefined;

	function once(work: () => Promise<void>): Promise<void> {
		busy ??= work().finally(() => {
			busy = undefined;
		});
		return busy;
	}

	/** What is read last is what somebody asked for last. */
	async function next(work: () => Promise<void>): Promise<void> {
		while (busy !== undefined) await busy.catch(() => undefined);
		return once(work);
	}

	const read = async (options: PageOptions) =>
		(await stores.messages.page(peer, options)).map(copyOf);

	/** `since` fills with what is kept while something is read, and may not be in it. */
	async function whileArriving(work: (since: readonly Message[]) => Promise<void>): Promise<void> {
		const since: Message[] = [];
		arriving = since;
		try {
			await work(since);
		} finally {
			arriving = undefined;
		}
	}

	const set = (messages: readonly Message[], patch: Partial<TimelineState>) =>
		batch(() => {
			setState('messages', reconcile([...messages], { key: 'key' }));
			setState(patch);
		});

	return {
		peer,
		state,
		older: () =>
			once(() =>
				whileArriving(async (since) => {
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
					const hasOlder = page.length === PAGE || (page.length > 0 && rest?.isComplete === false);
					const all = [...page, ...state.messages];
					const messages = merged(all, since, { hasOlder, hasNewer: state.hasNewer });
					const hasNewer = state.hasNewer || messages.length > MAX_MESSAGES;
					const isSealedBefore = !hasOlder && rest?.isSealed === true;
					set(messages.slice(0, MAX_MESSAGES), { hasOlder, hasNewer, isSealedBefore });
				}),
			),
		newer: () =>
			once(() =>
				whileArriving(async (since) => {
					const last = state.messages.at(-1);
					if (last === undefined || !state.hasNewer) return;
					const page = await read({ after: last.key, limit: PAGE });
					const hasNewer = page.length === PAGE;
					const all = [...state.messages, ...page];
					const messages = merged(all, since, { hasOlder: state.hasOlder, hasNewer });
					const hasOlder = state.hasOlder || messages.length > MAX_MESSAGES;
					set(messages.slice(-MAX_MESSAGES), { hasNewer, hasOlder });
				}),
			),
		newest: () =>
			next(() =>
				whileArriving(async (since) => {
					const page = await read({ limit: PAGE });
					const rest = await history?.at(peer);
					const isWhole = page.length < PAGE;
					const hasOlder = !isWhole || rest?.isComplete === false;
					const isSealedBefore = !hasOlder && rest?.isSealed === true;
					const messages = merged(page, since, { hasOlder: !isWhole, hasNewer: false });
					set(messages, { loaded: true, hasNewer: false, hasOlder, isSealedBefore });
				}),
			),
		around: (key) =>
			next(() =>
				whileArriving(async (since) => {
					const message = await stores.messages.get(key);
					if (message === undefined) return;
					const before = await read({ before: key, limit: PAGE });
					const after = await read({ after: key, limit: PAGE });
					const hasNewer = after.length === PAGE;
					const page = [...before, copyOf(message), ...after];
					const messages = merged(page, since, { hasOlder: true, hasNewer });
					set(messages, { loaded: true, hasOlder: true, hasNewer, isSealedBefore: false });
				}),
			),
		shown(kept) {
			const arrived = new Map(kept.map((message) => [message.key, copyOf(message)]));
			arriving?.push(...arrived.values());
			// Reading through the store would make a proxy for each message.
			const known = unwrap(state.messages);
			batch(() => {
				for (const [index, { key }] of known.entries()) {
					const message = arrived.get(key);
					// What it has no more, as a problem, must not stay.
					if (message) setState('messages', index, reconcile(message, { key: 'key' }));
					arrived.delete(key);
				}
				if (!state.loaded) return;
				// What belongs beyond the loaded part is found there when it is paged in.
				const first = state.hasOlder ? (known[0]?.key ?? '') : '';
				const last = state.hasNewer ? (known.at(-1)?.key ?? '') : undefined;
				const added = [...arrived.values()].filter(
					({ key }) => key > first && (last === undefined || key < last),
				);
				if (added.length === 0) return;
				const messages = [...known, ...added].sort((a, b) => (a.key < b.key ? -1 : 1));
				setState('messages', messages.slice(-MAX_MESSAGES));
				if (messages.length > MAX_MESSAGES) setState('hasOlder', true);
			});
		},
		dropped: ({ key }) =>
			setState('messages', (messages) => messages.filter((message) => message.key !== key)),
	};
}

/** What is shown changes in place, with all that it holds: what is kept, or is still to be, must not change with it. */
function copyOf(message: Message): Message {
	return JSON.parse(JSON.stringify(message)) as Message;
}

/**
 * A page in the order of its places, each message once, as it was kept last, with those that came `since`. Where more is beyond
 * an end of it, a change of a message that stands there does not bring that in.
 */
function merged(
	page: readonly Message[],
	since: readonly Message[],
	{ hasOlder, hasNewer }: { readonly hasOlder: boolean; readonly hasNewer: boolean },
): Message[] {
	const keys = page.map(({ key }) => key).sort();
	const [first = ''] = keys;
	const last = keys.at(-1) ?? '';
	const belonging = since.filter(
		({ key }) => (!hasOlder || key >= first) && (!hasNewer || key <= last),
	);
	const byKey = new Map([...page, ...belonging].map((message) => [message.key, message]));
	return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}
