import { createStore } from 'solid-js/store';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
	type Conversations,
	createConversations,
} from '../../../../src/chat/messages/conversations.ts';
import { interpret } from '../../../../src/chat/messages/interpret.ts';
import { makeStores, type Stores } from '../../../../src/chat/messages/stores.ts';
import { withoutContent } from '../../../../src/chat/model/changed-message.ts';
import { blank, blankGroup } from '../../../../src/chat/model/conversation.ts';
import type { Message } from '../../../../src/chat/model/message.ts';
import { initialState, type MessengerState } from '../../../../src/chat/model/messenger-state.ts';
import { accountSender } from '../../../../src/chat/model/sender.ts';
import { createMutex } from '../../../../src/core/async/mutex.ts';
import { bufferedRows, type WriteBuffer } from '../../../../src/vault/buffered-rows.ts';
import type { ChatRows } from '../../../../src/vault/chat-rows.ts';
import type { Durability } from '../../../../src/vault/table.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';

const ME = 'me@a.example';
const YOU = 'you@b.example';
const EVE = 'eve@c.example';

let conversations: Conversations;
let state: MessengerState;
let displayed: string[];
let contacts: Set<string>;
let accepted: string[];
let gone: string[];
let clock: number;
let rows: ChatRows;
let disk: ChatRows;
let buffer: WriteBuffer;
let stores: Stores;
let comes: (id: string, peer?: string, durability?: Durability) => Promise<void>;
let says: (text: string, time: number, peer?: string, isOwn?: boolean) => Promise<Message>;

beforeEach(() => {
	disk = createMemoryVault().chat;
	const buffered = bufferedRows(disk);
	rows = buffered;
	buffer = buffered;
	stores = makeStores(rows, ME);
	const serial = createMutex();
	const [store, setState] = createStore(initialState('me@a.example'));
	state = store;
	displayed = [];
	accepted = [];
	gone = [];
	contacts = new Set([YOU, EVE]);
	clock = 1_000_000;
	const rest = { isComplete: true, isSealed: false };
	conversations = createConversations({
		stores,
		serial,
		setState,
		history: { older: async () => rest, at: async () => rest },
		isContact: (peer) => contacts.has(peer),
		now: () => clock,
		displayed: ({ id }) => displayed.push(id),
		accepted: (peer) => accepted.push(peer),
		contentGone: async ({ key }) => void gone.push(key),
	});
	let time = 0;
	says = (text, at, peer = YOU, isOwn = false) =>
		serial(async () => {
			const key = await stores.messages.keyFor(peer, at);
			const sender = accountSender(isOwn ? ME : peer);
			const said = { sender, time: at, text, isEncrypted: true };
			const message = interpret({ key, peer, isOwn, id: key, ...said });
			await conversations.keep(message, true);
			return message;
		});
	comes = (id, peer = YOU, durability = 'strict') =>
		serial(async () => {
			time += 1;
			const key = await stores.messages.keyFor(peer, time);
			const said = { time, text: id, isEncrypted: true };
			const message = { key, peer, sender: accountSender(peer), isOwn: false, id, ...said };
			await conversations.keep(message, true, [], durability);
		});
});

const unread = (peer = YOU) => conversations.find(peer)?.unread;

it('a clock that was ahead for a while freezes neither preview nor time nor order', async () => {
	clock = 5_000_000;
	await says('from the future', 5_000_000);
	clock = 1_000_000;
	await says('now', 1_000_000);
	expect(conversations.find(YOU)).toMatchObject({ lastText: 'now', lastTime: 1_000_000 });
	clock += 1;
	await says('later', clock, EVE);
	expect(state.conversations.map(({ peer }) => peer)).toEqual([EVE, YOU]);
});

it('a conversation that was in the future before there was anything against that comes back', async () => {
	await stores.write([
		await stores.conversations.put({ ...blank(YOU), lastTime: 9_000_000, lastText: 'frozen' }),
	]);
	await conversations.load();
	clock += 10;
	await says('hello', clock, EVE);
	expect(state.conversations.map(({ peer }) => peer)).toEqual([EVE, YOU]);
	await says('thawed', clock);
	expect(conversations.find(YOU)).toMatchObject({ lastText: 'thawed', lastTime: clock });
});

