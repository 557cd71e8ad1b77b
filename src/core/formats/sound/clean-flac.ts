// RFC 9639 section 8

import { concatBytes } from '../../bytes.ts';
import type { FilePart, ReadableFile } from '../file-part.ts';
import { refuse, unlessRefused } from '../file-refused.ts';
import { readAhead } from '../read-ahead.ts';

const MARKER = 4;
const BLOCK_HEADER = 4;
const LAST = 0x80;
const STREAMINFO = 0;
const STREAMINFO_LENGTH = 34;
const SEEK_TABLE = 3;
const SEEK_POINT = 18;
/** Without a vendor and without comments; the last block. */
const NO_COMMENTS = Uint8Array.of(LAST | 4, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0);
const MAX_BLOCKS = 1000;
const MAX_TABLE = 2 ** 20;

/** Plans a FLAC of its stream's description, seek table and frames; undefined for what is none. */
export async function planCleanFlac(
	file: ReadableFile,
	start: number,
	end: number,
): Promise<readonly FilePart[] | undefined> {
	return unlessRefused(async () => {
		const read = readAhead(file);
		const take = (from: number, to: number) => (to > end ? refuse() : read(from, to));
		const head = [await take(start, start + MARKER)];
		let at = start + MARKER;
		for (let i = 0, isLast = false; !isLast; i++) {
			const header = await take(at, at + BLOCK_HEADER);
			const [kind = 0, high = 0, middle = 0, low = 0] = header;
			const next = at + BLOCK_HEADER + high * 2 ** 16 + middle * 2 ** 8 + low;
			isLast = kind >= LAST;
			header[0] = kind & ~LAST;
			const length = next - at - BLOCK_HEADER;
			const isInfo = header[0] === STREAMINFO && length === STREAMINFO_LENGTH;
			if (isInfo !== (i === 0) || i === MAX_BLOCKS) refuse();
			const isTable = header[0] === SEEK_TABLE && length % SEEK_POINT === 0 && length <= MAX_TABLE;
			if (isInfo || isTable) head.push(header, await take(at + BLOCK_HEADER, next));
			at = next;
		}
		const [sync, kind = 0] = await take(at, at + 2);
		if (sync !== 0xff || (kind & 0xfe) !== 0xf8) refuse();
		return [concatBytes(...head, NO_COMMENTS), { start: at, end }];
	});
}
