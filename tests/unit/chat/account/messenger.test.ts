import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Messenger } from '../../../../src/chat/account/messenger.ts';
import { makeStores } from '../../../../src/chat/messages/stores.ts';
import { MediaError } from '../../../../src/core/errors.ts';
import { createMemoryVault, type Vault } from '../../../../src/vault/vault.ts';
import type { Connection } from '../../../../src/xmpp/connection.ts';
import { XmppError } from '../../../../src/xmpp/xmpp-error.ts';
import {
	FakeServer,
	gatedVault,
	ME,
	makePage,
	pass,
	settled,
	settledSlowly,
} from '../messenger-support.ts';

const BOB = 'bob@a.example';
let server: FakeServer;
let vault: Vault;
let page: Messenger;
let isFull: boolean;
let reported: unknown[];

vi.mock('../../../../src/xmpp/connection.ts', () => ({
	makeConnection: (options: never): Connection => server.makeConnection(options),
}));

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	server = new FakeServer();
	server.contacts = [
		{ jid: BOB, name: undefined, subscription: 'both', isPending: false } as never,
	];
	const memory = createMemoryVault();
	isFull = false;
	vault = gatedVault(memory, (kind) => {
		if (isFull && kind === 'write') throw new MediaError('storage-full');
	});
	vi.stubGlobal('reportError', (thrown: unknown) => reported.push(thrown));
	reported = [];
	page = makePage(vault);
});
afterEach(async () => {
	await page.close();
	vi.useRealTimers();
});
const line = () => {
	if (server.line === undefined) throw new Error('no line');
	return server.line;
};
const texts = async () =>
	(await makeStores(vault.chat, ME).messages.page(BOB, { limit: 100_000 })).map(({ text }) => text);
const numbers = (count: number) => Array.from({ length: count }, (_, n) => `${n}`);

/** The first session has begun. */
async function online(): Promise<void> {
	while (server.line?.isUp !== true || !server.asked.includes('archive') || page.state.catchingUp)
		await settledSlowly();
	await settledSlowly();
}

it('more than can wait in memory, and a page that is killed while the archive is read', async () => {
	await online();
	isFull = true;
	for (let n = 0; n < 2300; n++) server.says(BOB, `m${n}`, { body: `${n}` });
	await settled();
	server.archiveGate = () => new Promise(() => undefined);
	isFull = false;
	await pass(120_000);
	server.says(BOB, 'last', { body: '2300' });
	await pass(10_000);
	await page.close();
	server.archiveGate = async () => undefined;
	page = makePage(vault);
	await pass(60_000);
	expect(await texts()).toEqual(numbers(2301));
}, 60_000);

it('more than can wait in memory, and an archive that fails once', async () => {
	await online();
	isFull = true;
	for (let n = 0; n < 2300; n++) server.says(BOB, `m${n}`, { body: `${n}` });
	await settled();
	let tries = 0;
	server.archiveGate = async () => {
		tries += 1;
		if (tries === 1) throw new XmppError('timeout');
	};
	isFull = false;
	await pass(120_000);
	server.says(BOB, 'last', { body: '2300' });
	await pass(10_000);
	expect(await texts()).toEqual(numbers(2301));
}, 60_000);

it('an upload service that was silent once is asked for again', async () => {
	let tries = 0;
	server.upload = async () => {
		tries += 1;
		if (tries === 1) throw new XmppError('timeout');
		return { jid: 'upload.a.example' };
	};
	await online();
	await pass(120_000);
	expect(page.state.upload).toEqual({ jid: 'upload.a.example' });
});

it('an archive that is busy once is asked for again', async () => {
	server.says(BOB, '1', { body: 'before' });
	await online();
	line().end('line', false);
	server.says(BOB, '2', { body: 'away' });
	let tries = 0;
	server.archiveGate = async () => {
		tries += 1;
		if (tries === 1)
			throw new XmppError('refused', { condition: 'resource-constraint', type: 'wait' });
	};
	line().begin();
	await pass(120_000);
	expect(await texts()).toEqual(['before', 'away']);
});

it('a resumed session sends again what it has, and the outbox does not as well', async () => {
	await page.chats.setPlaintext(BOB, true);
	server.archiveGate = () => new Promise(() => undefined);
	await pass(16_000);
	await page.messages.send(BOB, 'hello');
	await settled();
	expect(line().underway.filter(({ body }) => body === 'hello')).toHaveLength(1);
	line().end('line', true);
	server.archiveGate = async () => undefined;
	line().begin();
	await pass(20_000);
	expect(line().underway.filter(({ body }) => body === 'hello')).toHaveLength(1);
});

