// ISO/IEC 14496-12 section 4.2: the boxes of a file, of which only the indexes are read

import { type Bytes, concatBytes } from './bytes.ts';
import { type Box, readHeader, refuse } from './movie-box.ts';

/** A file that is never read whole; `read` gives exactly the bytes asked for, which may then be written to. */
export interface MovieFile {
	readonly size: number;
	read(start: number, end: number): Promise<Bytes>;
}

/** A box of the file itself; of a moov or moof the bytes too, from its header on. */
export interface FileBox extends Box {
	readonly bytes?: Bytes;
}

/** Largest sum of what is read as an index. */
const MAX_INDEX = 64 * 2 ** 20;
const MAX_BOXES = 2 ** 17;
const READ_AHEAD = 64 * 1024;

/** The boxes of the file; what hangs behind the last is left out. Throws `MovieRefused` for too many, and for a cut one. */
export async function readFileBoxes(file: MovieFile): Promise<FileBox[]> {
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

/** Most fragments are short: one read gets an index and the next header. */
function readAhead(file: MovieFile): MovieFile['read'] {
	let from = 0;
	let held: Bytes = new Uint8Array(0);
	const readExactly = async (start: number, end: number) => {
		const bytes = await file.read(start, end);
		return bytes.length === end - start ? bytes : refuse();
	};
	return async (start, end) => {
		if (end - start > READ_AHEAD) return readExactly(start, end);
		if (start < from || end > from + held.length) {
			held = await readExactly(start, Math.min(file.size, start + READ_AHEAD));
			from = start;
		}
		return held.slice(start - from, end - from);
	};
}
