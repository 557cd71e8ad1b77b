import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Bytes } from '../../../src/core/bytes.ts';
import { createBlobFiles } from '../../../src/vault/blob-files.ts';
import type { CiphertextFiles } from '../../../src/vault/ciphertext-files.ts';
import { createFileSystemFiles } from '../../../src/vault/file-system-files.ts';
import { createMemorySegments } from '../../../src/vault/memory-segments.ts';
import { createSegmentStore } from '../../../src/vault/segment-store.ts';
import { createMemoryTable } from '../../../src/vault/table.ts';

const bytes = (...values: number[]): Bytes => Uint8Array.from(values);
const contentOf = async (blob: Blob | undefined) => blob && [...(await blob.bytes())];

/** As much of a private file system as files need; the real one is under the end-to-end specs. */
function stubFileSystem({ quota = 0, writes = Infinity } = {}): void {
	const files = new Map<string, Blob>();
	let left = writes;
	class FileSystemFileHandle {
		readonly kind = 'file';
		readonly name: string;
		constructor(name: string) {
			this.name = name;
		}
		async getFile() {
			return files.get(this.name);
		}
		async createWritable() {
			let content = new Uint8Array(0);
			return {
				write: async ({ position, data }: { position: number; data: Bytes }) => {
					left -= 1;
					if (left < 0) throw new DOMException('', 'QuotaExceededError');
					const longer = new Uint8Array(Math.max(content.length, position + data.length));
					longer.set(content);
					longer.set(data, position);
					content = longer;
				},
				close: async () => void files.set(this.name, new Blob([content])),
				abort: async () => undefined,
			};
		}
	}
	const folder = {
		getDirectoryHandle: async () => folder,
		async getFileHandle(name: string, { create = false } = {}) {
			if (!files.has(name) && !create) throw new DOMException('', 'NotFoundError');
			if (!files.has(name)) files.set(name, new Blob());
			return new FileSystemFileHandle(name);
		},
		removeEntry: async (name: string) => {
			if (!files.delete(name)) throw new DOMException('', 'NotFoundError');
		},
		async *values() {
			for (const name of files.keys()) yield new FileSystemFileHandle(name);
		},
	};
	vi.stubGlobal('FileSystemFileHandle', FileSystemFileHandle);
	const estimate = async () => ({ usage: 0, quota });
	vi.stubGlobal('navigator', { storage: { getDirectory: async () => folder, estimate } });
}

afterEach(() => {
	vi.unstubAllGlobals();
});

const KINDS: [string, () => CiphertextFiles | undefined][] = [
	[
		'in a private file system',
		() => {
			stubFileSystem();
			return createFileSystemFiles();
		},
	],
	['as Blobs of IndexedDB', () => createBlobFiles(createMemoryTable())],
];

describe.each(KINDS)('files %s', (_, make) => {
	const made = () => {
		const files = make();
		if (files === undefined) throw new Error('no files');
		return files;
	};
	async function keep(files: CiphertextFiles, id: string, ...parts: Bytes[]): Promise<void> {
		const writer = await files.begin(id, 4);
		let at = 0;
		for (const part of parts) {
			await writer?.write(at, part);
			at += part.length;
		}
		await writer?.close();
	}

	it('may be written in any order', async () => {
		const files = made();
		const writer = await files.begin('a', 5);
		await writer?.write(2, bytes(3, 4));
		await writer?.write(4, bytes(5));
		await writer?.write(0, bytes(1, 2));
		await writer?.close();
		expect(await contentOf(await files.open('a'))).toEqual([1, 2, 3, 4, 5]);
	});

	it('are written, read, listed, counted and removed', async () => {
		const files = made();
		await keep(files, 'a', bytes(1, 2), bytes(3));
		await keep(files, 'b', bytes(4));
		expect(await contentOf(await files.open('a'))).toEqual([1, 2, 3]);
		expect(await files.open('c')).toBeUndefined();
		expect((await files.items()).sort()).toEqual(['a', 'b']);
		expect(await files.bytes()).toBe(4);
		await files.remove('a');
		await files.remove('c');
		expect(await files.open('a')).toBeUndefined();
		expect(await contentOf(await files.open('b'))).toEqual([4]);
		await files.clear();
		expect(await files.items()).toEqual([]);
	});

	it('leave nothing behind when they are given up, and begin anew', async () => {
		const files = made();
		const writer = await files.begin('a', 4);
		await writer?.write(0, bytes(1));
		await writer?.abort();
		expect(await files.open('a')).toBeUndefined();
		expect(await files.items()).toEqual([]);
		await keep(files, 'a', bytes(1, 2, 3), bytes(4));
		await keep(files, 'a', bytes(5));
		expect(await contentOf(await files.open('a'))).toEqual([5]);
	});

	it('are segments, too', async () => {
		const files = made();
		const store = createSegmentStore(createMemorySegments(1000), files, 2);
		const writer = await store.begin('a', 5);
		await writer.write(0, bytes(1, 2, 3, 4));
		await writer.write(4, bytes(5));
		await writer.close();
		await store.put('b', 1, bytes(9, 9));
		expect(await store.list('a')).toEqual([0, 1, 2]);
		expect(await store.get('a', 1)).toEqual(bytes(3, 4));
		expect(await store.get('a', 2)).toEqual(bytes(5));
		expect(await store.get('a', 3)).toBeUndefined();
		expect(await contentOf(await store.whole('a', 5))).toEqual([1, 2, 3, 4, 5]);
		expect(await store.whole('a', 6)).toBeUndefined();
		expect((await store.items()).sort()).toEqual(['a', 'b']);
		await store.remove('a', 1);
		expect(await store.get('a', 0)).toBeUndefined();
		await store.put('a', 0, bytes(7, 7));
		expect(await store.get('a', 0)).toEqual(bytes(7, 7));
		await store.removeAll('a');
		expect(await store.items()).toEqual(['b']);
	});
});

it('what the browser has no room for is refused before it is begun', async () => {
	stubFileSystem({ quota: 100 });
	const begin = createFileSystemFiles()?.begin('a', 91);
	await expect(begin).rejects.toMatchObject({ code: 'storage-full' });
	expect(await createFileSystemFiles()?.items()).toEqual([]);
});

it('a stream that broke is not tried again: no room would mend it', async () => {
	stubFileSystem({ writes: 1 });
	const writer = await createFileSystemFiles()?.begin('a', 2);
	await writer?.write(0, bytes(1));
	await expect(writer?.write(1, bytes(2))).rejects.toMatchObject({ code: 'storage-unavailable' });
});

it('where Blobs are refused, a file lies in segments', async () => {
	const table = createMemoryTable<Blob>();
	const refusing = {
		...table,
		write: () => Promise.reject(new DOMException('', 'AbortError')),
	};
	const store = createSegmentStore(createMemorySegments(1000), createBlobFiles(refusing), 2);
	const writer = await store.begin('a', 3);
	await writer.write(0, bytes(1, 2, 3));
	await writer.close();
	expect(await store.list('a')).toEqual([0, 1]);
	expect(await contentOf(await store.whole('a', 3))).toEqual([1, 2, 3]);
	await store.remove('a', 0);
	expect(await store.whole('a', 3)).toBeUndefined();
});

it('there is none where pages cannot write files', () => {
	vi.stubGlobal('navigator', { storage: {} });
	expect(createFileSystemFiles()).toBeUndefined();
	vi.stubGlobal('navigator', {});
	expect(createFileSystemFiles()).toBeUndefined();
});
