import { LINKS } from '../../../src/vault/media-record.ts';
import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { beforeEach, describe, expect, it } from 'vitest';
import { formatAesgcmUri, parseAesgcmUri } from '../../../src/core/links/aesgcm-uri.ts';
import { openTables } from '../../../src/vault/database.ts';
import { createSaveTokens, type SaveToken } from '../../../src/vault/save-tokens.ts';
import { createMemoryTable } from '../../../src/vault/table.ts';
import { createMemoryVault, openVault } from '../../../src/vault/vault.ts';

const URI = `aesgcm://h.example/a/tr%C3%A8s%20cool.jpg#${'ab'.repeat(12)}${'cd'.repeat(32)}`;

/** GHASHes are told apart by their first byte. */
const piece = (start: number, length: number, kind: number) => ({
	start,
	length,
	ghash: new Uint8Array(16).fill(kind),
});

// Other files have used it, too.
beforeEach(() => deleteDB('balcony'));

// Node cannot put a CryptoKey into this IndexedDB: just what a private window refuses.
for (const [what, make] of [
	['in memory', async () => createMemoryVault()],
	['in IndexedDB that refuses keys', () => openVault()],
] as const)
	describe(`a vault ${what}`, () => {
		it('makes records whose keys cannot be taken out, and keeps no key in them', async () => {
			const vault = await make();
			const record = await vault.media.add(parseAesgcmUri(URI), LINKS);
			expect(record).toMatchObject({
				url: 'https://h.example/a/tr%C3%A8s%20cool.jpg',
				name: 'très cool.jpg',
				verdict: 'none',
			});
			expect(record.keys?.ctr.extractable).toBe(false);
			expect(record.keys?.gcm.extractable).toBe(false);
			const text = JSON.stringify(record, (_, value: unknown) =>
				value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
			);
			expect(text).not.toContain('cd'.repeat(32));
			expect((await vault.media.list()).map(({ id }) => id)).toEqual([record.id]);
			await vault.media.remove(record.id);
			expect(await vault.media.get(record.id)).toBeUndefined();
		});

		it('counts a segment once', async () => {
			const { ledger } = await make();
			const [one, two, shorter] = [piece(0, 64, 1), piece(0, 64, 2), piece(0, 63, 1)];
			expect(await ledger.count('a', 0, one, [], false)).toBeUndefined();
			expect(await ledger.count('a', 0, one, [], false)).toBeUndefined();
			for (const other of [two, shorter])
				await expect(ledger.count('a', 0, other, [], false)).rejects.toMatchObject({
					code: 'tampered',
				});
			expect(await ledger.release('a', 0, two)).toBe(false);
			const part = piece(0, 16, 2);
			expect(await ledger.release('a', 1, part)).toBe(true);
			expect(await ledger.count('a', 1, one, [], false)).toEqual([part]);
			expect(await ledger.count('a', 1, one, [part], false)).toBeUndefined();
			expect((await ledger.load('a')).map(({ index }) => index)).toEqual([0, 1]);
			await ledger.removeAll('a');
			expect(await ledger.load('a')).toEqual([]);
		});

		it('lets one stream at a time release pieces of a segment', async () => {
			const { ledger } = await make();
			const [short, long, other] = [piece(0, 16, 1), piece(0, 32, 2), piece(0, 48, 3)];
			expect(await ledger.release('a', 0, short)).toBe(true);
			expect(await ledger.release('a', 0, short)).toBe(true);
			expect(await ledger.release('a', 0, other)).toBe(false);
			expect(await ledger.release('a', 0, piece(32, 16, 4))).toBe(false);
			expect(await ledger.release('a', 0, long, short)).toBe(true);
			expect(await ledger.release('a', 0, other, short)).toBe(false);
			expect((await ledger.load('a'))[0]?.released).toEqual([long]);
			await ledger.removeAll('a');
		});

		it('forgets what was counted, and never what was released', async () => {
			const { ledger } = await make();
			const [part, whole] = [piece(16, 16, 1), piece(0, 64, 2)];
			await ledger.count('a', 0, whole, [], false);
			await ledger.release('a', 1, part);
			await ledger.count('a', 1, whole, [part], false);
			await ledger.count('a', 2, whole, [], true);
			await ledger.count('a', 3, whole, [], false);
			expect(await ledger.release('a', 3, whole)).toBe(true);
			// A file of ours, or a row of an earlier version.
			await ledger.countAll('b', [whole.ghash]);
			await ledger.countAll('ab', [whole.ghash]);
			for (const id of ['a', 'b']) await ledger.forgetCounted(id, () => 40);
			expect(await ledger.load('a')).toEqual([
				{ index: 1, released: [part] },
				{ index: 2, released: [whole] },
				{ index: 3, released: [whole] },
			]);
			expect(await ledger.load('b')).toEqual([{ index: 0, released: [piece(0, 40, 2)] }]);
			await ledger.count('c', 0, whole, [], false);
			await ledger.forgetCounted('c', () => 64, true);
			expect(await ledger.load('c')).toEqual([{ index: 0, released: [whole] }]);
			expect(await ledger.load('ab')).toEqual([{ index: 0, ghash: whole.ghash }]);
		});
	});

