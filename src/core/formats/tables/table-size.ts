import { TABLE_HEAD } from '../../crypto/segment-tags.ts';

/** Bytes up to which a file needs no table: it is verified whole before it is shown. */
export const NO_TABLE = 2 ** 20;
/** Bytes of the shortest segment, as long as a file has few enough of them. */
const SEGMENT = 2 ** 16;
const SEGMENTS = 4096;
/** Bytes that a file may gain by its table, at the most. */
export const TABLE_GAIN = 2 ** 17;

/** Bytes of each segment but the last, of a file of so many bytes. */
export function segmentSizeOf(size: number): number {
	let segment = SEGMENT;
	while (Math.ceil(size / segment) > SEGMENTS) segment *= 2;
	return segment;
}

/** Bytes of the payload for a file that has so many bytes without it. */
export function tableLength(size: number): number {
	return TABLE_HEAD + 16 * Math.min(SEGMENTS, Math.ceil((size + TABLE_GAIN) / SEGMENT));
}
