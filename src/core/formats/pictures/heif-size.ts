// AV1 Image File Format sections 2 and 3, ISO/IEC 23008-12 sections 6.5.3 (ispe) and 6.6.2.3 (grid)

import { FileRefused, refuse } from '../file-refused.ts';
import { type Box, boxesIn, boxesOf, boxIn, readHeader, uint } from '../movies/movie-box.ts';
import { samplesOf } from '../movies/sample-places.ts';
import { makeSizeReader, readUnit } from './av1-size.ts';
import { contentOf, type HeifItem, readHeifItems } from './heif-items.ts';
import type { ImageSize, SizeScan } from './image-size.ts';

/** Bytes of an index that is read whole; those of large grids have some thousand. */
const MAX_INDEX = 16 * 2 ** 20;
/** Units that are looked at, of all streams together: each may have to be read from another place of the file. */
const MAX_UNITS = 2 ** 15;
/** Boxes in boxes, as deep as any that is known lies. */
const MAX_DEPTH = 8;
/** Bytes in which a sequence header says its size. */
const UNIT_HEAD = 256;
const CONTAINERS = ['meta', 'iprp', 'ipco', 'moov', 'trak'];

type Add = (width: number, height: number) => void;
type Reads<T> = Generator<readonly [number, number], T, Uint8Array>;

/**
 * The largest of all that an AVIF has: every `ispe`, wherever it stands, grids, tracks, and what the streams of pixels say
 * themselves, which is what decoders make room for. undefined for what is not well-formed. `size` of the file, in bytes.
 */
export function* scanAvif(size: number): SizeScan {
	let largest: ImageSize | undefined;
	const add: Add = (width, height) => {
		if (largest === undefined || width * height > largest.width * largest.height)
			largest = { width, height };
	};
	try {
		for (let at = 0; at + 8 <= size; ) {
			const header = readHeader(yield [at, 16], 0);
			const length = header.size === 0 ? size - at : header.size;
			if (length < header.head) break;
			if (CONTAINERS.includes(header.type)) {
				if (length > MAX_INDEX || at + length > size) return undefined;
				const box = { type: header.type, start: 0, body: header.head, end: length };
				yield* scanIndex(yield [at, length], box, add);
			}
			at += length;
		}
	} catch (thrown) {
		if (thrown instanceof FileRefused) return undefined;
		throw thrown;
	}
	return largest;
}

function* scanIndex(bytes: Uint8Array, box: Box, add: Add): Reads<void> {
	addBox(bytes, box, add, 0);
	const units = { left: MAX_UNITS };
	for (const trak of box.type === 'moov' ? boxesOf(bytes, box, 'trak') : []) {
		// What the first sample announces is for all.
		const sizeOf = makeSizeReader();
		for (const [start, size] of samplesOf(bytes, trak)) {
			const read: ReadItem = (offset, length) =>
				fromFile(start + offset, Math.max(0, Math.min(length, size - offset)));
			yield* scanUnits(read, add, units, sizeOf);
		}
	}
	if (box.type !== 'meta') return;
	const idat = boxIn(bytes, contentOf(box), 'idat');
	// biome-ignore lint/correctness/useYield: what is here already is not asked for
	function* fromIndex(offset: number, length: number): Reads<Uint8Array> {
		const start = (idat?.body ?? 0) + offset;
		return bytes.subarray(start, Math.min(idat?.end ?? 0, start + length));
	}
	const items = readHeifItems(bytes, box).filter(({ type }) => type === 'av01' || type === 'grid');
	// In the order of the file, so that it is read once.
	items.sort((a, b) => (a.extents[0]?.start ?? 0) - (b.extents[0]?.start ?? 0));
	for (const item of items) {
		const source = item.method === 1 ? fromIndex : fromFile;
		const read: ReadItem = (offset, length) => readItem(item, source, offset, length);
		yield* item.type === 'grid' ? scanGrid(read, add) : scanUnits(read, add, units);
	}
}

function addBox(bytes: Uint8Array, box: Box, add: Add, depth: number): void {
	if (depth > MAX_DEPTH) refuse();
	switch (box.type) {
		case 'ispe':
			add(uint(bytes, box.body + 4, 4), uint(bytes, box.body + 8, 4));
			break;
		case 'tkhd':
			// Fixed point, 16.16.
			add(uint(bytes, box.end - 8, 2), uint(bytes, box.end - 4, 2));
			break;
		default: {
			if (!CONTAINERS.includes(box.type)) return;
			const { body, end } = box.type === 'meta' ? contentOf(box) : box;
			for (const inner of boxesIn(bytes, body, end)) addBox(bytes, inner, add, depth + 1);
		}
	}
}

type ReadItem = (offset: number, length: number) => Reads<Uint8Array>;

/** The size of the whole that its tiles make. */
function* scanGrid(read: ReadItem, add: Add): Reads<void> {
	const grid = yield* read(0, 12);
	const length = (grid[1] ?? 0) & 1 ? 4 : 2;
	add(uint(grid, 4, length), uint(grid, 4 + length, length));
}

/** The size that each sequence header of a stream says. */
function* scanUnits(
	read: ReadItem,
	add: Add,
	units: { left: number },
	sizeOf = makeSizeReader(),
): Reads<void> {
	let at = 0;
	while (units.left-- > 0) {
		const bytes = yield* read(at, UNIT_HEAD);
		const unit = readUnit(bytes);
		if (unit === undefined) return;
		const size = sizeOf(bytes, unit);
		if (size !== undefined) add(size.width, size.height);
		at += unit.end;
		if (!Number.isFinite(at)) return;
	}
	refuse();
}

/** Bytes of an item, which may lie in several places; as many as there are. */
function* readItem(
	{ extents }: HeifItem,
	source: ReadItem,
	offset: number,
	length: number,
): Reads<Uint8Array> {
	const joined = new Uint8Array(length);
	let filled = 0;
	let before = 0;
	for (const extent of extents) {
		const room = extent.length === 0 ? Number.POSITIVE_INFINITY : extent.length;
		const from = offset + filled - before;
		before += room;
		if (from >= room) continue;
		const wanted = Math.min(room - from, length - filled);
		const part = yield* source(extent.start + from, wanted);
		joined.set(part, filled);
		filled += part.length;
		if (filled === length || part.length < wanted) break;
	}
	return joined.subarray(0, filled);
}

function* fromFile(offset: number, length: number): Reads<Uint8Array> {
	return yield [offset, length];
}