it('a change of an older message leaves the preview, that of the last one changes it', async () => {
	const first = await says('first', 1);
	const last = await says('last', 2);
	await conversations.keep({ ...first, text: 'first, corrected' }, false);
	expect(conversations.find(YOU)?.lastText).toBe('last');
	await conversations.keep({ ...last, text: 'last, corrected' }, false);
	expect(conversations.find(YOU)?.lastText).toBe('last, corrected');
});

it('a conversation of a version before groups is a private one', async () => {
	const { kind: _, ...row } = blank(YOU);
	const key = ['conversation', ME, YOU, ''].join('\n');
	await rows.write([await rows.put(key, { ...row, draft: 'not yet' })]);
	await conversations.load();
	expect(conversations.find(YOU)).toEqual({ ...blank(YOU), draft: 'not yet' });
});

it('what somebody says in a group is no request, and the list says who it was', async () => {
	const ROOM = 'room@muc.example';
	const sender = { kind: 'occupant', id: 'o1', nick: 'Ben' } as const;
	const fields = { key: `message\n${ME}\n${ROOM}\n1`, peer: ROOM, sender, isOwn: false, id: '1' };
	await conversations.keep({ ...fields, time: 1, text: 'hello', isEncrypted: true }, true);
	const said = { lastText: 'hello', lastTime: 1, lastSender: sender, unread: 1 };
	const kept = { ...blankGroup(ROOM), ...said };
	expect(conversations.find(ROOM)).toMatchObject(kept);
	expect(conversations.find(ROOM)).not.toHaveProperty('isRequest');
	await conversations.load();
	expect(conversations.find(ROOM)).toMatchObject(kept);
});

describe('somebody unknown', () => {
	const FRED = 'fred@d.example';

	it('is a request until we know them or answer', async () => {
		await says('hello', 1, FRED);
		expect(conversations.find(FRED)?.isRequest).toBe(true);
		await conversations.open(FRED);
		await conversations.setAtEnd(true);
		await says('are you there?', 2, FRED);
		// Nothing tells them that somebody is.
		expect(displayed).toEqual([]);
		await conversations.accept(FRED);
		expect(conversations.find(FRED)).not.toHaveProperty('isRequest');
		await says('one', 1, 'greta@d.example');
		await says('an answer', 2, 'greta@d.example', true);
		expect(conversations.find('greta@d.example')).not.toHaveProperty('isRequest');
	});

	it('is accepted by word or by an answer from here, and once', async () => {
		await says('hello', 1, FRED);
		await conversations.accept(FRED);
		await conversations.accept(FRED);
		expect(accepted).toEqual([FRED]);
		const greta = 'greta@d.example';
		const question = await says('one', 1, greta);
		expect(accepted).toEqual([FRED]);
		const answer = {
			...question,
			key: await stores.messages.keyFor(greta, 2),
			sender: accountSender(ME),
			isOwn: true,
			text: 'two',
		};
		await conversations.keep({ ...answer, state: 'waiting' }, true);
		await conversations.keep({ ...answer, state: 'sent' }, false);
		expect(accepted).toEqual([FRED, greta]);
	});

	it('its last message says how far it has come', async () => {
		const message = await says('hello', 1, YOU, true);
		await conversations.keep({ ...message, state: 'failed' }, false);
		expect(conversations.find(YOU)?.lastDelivery).toBe('failed');
		await conversations.keep({ ...message, state: 'sent' }, false);
		expect(conversations.find(YOU)?.lastDelivery).toBe('sent');
		await conversations.drop(message);
		expect(conversations.find(YOU)).not.toHaveProperty('lastDelivery');
	});

	it('is none where we talked before there were requests', async () => {
		await stores.write([await stores.conversations.put({ ...blank(FRED), lastTime: 1 })]);
		await conversations.load();
		await says('hello', 2, FRED);
		expect(conversations.find(FRED)).not.toHaveProperty('isRequest');
	});

	it('takes only so much room: of one server, and of all', async () => {
		for (let n = 0; n < 300; n++) {
			const peer = `s${n}@flood.example`;
			if (conversations.takes(peer, true)) await says('spam', n, peer);
		}
		expect(state.conversations).toHaveLength(50);
		for (let n = 0; n < 300; n++) {
			const peer = `s@flood${n}.example`;
			if (conversations.takes(peer, true)) await says('spam', n, peer);
		}
		expect(state.conversations).toHaveLength(200);
		expect(conversations.takes('s1@flood.example', true)).toBe(true);
		expect(conversations.takes('other@flood.example', true)).toBe(false);
		expect(conversations.takes(YOU, true)).toBe(true);
		expect(conversations.takes('nobody@elsewhere.example', false)).toBe(false);
		await conversations.remove('s1@flood.example');
		expect(await stores.messages.page('s1@flood.example', { limit: 10 })).toEqual([]);
		expect(conversations.takes('other@flood.example', true)).toBe(true);
	});

	it('is told of when there is no room for more, until there is', async () => {
		const fill = async (count: number, address: (n: number) => string) => {
			for (let n = 0; n < count; n++) await says('spam', n, address(n));
		};
		await fill(49, (n) => `s${n}@flood.example`);
		expect(state.requestsFull).toBe(false);
		await says('spam', 49, 's49@flood.example');
		expect(state.requestsFull).toBe(true);
		await conversations.accept('s3@flood.example');
		expect(state.requestsFull).toBe(false);
		await fill(150, (n) => `s@flood${n}.example`);
		expect(state.requestsFull).toBe(false);
		await says('spam', 200, 's@other.example');
		expect(state.requestsFull).toBe(true);
		await conversations.remove('s@other.example');
		expect(state.requestsFull).toBe(false);
	});
});

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

