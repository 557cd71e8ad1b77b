import { createStore } from 'solid-js/store';
import { beforeEach, expect, it } from 'vitest';
import {
	type Conversations,
	createConversations,
} from '../../../src/chat/messenger/conversations.ts';
import { createMessageRows } from '../../../src/chat/messenger/message-rows.ts';
import { initialState, type MessengerState } from '../../../src/chat/messenger/messenger-state.ts';
import { createMutex } from '../../../src/core/mutex.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';

const YOU = 'you@b.example';
const EVE = 'eve@c.example';

let conversations: Conversations;
let state: MessengerState;
let displayed: string[];
let comes: (id: string, peer?: string) => Promise<void>;

beforeEach(() => {
	const rows = createMessageRows(createMemoryVault().chat, 'me@a.example');
	const serial = createMutex();
	const [store, setState] = createStore(initialState('me@a.example'));
	state = store;
	displayed = [];
	const rest = { isComplete: true, isSealed: false };
	conversations = createConversations({
		rows,
		serial,
		state,
		setState,
		history: { older: async () => rest, at: async () => rest },
		displayed: ({ id }) => displayed.push(id),
	});
	let time = 0;
	comes = (id, peer = YOU) =>
		serial(async () => {
			time += 1;
			const key = await rows.keyFor(peer, time);
			const message = { key, peer, isOwn: false, id, time, text: id, isEncrypted: true };
			await conversations.keep(message, true);
		});
});

const unread = (peer = YOU) => conversations.find(peer)?.unread;

it('what comes is read once the end of its conversation is in sight, and the last of it is told of', async () => {
	await comes('a');
	await comes('b');
	await conversations.open(YOU);
	expect([unread(), displayed]).toEqual([2, []]);
	await conversations.setAtEnd(true);
	expect([unread(), displayed]).toEqual([0, ['b']]);
	await comes('c');
	expect([unread(), displayed]).toEqual([0, ['b', 'c']]);
});

it('what comes while somebody reads further up is not read until they are back', async () => {
	await conversations.open(YOU);
	await conversations.setAtEnd(true);
	await conversations.setAtEnd(false);
	await comes('a');
	await comes('b');
	expect([unread(), displayed]).toEqual([2, []]);
	await conversations.setVisible(false);
	await conversations.setVisible(true);
	expect([unread(), displayed]).toEqual([2, []]);
	await conversations.setAtEnd(true);
	expect([unread(), displayed]).toEqual([0, ['b']]);
});

it('nothing is read while nobody looks at the page', async () => {
	await conversations.open(YOU);
	await conversations.setVisible(false);
	await conversations.setAtEnd(true);
	await comes('a');
	expect([unread(), displayed]).toEqual([1, []]);
	await conversations.setVisible(true);
	expect([unread(), displayed]).toEqual([0, ['a']]);
});

it('the end of one conversation is not that of the next', async () => {
	await conversations.open(YOU);
	await conversations.setAtEnd(true);
	await comes('a', EVE);
	await conversations.open(EVE);
	expect([unread(EVE), displayed]).toEqual([1, []]);
	await conversations.open(undefined);
	await conversations.setAtEnd(true);
	expect([unread(EVE), displayed]).toEqual([1, []]);
});

it('somebody who looks away at once has read nothing', async () => {
	await comes('a');
	await conversations.open(YOU);
	await Promise.all([conversations.setAtEnd(true), conversations.setAtEnd(false)]);
	expect([unread(), displayed]).toEqual([1, []]);
});