it('a session that ends before anything was sent in it blames no message', async () => {
	await online();
	await page.chats.setPlaintext(BOB, true);
	await page.messages.send(BOB, 'hello');
	await settled();
	line().end('line', false);
	server.archiveGate = () => new Promise(() => undefined);
	for (let n = 0; n < 4; n++) {
		line().begin();
		await pass(2000);
		line().end('server', false);
	}
	server.archiveGate = async () => undefined;
	line().begin();
	await pass(20_000);
	line().take();
	await settledSlowly();
	expect(server.taken.map(({ body }) => body)).toContain('hello');
	const [message] = await makeStores(vault.chat, ME).messages.page(BOB, { limit: 1 });
	expect(message?.state).toBe('sent');
});

it('an archive too long for one reading is read on later, whatever comes live meanwhile', async () => {
	await online();
	const stores = makeStores(vault.chat, ME);
	const { fetch } = line().connection.archive;
	let pages = 0;
	/** It gives one message a page, and has more than are read in one go. */
	line().connection.archive.fetch = async (query) => {
		pages += 1;
		if (pages > 2100) return fetch(query);
		const last = `a000000-${String(pages).padStart(6, '0')}`;
		return { messages: [], complete: false, first: last, last };
	};
	line().end('line', false);
	server.says(BOB, 'away', { body: 'away' });
	line().begin();
	while (pages < 2000) await settledSlowly();
	await settledSlowly();
	server.says(BOB, 'live', { body: 'live' });
	await settledSlowly();
	expect(await stores.archive.position()).toBe('a000000-002000');
	await pass(120_000);
	expect((await texts()).toSorted()).toEqual(['away', 'live']);
});

it('what an archive did not give yet is not taken for old: it is new once it is there', async () => {
	await online();
	await page.chats.setPlaintext(BOB, true);
	await page.messages.send(BOB, 'hello');
	await settledSlowly();
	line().take();
	line().end('line', false);
	server.says(BOB, 'away', { body: 'away' });
	let asked = 0;
	server.archiveGate = async () => {
		asked += 1;
		// Neither a large page nor a small one.
		if (asked <= 2) throw new XmppError('timeout');
	};
	line().begin();
	while (asked < 2) await settledSlowly();
	await settledSlowly();
	await page.chats.open(BOB);
	await page.chats.timeline()?.older();
	expect(await texts()).toEqual(['hello']);
	await pass(70_000);
	expect(await texts()).toEqual(['hello', 'away']);
	expect(page.state.conversations.map(({ unread }) => unread)).toEqual([1]);
});

it('who was just accepted learns what came and was read, before the roster says that they are a contact', async () => {
	await online();
	const eve = 'eve@a.example';
	line().asksToBeContact(eve);
	page.people.answerRequest(eve, true);
	await page.chats.open(eve);
	page.setVisible(true);
	page.chats.setAtEnd(true);
	server.says(eve, 'm1', { body: 'thanks!', isMarkable: true });
	await settledSlowly();
	line().take();
	expect(page.state.conversations.find(({ peer }) => peer === eve)?.isRequest).toBeUndefined();
	expect(server.taken).toMatchObject([
		{ to: eve, displayedId: 'm1' },
		{ to: eve, receiptFor: 'm1' },
	]);
});

it.each(['removed', 'blocked', 'not in the roster of the next session'])(
	'who was just accepted and is %s is nobody again, though the roster never said a word',
	async (fate) => {
		await online();
		const eve = 'eve@a.example';
		line().asksToBeContact(eve);
		page.people.answerRequest(eve, true);
		server.says(eve, 'm1', { body: 'thanks!' });
		await settledSlowly();
		line().take();
		expect(server.taken).toMatchObject([{ to: eve, receiptFor: 'm1' }]);
		if (fate === 'removed') await page.chats.remove(eve);
		else if (fate === 'blocked') await page.people.setBlocked(eve, true).catch(() => undefined);
		else {
			line().end('line', false);
			line().begin();
			await online();
		}
		server.says(eve, 'm2', { body: 'still there?' });
		await settledSlowly();
		line().take();
		expect(server.taken.filter(({ receiptFor }) => receiptFor === 'm2')).toEqual([]);
	},
);
