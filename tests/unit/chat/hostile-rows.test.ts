import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAccountStore } from '../../../src/chat/account/account-store.ts';
import { loadCredentials, loadServer } from '../../../src/chat/account/credentials.ts';
import { createMessageMedia } from '../../../src/chat/files/opened-media.ts';
import { createUploadStore } from '../../../src/chat/files/upload-store.ts';
import { makeStores } from '../../../src/chat/messages/stores.ts';
import { previewOf } from '../../../src/chat/model/attachment.ts';
import { emojisBy } from '../../../src/chat/model/reactions.ts';
import { accountSender } from '../../../src/chat/model/sender.ts';
import { createPeopleStore } from '../../../src/chat/people/people-store.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';
import { times } from '../../what-runs.ts';

const ME = 'me@a.example';
const YOU = 'you@b.example';
const KEY = ['message', ME, YOU, '001'].join('\n');
const row = (...parts: string[]) => [...parts, ''].join('\n');
const THEIRS = { peer: YOU, sender: accountSender(YOU) };
const MESSAGE = {
	key: KEY,
	peer: YOU,
	isOwn: false,
	id: 'i',
	time: 1,
	text: 'hi',
	isEncrypted: true,
};

/** Something that looks like a row, and is wrong in some of its fields. */
const wrong = (like: object) =>
	fc.oneof(
		fc.anything({ withNullPrototype: false, maxDepth: 2 }),
		fc
			.record(Object.fromEntries(Object.keys(like).map((name) => [name, fc.anything()])), {
				requiredKeys: [],
			})
			.map((some) => ({ ...like, ...some })),
	);
const SHAPES = {
	...MESSAGE,
	...{ originId: 1, device: 1, problem: 1, problemDetail: 1, state: 1, receipts: 1, waitsFor: 1 },
	...{ leftOut: 1, share: 1, earlier: 1, replyTo: 1, reactions: 1, archiveId: 1, sender: 1 },
	...{ kind: 'text', content: 1, before: 1, unread: 1, draft: 1, lastTime: 1, lastSender: 1 },
};

/** As it goes through the disk: what cannot be packed cannot lie there. */
async function put(
	chat: ReturnType<typeof createMemoryVault>['chat'],
	key: string,
	value: unknown,
) {
	try {
		await chat.write([await chat.put(key, value)]);
		return true;
	} catch {
		return false;
	}
}

it('whatever lies in the rows, they are read without a crash, and nothing that is not what it says', async () => {
	await fc.assert(
		fc.asyncProperty(wrong(SHAPES), async (value) => {
			const { chat } = createMemoryVault();
			const keys = [
				KEY,
				row('conversation', ME, YOU),
				row('outbox', ME, KEY),
				row('early', ME, YOU, 'theirs', 'i'),
				row('history', ME, YOU),
				row('position', ME),
				row('name', ME, YOU, 'theirs', 'i'),
				row('digest', ME, YOU, 'theirs', 'd'),
				row('files', ME, YOU),
				row('profile', ME, YOU),
				row('thumbnails', ME, YOU),
				row('roster', ME),
				row('upload', ME),
				row('settings', ME),
				`share\n${ME}\n${KEY}`,
				`media\n${KEY}`,
				'account',
				'server',
			];
			for (const key of keys) if (!(await put(chat, key, value))) return;
			const stores = makeStores(chat, ME);
			const message = await stores.messages.get(KEY);
			for (const one of [message, ...(await stores.messages.page(YOU, { limit: 9 }))])
				if (one !== undefined) {
					expect(typeof one.key + typeof one.id + typeof one.isOwn).toBe('stringstringboolean');
					expect(typeof previewOf(one)).toBe('string');
					expect(Array.isArray(emojisBy(one.reactions, YOU))).toBe(true);
					await createMessageMedia(chat).idOf(one);
				}
			for (const one of await stores.conversations.all()) expect(typeof one.unread).toBe('number');
			for (const one of await stores.outbox.all()) expect(typeof one.content.kind).toBe('string');
			await stores.outbox.get(KEY);
			await stores.archive.earlyChange(THEIRS, 'i');
			await stores.archive.earlyChanges(YOU);
			await stores.archive.history(YOU);
			await stores.archive.position();
			await stores.messages.named(THEIRS, 'i');
			await stores.messages.encryptedAs(THEIRS, 'd');
			await stores.files.scan(YOU);
			const people = createPeopleStore(chat, ME);
			await people.profile(YOU);
			await people.profiles();
			for (const { jid } of await people.contacts()) expect(typeof jid).toBe('string');
			await people.thumbnailReaders(YOU);
			const account = createAccountStore(chat, ME);
			await account.uploadService();
			expect(['off', 'name', 'text']).toContain((await account.settings()).notifications);
			const uploadStore = createUploadStore(chat, ME);
			for (const { mediaId } of await uploadStore.all()) expect(typeof mediaId).toBe('string');
			await uploadStore.get(KEY);
			await loadCredentials(chat);
			await loadServer(chat);
		}),
		{ numRuns: times(1000, 100) },
	);
}, 60_000);

describe('a row that is wrong in one field', () => {
	it.each([
		['reactions', 'many'],
		['device', { id: 'x' }],
		['state', 'teleported'],
		['earlier', [1]],
		['sender', { kind: 'ghost' }],
	])('is still a message, without its %s', async (field, value) => {
		const { chat } = createMemoryVault();
		await put(chat, KEY, { ...MESSAGE, [field]: value });
		expect(await makeStores(chat, ME).messages.get(KEY)).toMatchObject({ text: 'hi', id: 'i' });
	});

	it('is not taken for one that was written here where its device cannot be read', async () => {
		const { chat } = createMemoryVault();
		await put(chat, KEY, { ...MESSAGE, isOwn: true, device: { id: 1, trust: 'from the future' } });
		const message = await makeStores(chat, ME).messages.get(KEY);
		expect(message?.device?.trust).toBe('undecided');
	});

	it('hides no other chat', async () => {
		const { chat } = createMemoryVault();
		const good = {
			peer: YOU,
			lastTime: 1,
			lastIsOwn: false,
			unread: 0,
			draft: '',
			isPlaintext: false,
		};
		await put(chat, row('conversation', ME, YOU), good);
		await put(chat, row('conversation', ME, 'x'), { ...good, peer: 7 });
		await put(chat, row('conversation', ME, 'z@z.example'), {
			...good,
			peer: 'z@z.example',
			loads: 7,
		});
		const all = await makeStores(chat, ME).conversations.all();
		expect(all.map(({ peer, kind }) => [peer, kind])).toEqual([
			[YOU, 'direct'],
			['z@z.example', 'direct'],
		]);
	});
});

it('a file that waits by a row of another version is not cleared away', async () => {
	const { chat } = createMemoryVault();
	const row = { key: 'k', peer: YOU, mediaId: 'm', laterForm: true };
	await chat.write([await chat.put(['share', ME, 'k'].join('\n'), row)]);
	const uploadStore = createUploadStore(chat, ME);
	expect(await uploadStore.all()).toEqual([]);
	expect(await uploadStore.mediaIds()).toEqual(['m']);
});
