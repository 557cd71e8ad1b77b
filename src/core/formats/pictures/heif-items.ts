// HEIF and AVIF: ISO/IEC 14496-12 sections 8.11.3 (iloc) and 8.11.6 (iinf)

import { refuse } from '../file-refused.ts';
import { type Box, boxesIn, boxIn, nameAt, uint } from '../movies/movie-box.ts';

/** An item of a `meta` box: a picture, a part of one, or what is said about one. */
export interface HeifItem {
	readonly id: number;
	/** four letters; '' where none says */
	readonly type: string;
	/** where its place is written down */
	readonly location?: Range;
	/** 0: in the file, 1: in the `idat` box, 2: in another item */
	readonly method: number;
	/** it lies in another file */
	readonly isElsewhere: boolean;
	/** offsets from the beginning of the file or of the content of `idat`; a length of 0 lasts to the end of it */
	readonly extents: readonly { readonly start: number; readonly length: number }[];
}

export interface Range {
	readonly start: number;
	readonly end: number;
}

/** A sane file has tiles by the hundred, each in one place. */
const MAX_ITEMS = 4096;
/** Of all items together: a place that needs no bytes to be written down costs its sender nothing. */
const MAX_EXTENTS = 16_384;

/** The items of a `meta` box. Throws `FileRefused` for what is not well-formed. */
export function readHeifItems(bytes: Uint8Array, meta: Box): readonly HeifItem[] {
	const inner = contentOf(meta);
	const iinf = boxIn(bytes, inner, 'iinf');
	const types = new Map(iinf === undefined ? [] : readTypes(bytes, iinf));
	const items: HeifItem[] = [];
	const iloc = boxIn(bytes, inner, 'iloc');
	for (const place of iloc === undefined ? [] : readPlaces(bytes, iloc)) {
		items.push({ ...place, type: types.get(place.id) ?? '' });
		types.delete(place.id);
	}
	for (const [id, type] of types)
		items.push({ id, type, method: 0, isElsewhere: false, extents: [] });
	return items;
}

/** A `meta` box as a list of boxes: version and flags come first. */
export function contentOf(meta: Box): Box {
	return { ...meta, body: meta.body + 4 };
}

/** The types of the items that an `iinf` box declares. */
function* readTypes(bytes: Uint8Array, iinf: Box): Generator<readonly [id: number, type: string]> {
	let count = 0;
	for (const info of boxesIn(bytes, firstInfo(bytes, iinf), iinf.end)) {
		if (info.type !== 'infe' || ++count > MAX_ITEMS) refuse();
		const version = uint(bytes, info.body, 1);
		const idLength = version === 3 ? 4 : 2;
		const type = version >= 2 ? nameAt(bytes, info.body + 4 + idLength + 2) : '';
		yield [uint(bytes, info.body + 4, idLength), type];
	}
}

/** Where the first declaration begins: the count before it is as long as the version says. */
export function firstInfo(bytes: Uint8Array, iinf: Box): number {
	return iinf.body + 4 + (uint(bytes, iinf.body, 1) === 0 ? 2 : 4);
}

/** The layout of an `iloc` box: where its entries begin, and how long their numbers are. */
export function readPlaceSizes(bytes: Uint8Array, iloc: Box) {
	const version = uint(bytes, iloc.body, 1);
	const sizes = uint(bytes, iloc.body + 4, 2);
	const idLength = version < 2 ? 2 : 4;
	return {
		version,
		idLength,
		offset: sizes >> 12,
		length: (sizes >> 8) & 15,
		base: (sizes >> 4) & 15,
		index: version === 0 ? 0 : sizes & 15,
		count: iloc.body + 6,
		first: iloc.body + 6 + idLength,
	};
}

function* readPlaces(bytes: Uint8Array, iloc: Box) {
	const sizes = readPlaceSizes(bytes, iloc);
	const { version, idLength } = sizes;
	const count = uint(bytes, sizes.count, idLength);
	if (count > MAX_ITEMS) refuse();
	let at = sizes.first;
	let extentsLeft = MAX_EXTENTS;
	const next = (length: number) => {
		at += length;
		return uint(bytes, at - length, length);
	};
	for (let left = count; left > 0; left--) {
		const start = at;
		const id = next(idLength);
		const method = version === 0 ? 0 : next(2) & 15;
		const isElsewhere = next(2) !== 0;
		const base = next(sizes.base);
		const extentCount = next(2);
		extentsLeft -= extentCount;
		if (extentsLeft < 0) refuse();
		const extents = Array.from({ length: extentCount }, () => {
			next(sizes.index);
			return { start: base + next(sizes.offset), length: next(sizes.length) };
		});
		if (at > iloc.end) refuse();
		yield { id, method, isElsewhere, extents, location: { start, end: at } };
	}
}
