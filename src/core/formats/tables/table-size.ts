import { TAG_LENGTH } from '../../crypto/gcm.ts';
import { TABLE_HEAD } from '../../crypto/segment-tags.ts';

/** Bytes up to which a file needs no table: it is verified whole before it is shown. */
export const MAX_WITHOUT_TABLE = 2 ** 20;
/** Bytes of a segment, unless the file would have more than MAX_TAGS of them. */
const MIN_SEGMENT = 2 ** 16;
const MAX_TAGS = 4096;
/** More bytes than a file gains by its table, and what stands around it. */
export const TABLE_GAIN = 2 ** 17;

/** Bytes of each segment but the last, of a file of so many bytes. */
export function segmentSizeOf(size: number): number {
	let segment = MIN_SEGMENT;
	while (Math.ceil(size / segment) > MAX_TAGS) segment *= 2;
	return segment;
}

/** Bytes of the payload for a file that has so many bytes without it. */
export function tableLength(size: number): number {
	return TABLE_HEAD + TAG_LENGTH * Math.min(MAX_TAGS, Math.ceil((size + TABLE_GAIN) / MIN_SEGMENT));
}
