// RFC 3533

import type { FilePart, ReadableFile } from '../file-part.ts';
import { refuse, unlessRefused } from '../file-refused.ts';
import { makePartList } from '../part-list.ts';
import { readAhead } from '../read-ahead.ts';
import { makeHeaderCleaner } from './ogg-comments.ts';
import { FIRST_PAGE, MAX_SEGMENTS, PAGE_HEAD, readPage, sealPage } from './ogg-page.ts';

/** Pictures in comments are in the headers, too. */
const MAX_HEADERS = 32 * 2 ** 20;

/**
 * Plans an Ogg file without vendors and comments, among them places and pictures: zeros of the same length are there instead, so
 * that all pages stay where they are. undefined for streams of unknown kinds, and for what is not made of pages.
 */
export async function planCleanOgg(
	file: ReadableFile,
	start: number,
	end: number,
): Promise<readonly FilePart[] | undefined> {
	return unlessRefused(async () => {
		const read = readAhead(file);
		const parts = makePartList();
		const streams = new Map<number, ReturnType<typeof makeHeaderCleaner>>();
		const headers: Uint8Array<ArrayBuffer>[] = [];
		let left = MAX_HEADERS;
		for (let at = start; at < end; ) {
			const head = await read(at, Math.min(end, at + PAGE_HEAD + MAX_SEGMENTS));
			const page = readPage(head);
			// A last page that is cut is nothing.
			if (page === undefined && at + PAGE_HEAD + MAX_SEGMENTS < end) refuse();
			if (page === undefined || at + page.end > end) break;
			if (page.flags & FIRST_PAGE) streams.set(page.serial, makeHeaderCleaner());
			const stream = streams.get(page.serial) ?? refuse();
			if (stream.isDone) parts.keep(at, at + page.end);
			else {
				left -= page.end;
				if (left < 0) refuse();
				const bytes = await read(at, at + page.end);
				let from = page.body;
				for (const length of page.lengths) {
					if (!stream.add(bytes.subarray(from, from + length))) refuse();
					from += length;
				}
				headers.push(bytes);
				parts.add(bytes);
			}
			at += page.end;
		}
		if (streams.size === 0 || ![...streams.values()].every(({ isDone }) => isDone)) refuse();
		for (const page of headers) sealPage(page);
		return parts.list;
	});
}
