// Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", 1991

/** Where the content of a chunk lies. */
export interface WavChunk {
	readonly type: string;
	readonly start: number;
	readonly end: number;
}

/** The header of the file, and that of a chunk. */
export const RIFF_HEADER = 12;
export const CHUNK_HEADER = 8;

/** The header of the chunk at `at`; a chunk that is longer than the file ends with the file, as in players. */
export function readChunk(header: Uint8Array, at: number, size: number): WavChunk {
	const view = new DataView(header.buffer, header.byteOffset, CHUNK_HEADER);
	const start = at + CHUNK_HEADER;
	const type = String.fromCharCode(...header.subarray(0, 4));
	return { type, start, end: Math.min(size, start + view.getUint32(4, true)) };
}

/** Where the next chunk begins: they lie at even places. */
export function behindChunk({ start, end }: WavChunk): number {
	return end + ((end - start) % 2);
}