it('what comes is not read by who has looked away before it could be shown', async () => {
	await conversations.open(YOU);
	await conversations.setAtEnd(true);
	const release = buffer.hold();
	await comes('a', YOU, 'relaxed');
	await comes('b', YOU, 'relaxed');
	expect(conversations.timeline()?.state.messages).toEqual([]);
	await conversations.setVisible(false);
	release();
	await buffer.flush();
	await vi.waitFor(() => expect([unread(), displayed]).toEqual([2, []]));
	expect(conversations.timeline()?.state.messages).toHaveLength(2);
	await conversations.setVisible(true);
	expect([unread(), displayed]).toEqual([0, ['b']]);
});

it('what is read stays read when older changes of the list come to the disk', async () => {
	await comes('a');
	buffer.hold();
	await comes('b', YOU, 'relaxed');
	await conversations.open(YOU);
	await conversations.setAtEnd(true);
	expect([unread(), state.conversations.map((one) => one.unread)]).toEqual([0, [0]]);
});

it('a chat that was removed while its messages waited to be shown is gone', async () => {
	await conversations.open(YOU);
	await conversations.setAtEnd(true);
	buffer.hold();
	await comes('a', YOU, 'relaxed');
	await conversations.open(undefined);
	await conversations.remove(YOU);
	await conversations.change(EVE, (before) => before);
	expect(conversations.find(YOU)).toBeUndefined();
	expect(state.conversations.map(({ peer }) => peer)).toEqual([EVE]);
});

it('an unread message that is taken back counts no more, once, and no other does', async () => {
	const [a, b] = [await says('a', 1), await says('b', 2)];
	await says('mine', 3, YOU, true);
	const c = await says('c', 4);
	const takeBack = (message: Message) => conversations.keep(withoutContent(message), false);
	await conversations.open(YOU);
	await conversations.setAtEnd(true);
	await conversations.setAtEnd(false);
	const d = await says('d', 5);
	const e = await says('e', 6);
	expect(unread()).toBe(2);
	await takeBack(c);
	expect(unread()).toBe(2);
	await takeBack(d);
	await takeBack(d);
	expect(unread()).toBe(1);
	await takeBack(b);
	await takeBack(a);
	expect(unread()).toBe(1);
	await takeBack(e);
	expect([unread(), displayed]).toEqual([0, [c.id]]);
});

it('what comes at once is told of once', async () => {
	await conversations.open(YOU);
	await conversations.setAtEnd(true);
	buffer.hold();
	for (const id of ['a', 'b', 'c']) await comes(id, YOU, 'relaxed');
	expect(displayed).toEqual([]);
	await buffer.flush();
	expect([unread(), displayed]).toEqual([0, ['c']]);
});

it('a chat that was removed does not come back with the archive', async () => {
	buffer.hold();
	const archived = await stores.archive.putArchived('a1');
	await stores.write([archived], 'relaxed');
	await comes('a', YOU, 'relaxed');
	await conversations.remove(YOU);
	expect(await disk.has([archived.key])).toEqual([true]);
	expect((await disk.page('', { limit: 99 })).map(({ key }) => key)).toEqual([archived.key]);
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

it('what a message was opened as goes with its content, whether it is drawn or not', async () => {
	const message = await says('a file', 1);
	expect(gone).toEqual([]);
	await conversations.keep(withoutContent(message), false);
	expect(gone).toEqual([message.key]);
});