it('seals the link, and opens it for its own record alone', async () => {
	const vault = createMemoryVault();
	const record = await vault.media.add(parseAesgcmUri(URI), LINKS);
	expect(await vault.media.uriOf(record.id)).toBe(formatAesgcmUri(parseAesgcmUri(URI)));
	expect(Buffer.from(record.sealedUri?.bytes ?? []).toString('latin1')).not.toContain('h.example');
	await vault.clear();
	expect(await vault.media.uriOf(record.id)).toBeUndefined();
});

describe('a save token', () => {
	it('is good once, for its item, for a minute', async () => {
		let now = 0;
		const tokens = createSaveTokens(createMemoryTable<SaveToken>(), () => now);
		const token = await tokens.issue('a', 'streamed');
		expect(token).toMatch(/^[0-9a-f]{32}$/);
		expect(await tokens.take('a', token)).toBe('streamed');
		await expect(tokens.take('a', token)).rejects.toMatchObject({ code: 'not-found' });
		const other = await tokens.issue('a', 'verified');
		await expect(tokens.take('b', other)).rejects.toMatchObject({ code: 'not-found' });
		const late = await tokens.issue('a', 'verified');
		now = 60_001;
		await expect(tokens.take('a', late)).rejects.toMatchObject({ code: 'not-found' });
	});

	it('that was issued while the clock was ahead does not wait for that time', async () => {
		let now = 365 * 24 * 60 * 60 * 1000;
		const tokens = createSaveTokens(createMemoryTable<SaveToken>(), () => now);
		const ahead = await tokens.issue('a', 'verified');
		now = 1000;
		await expect(tokens.take('a', ahead)).rejects.toMatchObject({ code: 'not-found' });
		// A clock is set back a little now and then.
		const token = await tokens.issue('a', 'verified');
		now -= 500;
		expect(await tokens.take('a', token)).toBe('verified');
	});
});

it('sweeps up what has no record any more', async () => {
	const vault = createMemoryVault();
	const record = await vault.media.add(parseAesgcmUri(URI), LINKS);
	for (const id of [record.id, 'gone']) {
		await vault.segments.put(id, 0, new Uint8Array(4));
		const whole = { start: 0, length: 4, ghash: new Uint8Array(16) };
		await vault.ledger.count(id, 0, whole, [], false);
	}
	await vault.media.sweep();
	expect(await vault.segments.items()).toEqual([record.id]);
	expect(await vault.ledger.load('gone')).toEqual([]);
	expect(await vault.ledger.load(record.id)).toHaveLength(1);
});

it('writes all rows or none: what cannot be stored takes the others with it', async () => {
	const tables = await openTables();
	const rows = [
		{ key: 'a', value: { iv: new Uint8Array(1), bytes: new Uint8Array(1) } },
		{ key: 'b', value: (() => undefined) as never },
	];
	await expect(tables?.chat.write(rows)).rejects.toThrow();
	expect(await tables?.chat.get('a')).toBeUndefined();
	expect(await tables?.chat.keys()).not.toContain('a');
});
