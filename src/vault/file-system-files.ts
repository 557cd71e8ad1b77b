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
	/** None where a private mode refuses it. */
	async function files(): Promise<FileSystemFileHandle[]> {
		const found: FileSystemFileHandle[] = [];
		try {
			for await (const handle of (await open()).values())
				if (handle.kind === 'file') found.push(handle);
		} catch {}
		return found;
	}
	async function remove(id: string): Promise<void> {
		await (await open()).removeEntry(id).catch(() => undefined);
	}
	const items = async () => (await files()).map(({ name }) => name);
	const fileOf = (handle: FileSystemFileHandle) => handle.getFile().catch(() => undefined);
	/** A stream that broke takes nothing more, whatever room there is. */
	async function unbroken(work: Promise<void>): Promise<void> {
		try {
			await work;
		} catch (thrown) {
			throw new MediaError('storage-unavailable', { cause: thrown });
		}
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
				write: (at, data) => unbroken(writer.write({ type: 'write', position: at, data })),
				close: () => unbroken(writer.close()),
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
			const all = await Promise.all((await files()).map(fileOf));
			return all.reduce((sum, file) => sum + (file?.size ?? 0), 0);
		},
		async clear() {
			for (const id of await items()) await remove(id);
		},
	};
}
