import type { ImageSize, SizeScan } from './image-size.ts';

/** Bytes that are looked at together for the next marker of a JPEG. */
const LOOK = 4096;

/**
 * PNG third edition, sections 11.2.1 and 11.3.6.2: the picture, and the frames of one that moves. Those are behind `acTL`,
 * which counts before the pixels only.
 */
export function* scanPng(): SizeScan {
	const head = viewOf(yield [0, 24]);
	if (head.byteLength < 24 || nameAt(head, 12) !== 'IHDR') return undefined;
	const size = makeExtent(head.getUint32(16), head.getUint32(20));
	let moves = false;
	for (let at = 33; ; ) {
		const chunk = viewOf(yield [at, 28]);
		if (chunk.byteLength < 12) return size.value;
		const name = nameAt(chunk, 4);
		if (name === 'acTL') moves = true;
		if (name === 'IEND' || (name === 'IDAT' && !moves)) return size.value;
		if (name === 'fcTL' && chunk.byteLength === 28)
			size.add(
				chunk.getUint32(20) + chunk.getUint32(12),
				chunk.getUint32(24) + chunk.getUint32(16),
			);
		at += 12 + chunk.getUint32(0);
	}
}

/**
 * GIF89a sections 18 and 20: the screen and all frames, since browsers draw what is larger than its screen in full. What
 * cannot be a block ends the file, as it does in browsers.
 */
export function* scanGif(): SizeScan {
	const head = viewOf(yield [0, 13]);
	if (head.byteLength < 10) return undefined;
	const size = makeExtent(head.getUint16(6, true), head.getUint16(8, true));
	let at = 13 + (head.byteLength > 10 ? colourTable(head.getUint8(10)) : 0);
	for (;;) {
		const block = viewOf(yield [at, 10]);
		const kind = block.byteLength > 0 ? block.getUint8(0) : undefined;
		if (kind === 0x2c && block.byteLength === 10) {
			const u16 = (offset: number) => block.getUint16(offset, true);
			size.add(u16(1) + u16(5), u16(3) + u16(7));
			// One byte before the blocks tells how its codes begin, section 22.
			at += 10 + colourTable(block.getUint8(9)) + 1;
		} else if (kind === 0x21) at += 2;
		else return size.value;
		for (let left: number | undefined = 1; left !== 0; at += 1 + left) {
			[left] = yield [at, 1];
			if (left === undefined) return size.value;
		}
	}
}

/** Passes over all pixels of a JPEG: ten are usual, and each takes a decoder as long as the whole, in few bytes. */
const MAX_SCANS = 64;

/**
 * The largest frame that a JPEG's segments announce (ITU T.81 section B.2.2), up to the first scan, or to the end where
 * decoders go on to others. Segments are skipped by their length, and bytes between them too, as decoders do: neither a
 * megabyte of notes nor garbage hides a size. undefined for one of more scans than anything writes.
 */
export function* scanJpeg(): SizeScan {
	const size = makeExtent(0, 0);
	let scans = 0;
	/** that one scan has all of, if it is not progressive */
	let components = 0;
	for (let at = 2; ; ) {
		const piece = viewOf(yield [at, LOOK]);
		const start = nextMarker(piece);
		if (start + 4 > piece.byteLength) {
			if (piece.byteLength < LOOK) return size.value;
			at += start;
			continue;
		}
		const marker = piece.getUint8(start + 1);
		at += start;
		if (marker === 0xd9) return size.value;
		if (marker === 0xda) {
			const [inScan] = yield [at + 4, 1];
			if (size.value.width === 0 || inScan === components) return size.value;
			scans += 1;
			if (scans > MAX_SCANS) return undefined;
		}
		// A stuffed zero, TEM, RST0 to RST7 and a second SOI stand alone, without a length.
		if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
			at += 2;
			continue;
		}
		const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
		if (isFrame) {
			const frame = viewOf(yield [at, 10]);
			if (frame.byteLength < 9) return size.value;
			size.add(frame.getUint16(7), frame.getUint16(5));
			components = marker <= 0xc1 && frame.byteLength > 9 ? frame.getUint8(9) : 0;
		}
		at += 2 + Math.max(2, piece.getUint16(start + 2));
	}
}

/** RFC 9649 sections 2.5 to 2.7: the canvas, frames in it, and what each stream of pixels says of itself. */
export function* scanWebp(): SizeScan {
	const size = makeExtent(0, 0);
	yield* scanChunks(12, undefined, size);
	return size.value;
}

/** The chunks of a file, or, up to an `end`, those of a frame, in which there are no frames. */
function* scanChunks(
	from: number,
	end: number | undefined,
	size: Extent,
): Generator<readonly [number, number], void, Uint8Array> {
	for (let at = from; end === undefined || at + 8 <= end; ) {
		const chunk = viewOf(yield [at, 24]);
		if (chunk.byteLength < 8) return;
		const length = chunk.getUint32(4, true);
		addChunk(chunk, size);
		if (end === undefined && nameAt(chunk, 0) === 'ANMF')
			yield* scanChunks(at + 24, at + 8 + length, size);
		at += 8 + length + (length % 2);
	}
}

function addChunk(chunk: DataView, size: Extent): void {
	const u16 = (offset: number) => chunk.getUint16(offset, true);
	const u24 = (offset: number) => u16(offset) + chunk.getUint8(offset + 2) * 65536;
	const room = chunk.byteLength;
	switch (nameAt(chunk, 0)) {
		case 'VP8 ':
			if (room >= 18) size.add(u16(14) & 0x3fff, u16(16) & 0x3fff);
			break;
		case 'VP8L': {
			const bits = room >= 13 ? chunk.getUint32(9, true) : 0;
			if (room >= 13) size.add((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
			break;
		}
		case 'VP8X':
			if (room >= 18) size.add(u24(12) + 1, u24(15) + 1);
			break;
		case 'ANMF':
			if (room >= 20) size.add(2 * u24(8) + u24(14) + 1, 2 * u24(11) + u24(17) + 1);
			break;
	}
}

/** Where the next marker of a JPEG begins: at the last of the FF that fill up before it; where to go on if there is none. */
function nextMarker(piece: DataView): number {
	let at = 0;
	while (at < piece.byteLength && piece.getUint8(at) !== 0xff) at += 1;
	while (at + 1 < piece.byteLength && piece.getUint8(at + 1) === 0xff) at += 1;
	return at;
}

/** Bytes of the colour table that a packed field announces, GIF89a sections 19 and 21. */
export function colourTable(packed = 0): number {
	return packed & 0x80 ? 3 << ((packed & 7) + 1) : 0;
}

interface Extent {
	readonly value: ImageSize;
	add(width: number, height: number): void;
}

/** What holds all of what is added. */
function makeExtent(width: number, height: number): Extent {
	let value = { width, height };
	return {
		get value() {
			return value;
		},
		add(w, h) {
			value = { width: Math.max(value.width, w), height: Math.max(value.height, h) };
		},
	};
}

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function nameAt(view: DataView, at: number): string {
	let name = '';
	for (let i = at; i < at + 4; i++) name += String.fromCharCode(view.getUint8(i));
	return name;
}
