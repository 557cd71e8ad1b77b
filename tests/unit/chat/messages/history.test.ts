import { beforeEach, expect, it } from 'vitest';
import { createHistory, type History } from '../../../../src/chat/messages/history.ts';
import { makeStores, type Stores } from '../../../../src/chat/messages/stores.ts';
import { makeTimeline } from '../../../../src/chat/messages/timeline.ts';
import { accountSender } from '../../../../src/chat/model/sender.ts';
import { createMutex } from '../../../../src/core/async/mutex.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';
import type { IncomingMessage } from '../../../../src/xmpp/message.ts';
import { XmppError } from '../../../../src/xmpp/xmpp-error.ts';

const ME = 'me@a.example';
const YOU = 'you@b.example';
const PAGE = 3;

let archive: IncomingMessage[];
let isOnline: boolean;
let asked: (string | undefined)[];
let stores: Stores;
let history: History;

const message = (n: number, more: Partial<IncomingMessage> = {}): IncomingMessage => ({
	from: more.isOwn ? ME : (more.peer ?? YOU),
	fromFull: `${YOU}/x`,
	to: ME,
	isOwn: false,
	peer: YOU,
	isError: false,
	id: `id${n}`,
	archiveId: `${n}`,
	time: n * 1000,
	isDelayed: true,
	wantsReceipt: false,
	isMarkable: false,
	...(more.encrypted === undefined ? { body: `text ${n}` } : {}),
	...more,
});
const sealed = { sid: 1, iv: new Uint8Array(12), keys: [] };

beforeEach(() => {
	archive = [];
	asked = [];
	isOnline = true;
	stores = makeStores(createMemoryVault().chat, ME);
	history = createHistory(
		ME,
		stores,
		{
			async fetch({ before }) {
				if (!isOnline) throw new XmppError('offline');
				asked.push(before);
				const end = before
					? archive.findIndex(({ archiveId }) => archiveId === before)
					: archive.length;
				if (end < 0) throw new XmppError('refused', { condition: 'item-not-found' });
				const messages = archive.slice(Math.max(0, end - PAGE), end);
				const first = messages[0]?.archiveId;
				return { messages, complete: end <= PAGE, ...(first === undefined ? {} : { first }) };
			},
		},
		createMutex(),
	);
});

const texts = async () => (await stores.messages.page(YOU, { limit: 100 })).map(({ text }) => text);
async function keepLocally(n: number) {
	const { archiveId, peer, isOwn, id = '', time, body: text = '' } = message(n);
	const key = await stores.messages.keyFor(peer, time);
	const sender = accountSender(peer);
	const kept = { key, peer, sender, isOwn, id, time, text, isEncrypted: false };
	await stores.write(
		await stores.messages.put({ ...kept, ...(archiveId === undefined ? {} : { archiveId }) }),
	);
}

it('pages back from what is here, in order, each message once, to the beginning', async () => {
	archive = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => message(n));
	await keepLocally(7);
	await keepLocally(8);
	expect(await history.older(YOU)).toMatchObject({ isComplete: false });
	expect(await texts()).toEqual([4, 5, 6, 7, 8].map((n) => `text ${n}`));
	expect(await history.older(YOU)).toMatchObject({ isComplete: true });
	expect(await texts()).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `text ${n}`));
	await history.older(YOU);
	expect(asked).toEqual(['7', '4']);
});

it('passes over what is known and what only other devices can read, and says so', async () => {
	archive = [
		message(1),
		...[2, 3, 4, 5, 6].map((n) => message(n, { encrypted: sealed })),
		message(7),
	];
	await keepLocally(7);
	expect(await history.older(YOU)).toMatchObject({ isSealed: true, isComplete: true });
	expect(await texts()).toEqual(['text 1', 'text 7']);
});

it('reads a conversation of which nothing is here', async () => {
	archive = [1, 2].map((n) => message(n));
	await history.older(YOU);
	expect(await texts()).toEqual(['text 1', 'text 2']);
});

it('keeps corrections, retractions and reactions with their messages, and nothing of other people', async () => {
	archive = [
		message(1),
		message(2, { replaces: 'id1', body: 'better' }),
		message(3, { isOwn: true, retracts: 'id1', body: 'fallback' }),
		message(4),
		message(5, { isOwn: true, reactions: { id: 'id4', emojis: ['👍'] } }),
		message(6, { peer: 'eve@c.example' }),
		message(7, { isOwn: true, retracts: 'id4' }),
	];
	await history.older(YOU);
	await history.older(YOU);
	await history.older(YOU);
	expect(await stores.messages.page(YOU, { limit: 10 })).toMatchObject([
		{ text: 'better', isCorrected: true },
		{ text: 'text 4', reactions: [{ by: ME, emojis: ['👍'] }] },
	]);
	expect(await texts()).toHaveLength(2);
});

it('shows nothing that was taken back, also if that was said long after', async () => {
	archive = [1, 2, 3, 4, 5].map((n) => message(n));
	archive.push(
		message(6, { retracts: 'id1' }),
		message(7, { replaces: 'id0', body: 'of nothing' }),
	);
	for (let page = 0; page < 3; page++) await history.older(YOU);
	expect(await texts()).toEqual(['of nothing', undefined, ...[2, 3, 4, 5].map((n) => `text ${n}`)]);
});

it('has reached its end where the archive has forgotten the place', async () => {
	archive = [message(9)];
	await keepLocally(3);
	expect(await history.older(YOU)).toMatchObject({ isComplete: true });
	expect(await texts()).toEqual(['text 3']);
});

it('is found by a timeline that reaches its start, also later if there is no connection now', async () => {
	archive = [1, 2, 3, 4].map((n) => message(n));
	const timeline = makeTimeline(stores, YOU, history);
	isOnline = false;
	await timeline.newest();
	expect(timeline.state.hasOlder).toBe(true);
	await timeline.older();
	expect(timeline.state).toMatchObject({ messages: [], hasOlder: false });
	isOnline = true;
	await timeline.newest();
	await timeline.older();
	expect(timeline.state.messages.map(({ text }) => text)).toEqual(['text 2', 'text 3', 'text 4']);
	await timeline.older();
	expect(timeline.state).toMatchObject({ hasOlder: false, isSealedBefore: false });
	expect(timeline.state.messages).toHaveLength(4);
});
