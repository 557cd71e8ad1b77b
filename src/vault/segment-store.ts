import type { Bytes } from '../core/bytes.ts';
import type { CiphertextFiles, CiphertextWriter } from './ciphertext-files.ts';

/** Bytes of a segment of ciphertext, where its item says no other; the last of an item may be shorter. */
export const SEGMENT_LENGTH = 256 * 1024;
/** Files that are held open. */
const MAX_OPEN = 4;

/** Segments one by one, where the browser keeps such. What it returns is hostile until it has been hashed. */
export interface Segments {
	get(id: string, index: number): Promise<Bytes | undefined>;
	/** The same, in memory only where the browser cannot do better. */
	blob(id: string, index: number): Promise<Blob | undefined>;
	/** Which segments of an item are here. */
	list(id: string): Promise<number[]>;
	/** Throws MediaError `storage-full` or `storage-unavailable`. */
	put(id: string, index: number, bytes: Bytes): Promise<void>;
	remove(id: string, index: number): Promise<void>;
	/** All segments of one item. */
	removeAll(id: string): Promise<void>;
	/** The items that have segments here. */
	items(): Promise<string[]>;
	/** Every item's. */
	clear(): Promise<void>;
}

/**
 * Ciphertext of whole segments: one by one as they come, or of whole files of ours. `segment`: bytes of each of an item's segments but
 * the last.
 */
export interface SegmentStore extends Omit<Segments, 'blob' | 'get' | 'list'> {
	get(id: string, index: number, segment?: number): Promise<Bytes | undefined>;
	list(id: string, segment?: number): Promise<number[]>;
	/** Begins the file of an item, of `size` bytes. Throws MediaError as CiphertextFiles does. */
	begin(id: string, size: number, segment?: number): Promise<CiphertextWriter>;
	/** All `size` bytes of an item, not read into memory where the browser can; undefined if some are missing. */
	whole(id: string, size: number, segment?: number): Promise<Blob | undefined>;
}

/** Files are kept as such where the browser has files, else as segments; both are read alike. */
export function createSegmentStore(
	segments: Segments,
	files: CiphertextFiles,
	usual: number = SEGMENT_LENGTH,
): SegmentStore {
	const open = new Map<string, Blob>();

	async function fileOf(id: string): Promise<Blob | undefined> {
		const known = open.get(id);
		if (known !== undefined) return known;
		const file = await files.open(id);
		if (file === undefined) return undefined;
		open.set(id, file);
		const [oldest] = open.keys();
		if (open.size > MAX_OPEN && oldest !== undefined) open.delete(oldest);
		return file;
	}

	async function removeFile(id: string): Promise<void> {
		open.delete(id);
		await files.remove(id);
	}

	function beginSegments(id: string, segment: number): CiphertextWriter {
		return {
			async write(at, bytes) {
				const first = at / segment;
				const count = Math.ceil(bytes.length / segment);
				const put = (n: number) =>
					segments.put(id, first + n, bytes.slice(n * segment, (n + 1) * segment));
				await Promise.all(Array.from({ length: count }, (_, n) => put(n)));
			},
			close: async () => undefined,
			abort: () => segments.removeAll(id),
		};
	}

	return {
		async get(id, index, segment = usual) {
			if (!open.has(id)) {
				const bytes = await segments.get(id, index);
				if (bytes !== undefined) return bytes;
			}
			const part = (await fileOf(id))?.slice(index * segment, (index + 1) * segment);
			if (part === undefined || part.size === 0) return undefined;
			try {
				return new Uint8Array(await part.arrayBuffer());
			} catch {
				// It has gone since it was opened.
				open.delete(id);
				return undefined;
			}
		},
		async list(id, segment = usual) {
			const size = (await fileOf(id))?.size ?? 0;
			const ofFile = Array.from({ length: Math.ceil(size / segment) }, (_, index) => index);
			return [...new Set([...ofFile, ...(await segments.list(id))])];
		},
		put: segments.put,
		async remove(id, index) {
			await segments.remove(id, index);
			// One that is damaged cannot be mended in its place.
			await removeFile(id);
		},
		async removeAll(id) {
			await Promise.all([segments.removeAll(id), removeFile(id)]);
		},
		async items() {
			return [...new Set([...(await segments.items()), ...(await files.items())])];
		},
		async clear() {
			open.clear();
			await Promise.all([segments.clear(), files.clear()]);
		},
		async begin(id, size, segment = usual) {
			open.delete(id);
			return (await files.begin(id, size)) ?? beginSegments(id, segment);
		},
		async whole(id, size, segment = usual) {
			const file = await fileOf(id);
			if (file !== undefined) return file.size === size ? file : undefined;
			const parts: Blob[] = [];
			for (let start = 0; start < size; start += segment) {
				const part = await segments.blob(id, start / segment);
				if (part?.size !== Math.min(segment, size - start)) return undefined;
				parts.push(part);
			}
			return new Blob(parts);
		},
	};
}
