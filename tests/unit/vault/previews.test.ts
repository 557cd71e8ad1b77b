import { describe, expect, it } from 'vitest';
import { parseAesgcmUri } from '../../../src/core/links/aesgcm-uri.ts';
import type { Keyring } from '../../../src/vault/keyring.ts';
import type { MediaRecord, SealedText } from '../../../src/vault/media-record.ts';
import { LINKS } from '../../../src/vault/media-record.ts';
import { createPassingKey, type OriginKey } from '../../../src/vault/origin-key.ts';
import { createPreviews } from '../../../src/vault/previews.ts';
import { createMemoryTable } from '../../../src/vault/table.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';

const uri = parseAesgcmUri(`aesgcm://h.example/a.jpg#${'ab'.repeat(12)}${'cd'.repeat(32)}`);
const picture = (length: number, fill = 7) => new Uint8Array(length).fill(fill);

const key = createPassingKey();

async function make({
	limit = 1000,
	originKey = () => key,
}: {
	limit?: number;
	originKey?: () => Promise<OriginKey | undefined>;
} = {}) {
	const table = createMemoryTable<SealedText>();
	const media = createMemoryTable<MediaRecord>();
	const keyring: Pick<Keyring, 'of' | 'open'> = {
		of: originKey,
		open: async (_, id, sealed) =>
			sealed && (await originKey())?.openBytes(id, sealed).catch(() => undefined),
	};
	const previews = createPreviews({ table, media, keyring, limit });
	const add = (id: string, usedAt = 0) => media.update(id, () => ({ id, usedAt }) as MediaRecord);
	return { table, media, previews, add };
}

describe('previews', () => {
	it('are sealed, bound to their item, and written down in its record', async () => {
		const { table, media, previews, add } = await make();
		await add('a');
		await previews.put('a', picture(40));
		expect(await previews.get('a')).toEqual(picture(40));
		expect((await media.get('a'))?.preview).toBe(40);
		const sealed = await table.get('a');
		expect(Buffer.from(sealed?.bytes ?? []).includes(Buffer.from(picture(8)))).toBe(false);
		await table.update('b', () => sealed);
		expect(await previews.get('b')).toBeUndefined();
		expect(await previews.get('c')).toBeUndefined();
		// The key that seals links under the bare id must not open a picture, nor the other way round.
		if (sealed !== undefined) await expect((await key).openBytes('a', sealed)).rejects.toThrow();
	});

	it('that come after their item went are not kept', async () => {
		const { table, previews } = await make();
		await previews.put('gone', picture(40));
		expect(await table.get('gone')).toBeUndefined();
	});

	it('make room: the least recently used go first, and never the one that came', async () => {
		const { media, previews, add } = await make({ limit: 100 });
		for (const [id, usedAt] of [
			['old', 1],
			['older', 0],
			['young', 9],
		] as const) {
			await add(id, usedAt);
			await previews.put(id, picture(33));
		}
		await add('oldest', -1);
		await previews.put('oldest', picture(33));
		const kept = async (id: string) => (await previews.get(id)) !== undefined;
		expect(await kept('oldest')).toBe(true);
		expect(await kept('young')).toBe(true);
		expect(await kept('older')).toBe(false);
		expect(await kept('old')).toBe(false);
		expect((await media.get('old'))?.preview).toBe(0);
		await add('huge', 0);
		await previews.put('huge', picture(500));
		expect(await kept('huge')).toBe(true);
		expect(await kept('young')).toBe(false);
	});

	it('that were used while the clock was ahead go first', async () => {
		const { previews, add } = await make({ limit: 100 });
		for (const [id, usedAt] of [
			['now', Date.now()],
			['in a year', Date.now() + 365 * 24 * 60 * 60 * 1000],
			['before', Date.now() - 1000],
		] as const) {
			await add(id, usedAt);
			await previews.put(id, picture(35));
		}
		expect(await previews.get('in a year')).toBeUndefined();
		expect(await previews.get('now')).toBeDefined();
	});

	it('are not kept where no key can be', async () => {
		const { table, media, previews, add } = await make({ originKey: async () => undefined });
		await add('a');
		await previews.put('a', picture(40));
		expect(await table.has(['a'])).toEqual([false]);
		expect(await media.get('a')).not.toHaveProperty('preview');
		expect(await previews.get('a')).toBeUndefined();
	});

	it('go with their item, and with everything', async () => {
		const vault = createMemoryVault();
		const [one, two] = [await vault.media.add(uri, LINKS), await vault.media.add(uri, LINKS)];
		for (const { id } of [one, two]) await vault.previews.put(id, picture(10));
		await vault.media.remove(one.id);
		expect(await vault.previews.get(one.id)).toBeUndefined();
		expect(await vault.previews.get(two.id)).toEqual(picture(10));
		await vault.clear();
		expect(await vault.previews.get(two.id)).toBeUndefined();
	});
});
