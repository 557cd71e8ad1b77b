// ISO/IEC 14496-12 section 4.2: the boxes of a file, of which only the indexes are read

import { type Bytes, concatBytes } from './bytes.ts';
import type { ReadableFile } from './file-part.ts';
import { refuse } from './file-refused.ts';
import { type Box, readHeader } from './movie-box.ts';
import { readAhead } from './read-ahead.ts';

/** A box of the file itself; of a moov or moof the bytes too, from its header on. */
export interface FileBox extends Box {
	readonly bytes?: Bytes;
}

/** Largest sum of what is read as an index. */
const MAX_INDEX = 64 * 2 ** 20;
const MAX_BOXES = 2 ** 17;

/** The boxes of the file; what hangs behind the last is left out. Throws `FileRefused` for too many, and for a cut one. */
export async function readFileBoxes(file: ReadableFile): Promise<FileBox[]> {
	const read = readAhead(file);
	const boxes: FileBox[] = [];
	let left = MAX_INDEX;
	for (let at = 0; at + 8 <= file.size; ) {
		const bytes = await read(at, Math.min(at + 16, file.size));
		// The length of a box of 8 bytes may not be read behind the end of the file.
		const { type, head, size } = readHeader(concatBytes(bytes, new Uint8Array(8)), 0);
		const end = size === 0 ? file.size : at + size;
		if (end < at + head || end > file.size) {
			if (['moov', 'moof', 'mdat'].includes(type)) refuse();
			break;
		}
		const box = { type, start: at, body: at + head, end };
		const isIndex = type === 'moov' || type === 'moof';
		if (isIndex) left -= end - at;
		if (left < 0 || boxes.length === MAX_BOXES) refuse();
		boxes.push(isIndex ? { ...box, bytes: await read(at, end) } : box);
		at = end;
	}
	return boxes;
}
