import type { FilePart, ReadableFile } from '../file-part.ts';
import { unlessRefused } from '../file-refused.ts';
import { planMovieTable } from './plan-movie-table.ts';
import { planWebmTable } from './plan-webm-table.ts';
import { MAX_WITHOUT_TABLE } from './table-size.ts';

/**
 * Plans a cleaned movie or sound with an empty place for its table; undefined for one that needs none, or can have none. `type` as
 * its first bytes say. Throws nothing but what `read` throws.
 */
export async function planTable(
	file: ReadableFile,
	type: string,
): Promise<readonly FilePart[] | undefined> {
	if (file.size <= MAX_WITHOUT_TABLE) return undefined;
	switch (type) {
		case 'video/mp4':
		case 'audio/mp4':
			return unlessRefused(() => planMovieTable(file));
		case 'video/webm':
		case 'audio/webm':
			return unlessRefused(() => planWebmTable(file));
		default:
			return undefined;
	}
}
