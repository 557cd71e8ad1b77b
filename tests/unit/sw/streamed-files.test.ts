import { expect, it } from 'vitest';
import { parseAesgcmUri } from '../../../src/core/links/aesgcm-uri.ts';
import type { MediaRecord } from '../../../src/vault/media-record.ts';
import { LINKS } from '../../../src/vault/media-record.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';
import { createStreamedFiles, type Pages } from '../../../sw/streamed-files.ts';

const URI = `aesgcm://h.example/a.mp4#${'ab'.repeat(12)}${'cd'.repeat(32)}`;

const pagesWith = (record?: MediaRecord): Pages => ({
	send: () => undefined,
	askRecord: async () => record,
});

it('an item that makes room while it is read is not opened twice', async () => {
	const vault = createMemoryVault();
	const add = () => vault.media.add(parseAesgcmUri(URI), LINKS);
	const files = createStreamedFiles(Promise.resolve(vault), pagesWith());
	const { id } = await add();
	const read = await files.get(id);
	for (let n = 0; n < 70; n++) await files.get((await add()).id);
	expect(await files.get(id)).toBe(read);
	await files.forgetAll();
	expect(await files.get(id)).not.toBe(read);
});

it('a page gives the keys that could not be stored, and nothing else', async () => {
	const vault = createMemoryVault();
	const record = await vault.media.add(parseAesgcmUri(URI), LINKS);
	const { keys, ...stored } = record;
	const kept = { ...stored, verdict: 'tampered' as const };
	const media = { ...vault.media, get: async () => kept };
	const files = createStreamedFiles(Promise.resolve({ ...vault, media }), pagesWith(record));
	const file = await files.get(record.id);
	expect(keys).toBeDefined();
	expect(file.status().state).toBe('tampered');
});
