import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { previewOf } from '../../../../src/chat/model/attachment.ts';
import { emojisBy } from '../../../../src/chat/model/reactions.ts';
import { unpackJson } from '../../../../src/core/packed-json.ts';
import type { ChatRows } from '../../../../src/vault/chat-rows.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';
import type { Connection } from '../../../../src/xmpp/connection.ts';
import { Client, Server } from '../../omemo/support.ts';
import { FakeServer, ME, makePage, settledSlowly } from '../messenger-support.ts';

/**
 * The rows of two devices that wrote to each other, made by the last version that knew private chats only (1432dd1), and what
 * that version showed of them: corrections, retractions, reactions in the clear and encrypted, receipts, quotes, a file, a
 * verified device, a draft, a request, and three changes that wait to be sent. Values are as `packJson` has them.
 */
const PROFILE = JSON.parse(
	readFileSync(new URL('../../../vectors/profiles/before-groups.json', import.meta.url), 'utf8'),
);
const BOB = 'bob@a.example';

let server: FakeServer;
vi.mock('../../../../src/xmpp/connection.ts', () => ({
	makeConnection: (options: never): Connection => server.makeConnection(options),
}));
let reported: unknown[];

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
	vi.setSystemTime(1_700_000_100_000);
	reported = [];
	vi.stubGlobal('reportError', (thrown: Error) => reported.push(thrown.cause));
});
afterEach(() => vi.useRealTimers());

const unpack = (text: string) => unpackJson(new TextEncoder().encode(text));

async function fill(chat: ChatRows, rows: [string, string][]): Promise<void> {
	for (const [key, value] of rows) await chat.write([await chat.put(key, unpack(value))]);
}

it('a profile of the version before opens as it was, and goes on where it was', async () => {
	const omemoServer = new Server();
	for (const [jid, list] of PROFILE.server.lists) omemoServer.lists.set(jid, list);
	for (const [name, bundle] of PROFILE.server.bundles)
		omemoServer.bundles.set(name, unpack(bundle) as never);
	const bob = new Client(omemoServer, BOB);
	await fill(bob.vault.chat, PROFILE.bob);
	await bob.start();
	server = new FakeServer();
	server.contacts = [BOB, 'carol@a.example'].map(
		(jid) => ({ jid, name: undefined, subscription: 'both', isPending: false }) as never,
	);
	server.omemo = omemoServer.transportOf(ME);
	const vault = createMemoryVault();
	await fill(vault.chat, PROFILE.rows);

	const page = makePage(vault);
	await expect.poll(() => page.state.loaded).toBe(true);
	expect(page.state.settings).toEqual(PROFILE.settings);
	expect(page.state.conversations).toEqual(
		PROFILE.conversations.map((one: object) => ({ kind: 'direct', ...one })),
	);
	await page.chats.open(BOB);
	const messages = () => page.chats.timeline()?.state.messages ?? [];
	const view = await Promise.all(
		messages().map(async (message) => ({
			id: message.id,
			text: message.text ?? null,
			isOwn: message.isOwn,
			state: message.state ?? null,
			isRetracted: message.isRetracted ?? false,
			earlier: (message.earlier ?? []).map(({ text }) => text),
			own: emojisBy(message.reactions, ME),
			theirs: emojisBy(message.reactions, BOB),
			sealed: message.reactions?.find(({ by }) => by === BOB)?.sealed ?? [],
			media: (await page.files.idOf(message)) ?? null,
			file: message.attachment?.kind === 'file' ? message.attachment.name : null,
			linked: message.attachment?.kind === 'link' ? message.attachment.name : null,
			preview: previewOf(message),
		})),
	);
	expect(view).toEqual(
		PROFILE.view.map((one: { preview: string }) => ({
			...one,
			// That version called a photo a picture.
			preview: one.preview === 'Picture' ? 'Photo' : one.preview,
		})),
	);

	// What waited goes out, encrypted by the sessions that were there, and what comes is decrypted by them.
	for (let n = 0; n < 200 && server.line?.isUp !== true; n++) await settledSlowly();
	const pass = async () => {
		for (let n = 0; n < 4; n++) {
			await vi.advanceTimersByTimeAsync(500);
			await settledSlowly();
			server.line?.take();
		}
	};
	await pass();
	// A busy machine takes longer to encrypt than the clock of this test knows of.
	for (let n = 0; n < 50 && messages().some(({ state }) => state === 'waiting'); n++) await pass();
	const said = server.taken.filter(({ to, receiptFor }) => to === BOB && receiptFor === undefined);
	const texts = [];
	for (const { encrypted } of said)
		if (encrypted) texts.push((await bob.decrypt(ME, encrypted)).text);
	expect(texts).toEqual(['waits', 'hello, corrected offline']);
	expect(said.find(({ reactions }) => reactions)?.reactions?.emojis).toEqual(['🤷']);
	expect(messages().map(({ state }) => state)).not.toContain('waiting');
	const encrypted = await bob.encrypt(ME, 'still there?');
	server.says(BOB, 'new', { encrypted, archiveId: 'b000001' });
	await pass();
	expect(messages().at(-1)?.text).toBe('still there?');
	expect(
		(await page.devices.of(BOB)).map(({ fingerprint, trust }) => ({ fingerprint, trust })),
	).toEqual(PROFILE.devices);
	expect(reported).toEqual([]);
	await page.close();
});
