import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Messenger, makeMessenger } from '../../../../src/chat/account/messenger.ts';
import { makeStores } from '../../../../src/chat/messages/stores.ts';
import { MediaError } from '../../../../src/core/errors.ts';
import type { ChatWrite } from '../../../../src/vault/chat-rows.ts';
import { createMemoryVault, type Vault } from '../../../../src/vault/vault.ts';
import type { Connection } from '../../../../src/xmpp/connection.ts';
import type { IncomingMessage } from '../../../../src/xmpp/message.ts';
import { Client, Server } from '../../omemo/support.ts';
import { FakeServer, gatedVault, ME, makePage, settledSlowly } from '../messenger-support.ts';

const BOB = 'bob@a.example';
/** More than a page of the archive. */
const MESSAGES = 120;

let server: FakeServer;
let memory: Vault;
let page: Messenger;
let bob: Client;
let reported: unknown[];

vi.mock('../../../../src/xmpp/connection.ts', () => ({
	makeConnection: (options: never): Connection => server.makeConnection(options),
}));

beforeEach(async () => {
	reported = [];
	vi.stubGlobal('reportError', (thrown: Error) => reported.push(thrown.cause));
	server = new FakeServer();
	server.contacts = [
		{ jid: BOB, name: undefined, subscription: 'both', isPending: false } as never,
	];
	const omemo = new Server();
	bob = await new Client(omemo, BOB).start();
	server.omemo = omemo.transportOf(ME);
	memory = createMemoryVault();
	page = makePage(memory);
	await caughtUp();
	await page.close();
});
afterEach(async () => {
	await page.close();
	expect(reported).toEqual([]);
});

async function caughtUp(): Promise<void> {
	await vi.waitFor(
		async () => {
			await settledSlowly();
			expect([page.state.connection, page.state.catchingUp]).toEqual(['online', false]);
		},
		{ timeout: 15_000, interval: 5 },
	);
	await settledSlowly();
}

/** Bob has written while nobody was there: encrypted, and now and then in the clear. */
async function says(count: number, from = 0): Promise<void> {
	for (let n = from; n < from + count; n++)
		if (n % 10 === 9) server.says(BOB, `id${n}`, { body: `${n}`, isDelayed: true });
		else
			await bob.omemo.encrypt(ME, `${n}`, async (encrypted, writes) => {
				await bob.vault.chat.write(writes);
				server.says(BOB, `id${n}`, { encrypted, isDelayed: true });
			});
}

const kept = async () =>
	(await makeStores(memory.chat, ME).messages.page(BOB, { limit: 10_000 })).map(
		({ text, problem }) => problem ?? text,
	);
const numbers = (count: number) => Array.from({ length: count }, (_, n) => `${n}`);
/** The message that was sent. */
const said = () => server.line?.underway.find(({ encrypted }) => encrypted?.payload !== undefined);
const position = () => makeStores(memory.chat, ME).archive.position();

/** The vault as a page has it that is killed after so many writes: nothing that it asks for has an answer then. */
function killedAfter(count: number): { vault: Vault; writes: () => number } {
	let writes = 0;
	const gate = async (kind: 'read' | 'write') => {
		if (kind === 'write') writes += 1;
		if (writes > count) await new Promise(() => undefined);
	};
	return { vault: gatedVault(memory, gate), writes: () => writes };
}

it('a page that is killed at any write loses nothing, and nothing comes twice', async () => {
	await says(MESSAGES);
	for (let count = 0; ; count++) {
		const { vault, writes } = killedAfter(count);
		page = makePage(vault);
		await vi.waitFor(async () => {
			await settledSlowly();
			const { connection, catchingUp } = page.state;
			expect(writes() > count || (connection === 'online' && !catchingUp)).toBe(true);
		});
		await settledSlowly();
		const before = await kept();
		expect(before).toEqual(numbers(before.length));
		// The position is never past what is on the disk.
		const at = Number((await position())?.slice(1) ?? 0);
		expect(at).toBeLessThanOrEqual(before.length);
		if (writes() > count) continue;
		expect(count).toBeGreaterThan(3);
		break;
	}
	await page.close();
	page = makePage(memory);
	await caughtUp();
	expect(await kept()).toEqual(numbers(MESSAGES));
	expect(page.state.conversations[0]).toMatchObject({ unread: MESSAGES });
}, 60_000);

it('a page of the archive goes to the disk in a few writes, and nothing is shown before', async () => {
	await says(MESSAGES);
	const writes: number[] = [];
	let isFull = false;
	page = makePage({
		...memory,
		chat: {
			...memory.chat,
			async write(changes: readonly ChatWrite[], durability) {
				if (isFull) throw new MediaError('storage-full');
				await memory.chat.write(changes, durability);
				writes.push(changes.length);
			},
		},
	});
	server.archiveGate = async () => {
		isFull = true;
	};
	await page.chats.open(BOB);
	await vi.waitFor(() => expect(page.state.storage).toBe('full'), { timeout: 5000 });
	await settledSlowly();
	expect(await kept()).toEqual([]);
	expect(page.chats.timeline()?.state.messages).toEqual([]);
	expect(page.state.conversations).toEqual([]);
	expect(server.line?.underway.filter(({ receiptFor }) => receiptFor)).toEqual([]);
	server.archiveGate = async () => undefined;
	isFull = false;
	writes.length = 0;
	await caughtUp();
	expect(page.state.storage).toBe('ok');
	expect(await kept()).toEqual(numbers(MESSAGES));
	expect(page.chats.timeline()?.state.messages).toHaveLength(MESSAGES);
	expect(page.state.conversations[0]).toMatchObject({ lastText: '119', unread: MESSAGES });
	expect(writes.length).toBeLessThan(12);
	expect(server.line?.underway.filter(({ receiptFor }) => receiptFor)).toHaveLength(MESSAGES);
}, 30_000);

