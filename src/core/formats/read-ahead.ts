import type { Bytes } from '../bytes.ts';
import type { ReadableFile } from './file-part.ts';
import { refuse } from './file-refused.ts';

const READ_AHEAD = 64 * 1024;

/**
 * Reads small pieces that lie near each other with few reads. Throws `FileRefused` where the file is shorter than it said.
 */
export function readAhead(file: ReadableFile): ReadableFile['read'] {
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
