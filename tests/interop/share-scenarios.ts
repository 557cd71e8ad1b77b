import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../src/chat/model/message.ts';
import { createPeopleStore } from '../../src/chat/people/people-store.ts';
import { parseMediaMessage } from '../../src/core/links/media-message.ts';
import { ShareError } from '../../src/core/share-error.ts';
import { downloadInPage } from '../../src/media/download-whole.ts';
import { LINKS } from '../../src/vault/media-record.ts';
import { createMemoryVault } from '../../src/vault/vault.ts';
import type { XmppAccount, XmppServer } from '../../tools/xmpp-server.ts';
import { Person, until } from './person.ts';
import { nodePut } from './put.ts';

// Node has none.
(globalThis as { reportError?: unknown }).reportError = (error: Error) =>
	console.error(error, error.cause);

/** Starts a server of some kind over the data in a folder. */
type Start = (options: { folder: string; accounts: readonly XmppAccount[] }) => Promise<XmppServer>;

/** What sharing does on any server. */
export function shareScenarios(name: string, start: Start): void {
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
	let server: XmppServer;
	let alice: Person;
	let bob: Person;

	beforeAll(async () => {
		const accounts = ['alice', 'bob'].map((user) => ({ user, password: user }));
		server = await start({ folder, accounts });
		alice = await new Person(server, 'alice').signIn();
		bob = await new Person(server, 'bob').signIn();
		await alice.messenger.people.addContact(bob.jid);
		await until('request', () => bob.messenger.state.requests.includes(alice.jid));
		bob.messenger.people.answerRequest(alice.jid, true);
	}, 60_000);

	afterAll(async () => {
		await alice?.messenger.close();
		await bob?.messenger.close();
		await server?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	const file = (bytes: Buffer, name: string) => ({ blob: new Blob([new Uint8Array(bytes)]), name });

	/** What Bob has been sent of files, in order: addresses, and what lies there. */
	async function filesOf(person: Person, from: Person) {
		const messages = await person.allMessages(from);
		const said = messages.filter(
			(message) => !message.isOwn && parseMediaMessage(message.text ?? ''),
		);
		return Promise.all(
			said.map(async ({ text = '' }) => {
				const uri = parseMediaMessage(text)?.uri;
				if (uri === undefined) throw new Error('no file');
				const record = await createMemoryVault().media.add(uri, LINKS);
				const { signal } = new AbortController();
				const blob = await downloadInPage(record, { signal, onProgress: () => undefined });
				return { url: uri.url, bytes: Buffer.from(await blob.arrayBuffer()) };
			}),
		);
	}

	async function received(count: number): Promise<Awaited<ReturnType<typeof filesOf>>> {
		await until(`${count} files`, async () => {
			const messages = await bob.allMessages(alice);
			return messages.filter(({ text = '' }) => parseMediaMessage(text)).length >= count;
		});
		return filesOf(bob, alice);
	}

	describe(`sharing files through a real ${name}`, () => {
		it('sends what was meant, under a name that tells only its kind, and shows it from here', async () => {
			const bytes = randomBytes(700_000);
			await alice.messenger.files.share(bob.jid, [file(bytes, 'Our house.JPG')], 'our house');
			const [one] = await received(1);
			expect(one?.bytes.equals(bytes)).toBe(true);
			expect(one?.url.pathname).toMatch(/\/[0-9a-f]{24}\.jpg$/);
			await bob.received(alice, 'our house');
			const [said] = await alice.allMessages(bob);
			expect(said?.share).toBeUndefined();
			const id = said && (await alice.messenger.files.idOf(said));
			const record = await alice.vault.media.get(id ?? '');
			expect(record).toMatchObject({ name: 'Our house.JPG', verdict: 'verified' });
			expect(record?.url).toBe(one?.url.href);
			expect(alice.messenger.state.shares).toEqual({});
		});

		it('takes a new slot after bytes have left, encrypts nothing twice, and says it once, in order', async () => {
			const before = (await filesOf(bob, alice)).length;
			let fails = 3;
			const puts: string[] = [];
			const put = nodePut();
			alice.put = async (target, body, options) => {
				puts.push(target.put.href);
				const first = Buffer.from(await body.slice(0, 16).arrayBuffer()).toString('hex');
				puts.push(first);
				options.onProgress(1);
				if (fails-- > 0) throw new ShareError('network');
				await put(target, body, options);
			};
			await alice.messenger.close();
			await alice.signIn();
			const all = Array.from({ length: 4 }, (_, index) => randomBytes(300_000 * index + 1));
			const files = all.map((bytes, index) => file(bytes, `${index}.bin`));
			await alice.messenger.files.share(bob.jid, files);
			const got = (await received(before + 4)).slice(before);
			expect(got.map(({ bytes }) => bytes.length)).toEqual(all.map(({ length }) => length));
			expect(got.every(({ bytes }, index) => bytes.equals(all[index] ?? bytes))).toBe(true);
			expect(puts).toHaveLength(14);
			const slots = puts.filter((one) => one.includes('://'));
			expect(new Set(slots).size).toBe(7);
			// The first was tried four times, and was the same each time.
			expect(new Set(puts).size).toBe(7 + 4);
		});

		it('goes on after the app was closed in mid-upload', async () => {
			const before = (await filesOf(bob, alice)).length;
			let begun: () => void = () => undefined;
			const hasBegun = new Promise<void>((resolve) => {
				begun = resolve;
			});
			alice.put = (_, __, { signal }) =>
				new Promise((_, reject) => {
					begun();
					signal.addEventListener('abort', () => reject(new ShareError('cancelled')));
				});
			await alice.messenger.close();
			await alice.signIn();
			const bytes = [randomBytes(500_000), randomBytes(10)];
			void alice.messenger.files.share(
				bob.jid,
				bytes.map((one) => file(one, 'a.bin')),
			);
			await hasBegun;
			await until('kept', () =>
				Object.values(alice.messenger.state.shares).every(({ step }) => step !== 'keeping'),
			);
			await alice.messenger.close();
			alice.put = nodePut();
			await alice.signIn();
			const got = (await received(before + 2)).slice(before);
			expect(got.map((one) => one.bytes)).toEqual(bytes);
		});

		it('loses and doubles nothing, however often it is closed', async () => {
			const before = (await filesOf(bob, alice)).length;
			const send = nodePut();
			alice.put = async (target, body, options) => {
				options.onProgress(1);
				await new Promise((resolve) => setTimeout(resolve, 150));
				if (options.signal.aborted) throw new ShareError('cancelled');
				await send(target, body, options);
			};
			await alice.messenger.close();
			await alice.signIn();
			const bytes = Array.from({ length: 5 }, () => randomBytes(20_000));
			await alice.messenger.files.share(
				bob.jid,
				bytes.map((one) => file(one, 'a.bin')),
				'after them',
			);
			const hasAll = async () =>
				(await bob.allMessages(alice)).some(({ text }) => text === 'after them');
			for (let round = 0; !(await hasAll()); round++) {
				const [moment = 0] = crypto.getRandomValues(new Uint8Array(1));
				await new Promise((resolve) => setTimeout(resolve, 100 + 3 * moment));
				await alice.messenger.close();
				await alice.signIn();
				await until('loaded', () => alice.messenger.state.loaded);
				expect(round).toBeLessThan(60);
			}
			await bob.received(alice, 'after them');
			const got = (await received(before + 5)).slice(before);
			expect(got.map((one) => one.bytes)).toEqual(bytes);
		}, 120_000);

		it('says why, goes on with the next, and tries again when told to', async () => {
			const before = (await filesOf(bob, alice)).length;
			alice.put = async () => {
				throw new ShareError('too-large', { detail: { status: 413 } });
			};
			await alice.messenger.close();
			await alice.signIn();
			const bytes = randomBytes(1000);
			await alice.messenger.files.share(bob.jid, [file(bytes, 'a.bin')], 'what it is');
			const failed = await until('failed', async () =>
				(await alice.messages(bob)).find(({ state }) => state === 'failed'),
			);
			expect(failed).toMatchObject({ problem: 'too-large', problemDetail: { status: 413 } });
			await alice.messenger.close();
			alice.put = nodePut();
			await alice.signIn();
			await alice.messenger.files.retryShare(failed);
			const got = (await received(before + 1)).slice(before);
			expect(got.map((one) => one.bytes)).toEqual([bytes]);
			await bob.received(alice, 'what it is');
		});

		it('can be given up: nothing is left of it', async () => {
			alice.put = (_, __, { signal }) =>
				new Promise((_, reject) => {
					signal.addEventListener('abort', () => reject(new ShareError('cancelled')));
				});
			await alice.messenger.close();
			await alice.signIn();
			const count = (await alice.allMessages(bob)).length;
			const items = (await alice.vault.media.list()).length;
			void alice.messenger.files.share(bob.jid, [file(randomBytes(5000), 'a.bin')], 'not said');
			const shared = await until('waits', async () =>
				(await alice.messages(bob)).find((message: Message) => message.share !== undefined),
			);
			await until('uploads', () => alice.messenger.state.shares[shared.key]?.step === 'waiting');
			await alice.messenger.files.cancelShare(shared);
			expect(await alice.allMessages(bob)).toHaveLength(count);
			expect(await alice.vault.media.list()).toHaveLength(items);
			expect(alice.messenger.state.shares).toEqual({});
		});

		it('goes on to somebody else without a new upload', async () => {
			const before = (await filesOf(bob, alice)).length;
			alice.put = async () => {
				throw new ShareError('upload-refused', { detail: { status: 400 } });
			};
			await alice.messenger.close();
			await alice.signIn();
			const [first] = await alice.allMessages(bob);
			if (first === undefined) throw new Error('nothing was said');
			await alice.messenger.files.forward(first, bob.jid);
			const got = await received(before + 1);
			expect(got.at(-1)?.url.href).toBe(got[0]?.url.href);
			const said = (await alice.allMessages(bob)).at(-1);
			const media = (message: Message | undefined) =>
				message && alice.messenger.files.idOf(message);
			expect(await media(said)).toBe(await media(first));
			await alice.messenger.chats.setPlaintext(bob.jid, true);
			const forwarding = alice.messenger.files.forward(first, bob.jid);
			await expect(forwarding).rejects.toMatchObject({ code: 'not-encrypted' });
			await alice.messenger.chats.setPlaintext(bob.jid, false);
		});

		it('has a thumbnail for who is known to read one, and for nobody else', async () => {
			const thumbnail = 'data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==';
			alice.put = nodePut();
			await alice.messenger.close();
			await alice.signIn();
			const share = async () => {
				const before = (await bob.allMessages(alice)).length;
				const picture = { ...file(randomBytes(100), 'a.jpg'), thumbnail };
				await alice.messenger.files.share(bob.jid, [picture]);
				await until('came', async () => (await bob.allMessages(alice)).length > before);
				return parseMediaMessage((await bob.allMessages(alice)).at(-1)?.text ?? '')?.thumbnail;
			};
			const people = createPeopleStore(alice.vault.chat, alice.jid);
			await alice.messenger.changeSettings({ thumbnails: 'automatic' });
			await people.write([await people.putThumbnailReaders(bob.jid, [])]);
			expect(await share()).toBeUndefined();
			await bob.messenger.messages.send(alice.jid, 'I am a Balcony');
			await alice.received(bob, 'I am a Balcony');
			await until('known', async () => (await people.thumbnailReaders(bob.jid)).length === 1);
			expect(await share()).toBe(thumbnail);
			await alice.messenger.changeSettings({ thumbnails: 'never' });
			expect(await share()).toBeUndefined();
			await alice.messenger.changeSettings({ thumbnails: 'always' });
			expect(await share()).toBe(thumbnail);
		});

		it('is refused where a conversation is not encrypted', async () => {
			await alice.messenger.chats.setPlaintext(bob.jid, true);
			const sharing = alice.messenger.files.share(bob.jid, [file(randomBytes(5), 'a.bin')]);
			await expect(sharing).rejects.toMatchObject({ code: 'not-encrypted' });
			await alice.messenger.chats.setPlaintext(bob.jid, false);
		});
	});
}
