import { expect, it } from 'vitest';
import { settleMediaOwners } from '../../../../src/chat/files/settle-media-owners.ts';
import { formatAesgcmUri, parseAesgcmUri } from '../../../../src/core/links/aesgcm-uri.ts';
import { createChatRows } from '../../../../src/vault/chat-rows.ts';
import { NO_FILES } from '../../../../src/vault/ciphertext-files.ts';
import { createKeyCache } from '../../../../src/vault/key-cache.ts';
import { createKeyring } from '../../../../src/vault/keyring.ts';
import { createLedgerRows } from '../../../../src/vault/ledger-rows.ts';
import { createMediaLinks } from '../../../../src/vault/media-links.ts';
import { LINKS, type MediaRecord, STAGED } from '../../../../src/vault/media-record.ts';
import { createMediaRecords } from '../../../../src/vault/media-records.ts';
import { createMemorySegments } from '../../../../src/vault/memory-segments.ts';
import { createPassingKey, type OriginKey } from '../../../../src/vault/origin-key.ts';
import { createPreviews } from '../../../../src/vault/previews.ts';
import { createSegmentStore } from '../../../../src/vault/segment-store.ts';
import { createMemoryTable } from '../../../../src/vault/table.ts';

const ANNA = 'anna@example.org';
const BEN = 'ben@example.org';
const uri = parseAesgcmUri(`aesgcm://h.example/a.jpg#${'ab'.repeat(12)}${'cd'.repeat(32)}`);

/** What a version kept that knew no owners: everything under the origin's key. */
async function oldVault() {
	const table = createMemoryTable<MediaRecord>();
	const sealed = createMemoryTable<never>();
	const keys = createKeyCache(createMemoryTable());
	const keyring = createKeyring(keys);
	const origin = (await keys.origin()) as OriginKey;
	const previews = createPreviews({ table: sealed, media: table, keyring });
	const segments = createSegmentStore(createMemorySegments(2 ** 20), NO_FILES);
	const ledger = createLedgerRows(createMemoryTable());
	const media = {
		...createMediaRecords({ table, ledger, segments, previews }),
		...createMediaLinks(table, keyring),
	};
	const chat = createChatRows(createMemoryTable(), async () => origin);
	async function add(id: string, more: Partial<MediaRecord> = {}) {
		const sealedUri = await origin.seal(id, formatAesgcmUri(uri));
		const now = { createdAt: 0, usedAt: 0, verdict: 'none', verifyFirst: false } as const;
		const rest = { id, name: 'a.jpg', url: uri.url.href, iv: uri.iv, sealedUri };
		await table.update(id, () => ({ ...rest, ...now, ...more }));
	}
	const write = async (key: string, value: unknown) => chat.write([await chat.put(key, value)]);
	const owners = async () =>
		Object.fromEntries((await media.list()).map(({ id, owner }) => [id, owner]));
	return { vault: { media, chat }, table, keyring, previews, add, write, owners };
}

it('files of a profile of before belong to the account that names them, and links to nobody', async () => {
	const { vault, previews, add, write, owners } = await oldVault();
	for (const id of ['photo', 'corrected', 'oldest', 'waiting', 'staged', 'link', 'bens'])
		await add(id);
	// A message's file whose row was not written any more.
	await add('lost', { unasked: 1000 });
	await previews.put('photo', new Uint8Array([1, 2, 3]));
	const message = (account: string, place: string) => `message\n${account}\ndora@x\n${place}`;
	await write(`media\n${message(ANNA, '1')}`, [
		{ id: 'photo', link: 'a' },
		{ id: 'corrected', link: 'b' },
	]);
	await write(`media\n${message(ANNA, '2')}`, 'oldest');
	for (let n = 0; n < 600; n++)
		await write(`media\n${message(ANNA, `3-${n}`)}`, [{ id: `gone${n}` }]);
	await write(`media\n${message(BEN, '1')}`, [{ id: 'bens', link: 'a' }]);
	await write(`share\n${ANNA}\n${message(ANNA, '4')}`, { mediaId: 'waiting' });
	await write('staged', { files: [{ mediaId: 'staged', name: 'a' }], text: '' });
	await settleMediaOwners(vault);
	expect(await owners()).toEqual({
		photo: ANNA,
		corrected: ANNA,
		oldest: ANNA,
		waiting: ANNA,
		bens: BEN,
		staged: STAGED,
		link: LINKS,
	});
	// Sealed before the account had a key of its own.
	expect(await vault.media.uriOf('photo')).toBe(formatAesgcmUri(uri));
	expect(await previews.get('photo')).toEqual(new Uint8Array([1, 2, 3]));
	// What has an owner keeps it.
	await vault.media.own('photo', BEN);
	await settleMediaOwners(vault);
	expect((await owners())['photo']).toBe(ANNA);
});

it('where there never was an account all are links', async () => {
	const { vault, add, owners } = await oldVault();
	await add('a');
	await add('b');
	await settleMediaOwners(vault);
	expect(await owners()).toEqual({ a: LINKS, b: LINKS });
});

it("an account's files are sealed with its own key, and open with no other", async () => {
	const { vault, table, keyring, previews } = await oldVault();
	const { id } = await vault.media.add(uri, ANNA);
	await previews.put(id, new Uint8Array([1, 2, 3]));
	expect(await vault.media.uriOf(id)).toBe(formatAesgcmUri(uri));
	const { sealedUri } = (await table.get(id)) as MediaRecord;
	if (sealedUri === undefined) throw new Error('not sealed');
	expect(await keyring.open(ANNA, id, sealedUri)).toBeDefined();
	expect(await keyring.open(BEN, id, sealedUri)).toBeUndefined();
	expect(await keyring.open(LINKS, id, sealedUri)).toBeUndefined();
	// Nor once it is said to be somebody else's.
	await table.update(id, (before) => before && { ...before, owner: BEN });
	expect(await vault.media.uriOf(id)).toBeUndefined();
	expect(await previews.get(id)).toBeUndefined();
	await expect((await createPassingKey()).open(id, sealedUri)).rejects.toThrow();
});
