import type { CiphertextFiles } from './ciphertext-files.ts';
import { checkRoom } from './storage-usage.ts';
import type { Table } from './table.ts';

const PROBE = 'probe';

/**
 * Files as Blobs in IndexedDB, one for each call of `write`, by where it begins, which browsers keep as files beside it: for those whose pages
 * cannot write files themselves (WebKit).
 */
export function createBlobFiles(table: Table<Blob>): CiphertextFiles {
	const keyOf = (id: string, at: number) => `${id}/${at.toString().padStart(16, '0')}`;
	let works: Promise<boolean> | undefined;
	/** Private windows of WebKit refuse Blobs, in the words of a full disk. */
	async function probe(): Promise<boolean> {
		try {
			await table.write([{ key: PROBE, value: new Blob(['0']) }], 'relaxed');
			await table.write([{ key: PROBE, value: undefined }], 'relaxed');
			return true;
		} catch {
			return false;
		}
	}
	const remove = (id: string) => table.removeAll(`${id}/`);
	return {
		async begin(id, size) {
			works ??= probe();
			if (!(await works)) return undefined;
			await checkRoom(size);
			await remove(id);
			return {
				write: (at, bytes) =>
					table.write([{ key: keyOf(id, at), value: new Blob([bytes]) }], 'relaxed'),
				close: async () => undefined,
				abort: () => remove(id),
			};
		},
		async open(id) {
			const pieces = await table.all(`${id}/`);
			return pieces.length === 0 ? undefined : new Blob(pieces);
		},
		remove,
		async items() {
			const keys = await table.keys();
			return [...new Set(keys.map((key) => key.slice(0, key.indexOf('/'))))].filter(Boolean);
		},
		async bytes() {
			return (await table.all()).reduce((sum, { size }) => sum + size, 0);
		},
		clear: () => table.removeAll(),
	};
}
