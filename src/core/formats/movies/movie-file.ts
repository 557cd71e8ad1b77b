// ISO/IEC 14496-12 section 4.2: the boxes of a file, of which only the indexes are read

import { type Bytes, concatBytes } from '../../bytes.ts';
import type { ReadableFile } from '../file-part.ts';
import { refuse } from '../file-refused.ts';
import { readAhead } from '../read-ahead.ts';
import { type Box, readHeader } from './movie-box.ts';

/** A box of the file itself; of brands and indexes the bytes too, from the header on. */
export interface FileBox extends Box {
	readonly bytes?: Bytes;
	/** the file ends before it does */
	readonly isCut?: boolean;
}

/** Largest sum of what is read as an index. */
const MAX_INDEX = 64 * 2 ** 20;
const MEDIA = ['moov', 'moof', 'mdat'];
const MAX_BOXES = 2 ** 17;
/** A list of brands that is longer says something else. */
const MAX_BRANDS = 4096;

export function isBrands({ type, start, end }: Box): boolean {
	return (type === 'ftyp' || type === 'styp') && end - start <= MAX_BRANDS;
}

/**
 * The boxes of the file; what hangs behind the last is left out, and a last mdat may be cut. Throws `FileRefused` for too many, and
 * for a cut index.
 */
export async function readFileBoxes(file: ReadableFile): Promise<FileBox[]> {
	const read = readAhead(file);
	const boxes: FileBox[] = [];
	let left = MAX_INDEX;
	for (let at = 0; at + 8 <= file.size; ) {
		const bytes = await read(at, Math.min(at + 16, file.size));
		// The length of a box of 8 bytes may not be read behind the end of the file.
		const { type, head, size } = readHeader(concatBytes(bytes, new Uint8Array(8)), 0);
		const length = size === 0 ? file.size - at : size;
		if (length < head && MEDIA.includes(type)) refuse();
		if (length < head) break;
		// Players show what there is of the media; the rest of a cut fragment, or of a note, is nothing.
		const isCut = at + length > file.size;
		if (isCut && type === 'moov') refuse();
		if (isCut && type !== 'mdat') break;
		const end = isCut ? file.size : at + length;
		const box = { type, start: at, body: at + head, end, isCut };
		const isRead = ['moov', 'moof'].includes(type) || isBrands(box);
		if (isRead) left -= end - at;
		if (left < 0 || boxes.length === MAX_BOXES) refuse();
		boxes.push(isRead ? { ...box, bytes: await read(at, end) } : box);
		at = end;
	}
	return boxes;
}
