import { MediaError } from '../core/errors.ts';
import type { CiphertextFiles } from './ciphertext-files.ts';
import { checkRoom } from './storage-usage.ts';

const FOLDER = 'media';

/**
 * Files in the origin private file system (WHATWG File System), where it can be written to from pages: Chromium, Firefox, Safari
 * from 26 on; undefined elsewhere.
 */
export function createFileSystemFiles(): CiphertextFiles | undefined {
	const storage = typeof navigator === 'undefined' ? undefined : navigator.storage;
	if (typeof storage?.getDirectory !== 'function') return undefined;
	if (typeof FileSystemFileHandle?.prototype.createWritable !== 'function') return undefined;
	let folder: Promise<FileSystemDirectoryHandle> | undefined;
	const open = () => {
		folder ??= storage
			.getDirectory()
			.then((root) => root.getDirectoryHandle(FOLDER, { create: true }));
		folder.catch(() => {
			folder = undefined;
		});
		return folder;
	};
	async function* files(): AsyncGenerator<FileSystemFileHandle> {
		for await (const handle of (await open()).values()) if (handle.kind === 'file') yield handle;
	}
	async function remove(id: string): Promise<void> {
		await (await open()).removeEntry(id).catch(() => undefined);
	}
	async function items(): Promise<string[]> {
		const names: string[] = [];
		try {
			for await (const { name } of files()) names.push(name);
		} catch {
			// Private modes may refuse it.
		}
		return names;
	}
	return {
		async begin(id, size) {
			await checkRoom(size);
			let writer: FileSystemWritableFileStream;
			try {
				const handle = await (await open()).getFileHandle(id, { create: true });
				writer = await handle.createWritable();
			} catch {
				return undefined;
			}
			return {
				async write(bytes) {
					try {
						await writer.write(bytes);
					} catch (thrown) {
						// After that the stream takes nothing more, whatever room there is.
						throw new MediaError('storage-unavailable', { cause: thrown });
					}
				},
				async close() {
					try {
						await writer.close();
					} catch (thrown) {
						throw new MediaError('storage-unavailable', { cause: thrown });
					}
				},
				async abort() {
					await writer.abort().catch(() => undefined);
					await remove(id);
				},
			};
		},
		async open(id) {
			try {
				return await (await (await open()).getFileHandle(id)).getFile();
			} catch {
				return undefined;
			}
		},
		remove,
		items,
		async bytes() {
			let sum = 0;
			try {
				for await (const handle of files()) sum += (await handle.getFile()).size;
			} catch {
				// One that is removed meanwhile does not count.
			}
			return sum;
		},
		async clear() {
			for (const id of await items()) await remove(id);
		},
	};
}