it('what is looked up of a page is read at once', async () => {
	await says(MESSAGES);
	let reads = 0;
	page = makePage(gatedVault(memory, (kind) => void (kind === 'read' && reads++)));
	await caughtUp();
	expect(await kept()).toEqual(numbers(MESSAGES));
	// One by one it is six for each message.
	expect(reads).toBeLessThan(MESSAGES);
}, 30_000);

it('what is sent meanwhile goes out, with the same session, and takes what came along to the disk', async () => {
	await says(60);
	// The first page is in, the second one is not: its answer waits.
	let open: () => void = () => undefined;
	let pages = 0;
	server.archiveGate = async () => {
		pages += 1;
		if (pages === 2)
			await new Promise<void>((resolve) => {
				open = resolve;
			});
	};
	page = makePage(memory);
	await vi.waitFor(() => expect(pages).toBe(2), { timeout: 5000 });
	await settledSlowly();
	await page.messages.send(BOB, 'hello');
	open();
	await caughtUp();
	await vi.waitFor(() => expect(said()).toBeDefined(), { timeout: 5000 });
	let heard: string | undefined;
	await bob.omemo.decrypt(ME, said()?.encrypted ?? expect.fail(), async ({ text }, writes) => {
		await bob.vault.chat.write(writes);
		heard = text;
	});
	expect(heard).toBe('hello');
	await page.close();
	page = makePage(memory);
	await says(3, 60);
	await caughtUp();
	expect((await kept()).filter((text) => text !== 'hello')).toEqual(numbers(63));
}, 30_000);

it('messages that cannot be decrypted, or name nothing, do not stop their page', async () => {
	await says(5);
	const bad: Partial<IncomingMessage>[] = [
		{ encrypted: { sid: 1, iv: new Uint8Array(0), keys: [], payload: new Uint8Array(3) } },
		{ encrypted: { sid: 7, iv: new Uint8Array(12), keys: [] } },
		{ body: 'x', replaces: 'nothing', replyTo: 'nobody' },
		{ reactions: { id: 'nothing', emojis: ['👍'] } },
	];
	for (const given of bad) server.says(BOB, `bad${bad.indexOf(given)}`, given);
	await says(5, 5);
	page = makePage(memory);
	await caughtUp();
	const texts = await kept();
	expect(texts.filter((text) => numbers(10).includes(text ?? ''))).toEqual(numbers(10));
	expect(await position()).toBe(server.archive.at(-1)?.archiveId);
}, 30_000);

it('a page whose account another one has taken writes nothing any more, and says so', async () => {
	await says(60);
	// Frozen in the middle of the archive, and thawed when another page has been at work.
	let thaw: () => void = () => undefined;
	let isFrozen = false;
	const frozen = gatedVault(memory, async (kind) => {
		if (kind !== 'write' || !isFrozen) return;
		await new Promise<void>((resolve) => {
			thaw = resolve;
		});
	});
	const taken = vi.fn();
	const credentials = { account: ME, password: 'secret', url: 'wss://a.example/' };
	server.archiveGate = async () => {
		isFrozen = true;
	};
	const first = makeMessenger(frozen, credentials, {
		...{ online: () => undefined, refused: () => undefined },
		superseded: taken,
	});
	await vi.waitFor(() => expect(server.asked).toContain('archive'));
	await settledSlowly();
	server.archiveGate = async () => undefined;
	page = makePage(memory);
	await caughtUp();
	await page.messages.send(BOB, 'hello');
	await vi.waitFor(() => expect(said()).toBeDefined(), { timeout: 5000 });
	// What tells bob's device that its beginning was read is the last that this page writes.
	const isHealed = () =>
		server.line?.underway.some(({ encrypted }) => encrypted && encrypted.payload === undefined);
	await vi.waitFor(() => expect(isHealed()).toBe(true), { timeout: 15_000 });
	await settledSlowly();
	const sessions = () => memory.chat.page(`omemo\n${ME}\nsession\n${BOB}`, { limit: 9 });
	const before = await sessions();
	expect(before).toHaveLength(1);
	isFrozen = false;
	thaw();
	await vi.waitFor(() => expect(taken).toHaveBeenCalledOnce());
	await first.close();
	expect(await sessions()).toEqual(before);
	expect((await kept()).filter((text) => text !== 'hello')).toEqual(numbers(60));
}, 30_000);
