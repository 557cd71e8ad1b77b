// docs/segment-tags.md

import { equalBytes } from '../../bytes.ts';
import { readElement } from '../ebml.ts';

/** Bytes of a file's start in which a table begins, if it has one. */
export const TABLE_REACH = 8192;
/** Bytes of the longest list of brands that a table stands behind. */
export const MAX_BRANDS = 4096;
/** Type of the box that holds a table (ISO/IEC 14496-12 section 4.2), behind the four letters `uuid`. */
export const TABLE_TYPE = Uint8Array.of(
	...[0x91, 0xd4, 0x3f, 0x06, 0xee, 0x6a, 0x43, 0xee],
	...[0x92, 0xf6, 0x1d, 0x94, 0x88, 0xc7, 0x75, 0x33],
);
/** Bytes in front of a table in a movie: size, `uuid`, and the type. */
export const MOVIE_TABLE_HEADER = 24;
const UUID = 0x75756964;
const FTYP = 0x66747970;
const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const VOID = 0xec;

/** Where the payload of a table lies in a file: bytes of plaintext. */
export interface TablePlace {
	readonly offset: number;
	readonly length: number;
}

/** Where a table would be, by the first bytes of a file: 8 KiB, or all of it; undefined if there is no place for one. */
export function tablePlace(head: Uint8Array): TablePlace | undefined {
	return placeInMovie(head) ?? placeInWebm(head);
}

function placeInMovie(head: Uint8Array): TablePlace | undefined {
	const view = new DataView(head.buffer, head.byteOffset, head.length);
	if (head.length < 8 || view.getUint32(4) !== FTYP) return undefined;
	const at = view.getUint32(0);
	if (at > MAX_BRANDS || at + MOVIE_TABLE_HEADER > head.length) return undefined;
	const size = view.getUint32(at);
	const isTable =
		view.getUint32(at + 4) === UUID &&
		equalBytes(head.subarray(at + 8, at + MOVIE_TABLE_HEADER), TABLE_TYPE);
	if (!isTable || size < MOVIE_TABLE_HEADER) return undefined;
	return { offset: at + MOVIE_TABLE_HEADER, length: size - MOVIE_TABLE_HEADER };
}

function placeInWebm(head: Uint8Array): TablePlace | undefined {
	const ebml = readElement(head, 0);
	if (ebml?.id !== EBML || ebml.size === undefined) return undefined;
	const segment = readElement(head, ebml.body + ebml.size);
	if (segment?.id !== SEGMENT) return undefined;
	const place = readElement(head, segment.body);
	// Its size takes eight bytes, whatever it is.
	if (place?.id !== VOID || place.body !== segment.body + 9) return undefined;
	return place.size === undefined ? undefined : { offset: place.body, length: place.size };
}
