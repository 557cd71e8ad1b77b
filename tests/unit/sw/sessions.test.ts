import { expect, it } from 'vitest';
import { parseAesgcmUri } from '../../../src/core/links/aesgcm-uri.ts';
import type { MediaRecord } from '../../../src/vault/media-record.ts';
import { LINKS } from '../../../src/vault/media-record.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';
import { createSessions, type Pages } from '../../../sw/sessions.ts';

const URI = `aesgcm://h.example/a.mp4#${'ab'.repeat(12)}${'cd'.repeat(32)}`;

const pagesWith = (record?: MediaRecord): Pages => ({
	send: () => undefined,
	askRecord: async () => record,
});

it('an item that makes room while it is read keeps its one session', async () => {
	const vault = createMemoryVault();
	const add = () => vault.media.add(parseAesgcmUri(URI), LINKS);
	const sessions = createSessions(Promise.resolve(vault), pagesWith());
	const { id } = await add();
	const read = await sessions.get(id);
	for (let n = 0; n < 70; n++) await sessions.get((await add()).id);
	expect(await sessions.get(id)).toBe(read);
	await sessions.forgetAll();
	expect(await sessions.get(id)).not.toBe(read);
});

it('a page gives the keys that could not be stored, and nothing else', async () => {
	const vault = createMemoryVault();
	const record = await vault.media.add(parseAesgcmUri(URI), LINKS);
	const { keys, ...stored } = record;
	const kept = { ...stored, verdict: 'tampered' as const };
	const media = { ...vault.media, get: async () => kept };
	const sessions = createSessions(Promise.resolve({ ...vault, media }), pagesWith(record));
	const session = await sessions.get(record.id);
	expect(keys).toBeDefined();
	expect(session.status().state).toBe('tampered');
});
