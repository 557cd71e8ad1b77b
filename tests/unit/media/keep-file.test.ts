import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Bytes, equalBytes } from '../../../src/core/bytes.ts';
import { formatAesgcmUri } from '../../../src/core/links/aesgcm-uri.ts';
import {
	ciphertextOf,
	type FileSource,
	keepFile,
	makeKeptFile,
	sourceOfBlob,
	sourceOfRecord,
} from '../../../src/media/keep-file.ts';
import { createBlobFiles } from '../../../src/vault/blob-files.ts';
import { NO_FILES } from '../../../src/vault/ciphertext-files.ts';
import { createMemoryTable } from '../../../src/vault/table.ts';
import { createMemoryVault, type Vault } from '../../../src/vault/vault.ts';

const LIMITS = { segment: 64 };

async function kept(
	vault: Vault,
	bytes: Bytes,
	source: FileSource = sourceOfBlob(new Blob([bytes])),
) {
	const { record, key } = await makeKeptFile(vault, 'a name.jpg', 'anna@example.org');
	return { record: await keepFile({ source, record, vault, limits: LIMITS }), key };
}

async function read(source: FileSource): Promise<Buffer> {
	const parts: Uint8Array[] = [];
	for (let start = 0; start < source.size; start += LIMITS.segment)
		parts.push(await source.read(start, Math.min(start + LIMITS.segment, source.size)));
	return Buffer.concat(parts);
}

it('what is uploaded is what AES-GCM makes of it at once, and what is kept is read again', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.uint8Array({ minLength: 1, maxLength: 700 }),
			fc.boolean(),
			async (given, inFiles) => {
				const bytes = Uint8Array.from(given);
				const files = inFiles ? createBlobFiles(createMemoryTable()) : NO_FILES;
				const vault = createMemoryVault({ segment: 64, files });
				const { record, key } = await kept(vault, bytes);
				const raw = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
				const once = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: record.iv }, raw, bytes);
				const blob = await ciphertextOf(record, vault);
				expect(equalBytes(new Uint8Array(await blob.arrayBuffer()), new Uint8Array(once))).toBe(
					true,
				);
				const stored = await vault.media.get(record.id);
				expect(stored).toMatchObject({ url: '', size: bytes.length, verdict: 'verified' });
				const again = await sourceOfRecord(record, vault, LIMITS);
				expect((await read(again)).equals(Buffer.from(bytes))).toBe(true);
			},
		),
		{ numRuns: 40 },
	);
});

it('two places never share a key or an IV, and an address for it is known only once it has one', async () => {
	const vault = createMemoryVault({ segment: 64 });
	const [one, other] = [
		await makeKeptFile(vault, 'a', 'anna@example.org'),
		await makeKeptFile(vault, 'a', 'anna@example.org'),
	];
	expect(equalBytes(one.key, other.key)).toBe(false);
	expect(equalBytes(one.record.iv, other.record.iv)).toBe(false);
	expect(await vault.media.uriOf(one.record.id)).toBeUndefined();
	const uri = { url: new URL('https://up.example/f.jpg'), iv: one.record.iv, key: one.key };
	await vault.media.uploaded(one.record.id, uri);
	expect((await vault.media.get(one.record.id))?.url).toBe('https://up.example/f.jpg');
	expect([undefined, formatAesgcmUri(uri)]).toContain(await vault.media.uriOf(one.record.id));
});

it.each([
	['that becomes shorter', async () => new Uint8Array(3), 'file-changed'],
	[
		'that is gone',
		() => Promise.reject(new DOMException('', 'NotReadableError')),
		'file-unreadable',
	],
])('a file %s while it is read leaves nothing behind', async (_, arrayBuffer, code) => {
	const vault = createMemoryVault({ segment: 64 });
	const blob = { size: 1000, slice: () => ({ arrayBuffer }) } as unknown as Blob;
	const work = kept(vault, new Uint8Array(0), sourceOfBlob(blob));
	await expect(work).rejects.toMatchObject({ code });
	expect(await vault.media.list()).toEqual([]);
	expect(await vault.segments.items()).toEqual([]);
});

it('a file that does not fit, or is given up, leaves nothing behind', async () => {
	const vault = createMemoryVault({ limit: 500, segment: 64 });
	await expect(kept(vault, new Uint8Array(1000))).rejects.toMatchObject({ code: 'storage-full' });
	const { record } = await makeKeptFile(vault, 'a', 'anna@example.org');
	const source = sourceOfBlob(new Blob([new Uint8Array(100)]));
	const signal = AbortSignal.abort();
	const work = keepFile({ source, record, vault, signal, limits: LIMITS });
	await expect(work).rejects.toMatchObject({ code: 'cancelled' });
	expect(await vault.media.list()).toEqual([]);
});

it('what was altered where it lies, or cleared away, is not sent', async () => {
	const vault = createMemoryVault({ segment: 64 });
	const { record } = await kept(vault, new Uint8Array(200));
	const source = await sourceOfRecord(record, vault, LIMITS);
	await vault.segments.put(record.id, 1, new Uint8Array(64));
	await expect(source.read(64, 128)).rejects.toMatchObject({ code: 'file-lost' });
	await vault.segments.remove(record.id, 2);
	await expect(source.read(128, 192)).rejects.toMatchObject({ code: 'file-lost' });
	await expect(ciphertextOf(record, vault)).rejects.toMatchObject({ code: 'file-lost' });
});

it('what is nowhere else is not dropped to make room', async () => {
	const vault = createMemoryVault({ limit: 300, segment: 64 });
	await kept(vault, new Uint8Array(200));
	await expect(kept(vault, new Uint8Array(200))).rejects.toMatchObject({ code: 'storage-full' });
	expect(await vault.segments.items()).toHaveLength(1);
});
