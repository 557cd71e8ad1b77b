import { expect, it } from 'vitest';
import { parseAesgcmUri } from '../../../src/core/links/aesgcm-uri.ts';
import { evictOldest } from '../../../src/vault/evict.ts';
import { LINKS } from '../../../src/vault/media-record.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';

it('what was used while the clock was ahead does not stay for ever', async () => {
	const vault = createMemoryVault();
	const uri = parseAesgcmUri(`aesgcm://h.example/a.jpg#${'ab'.repeat(12)}${'cd'.repeat(32)}`);
	const now = Date.now();
	const ids: string[] = [];
	for (const usedAt of [now - 1000, now + 365 * 24 * 60 * 60 * 1000, now - 2000]) {
		const { id } = await vault.media.add(uri, LINKS);
		await vault.media.patch(id, { usedAt });
		await vault.segments.put(id, 0, new Uint8Array(16));
		ids.push(id);
	}
	const evicted: (string | undefined)[] = [];
	for (let times = 0; times < 4; times++) evicted.push(await evictOldest(vault, new Set()));
	expect(evicted).toEqual([ids[1], ids[2], ids[0], undefined]);
});
