// AV1 Bitstream & Decoding Process Specification, sections 5.3, 5.5 and 5.9

import type { ImageSize } from './image-size.ts';

const SEQUENCE_HEADER = 1;
/** OBU_FRAME_HEADER, OBU_FRAME, OBU_REDUNDANT_FRAME_HEADER. */
const FRAME_HEADERS = [3, 6, 7];

/** An open bitstream unit (OBU). Offsets in bytes from where it begins. */
export interface Unit {
	/** obu_type, section 6.2.2 */
	readonly type: number;
	/** where its content begins */
	readonly body: number;
	/** infinite for a unit that lasts to the end of what it lies in */
	readonly end: number;
}

/** Reads the header of the unit that begins here (sections 5.3.2 and 4.10.5, leb128); undefined if it is cut off, or none. */
export function readUnit(bytes: Uint8Array): Unit | undefined {
	const [first] = bytes;
	// Its first bit is forbidden, and decoders pass over that.
	if (first === undefined) return undefined;
	let at = first & 4 ? 2 : 1;
	const type = (first >> 3) & 15;
	if (!(first & 2)) return { type, body: at, end: Number.POSITIVE_INFINITY };
	let size = 0;
	for (let i = 0; i < 8; i++) {
		const byte = bytes[at];
		if (byte === undefined) return undefined;
		at += 1;
		size += (byte & 0x7f) * 2 ** (7 * i);
		if (!(byte & 0x80)) return { type, body: at, end: at + size };
	}
	return undefined;
}

const KEY_FRAME = 0;
const SWITCH_FRAME = 3;

/**
 * Tells of the units of a stream, one after the other, the size that each needs room for: of a sequence header what it
 * announces (section 5.5), of a frame that has a size of its own (section 5.9.5) the largest that it can say. Where frames do
 * not begin as nearly all do (timed, numbered, without choice of tools), that is not read, and the header counts as one that has.
 * undefined for all others.
 */
export function makeSizeReader(): (bytes: Uint8Array, unit: Unit) => ImageSize | undefined {
	/** undefined where no frame has a size of its own, or all count as if */
	let largest: ImageSize | undefined;
	/** frames say whether they are of a screen */
	let isScreenChosen = 0;

	function readSequence(read: Bits): ImageSize | undefined {
		read(3 + 1);
		const isReduced = read(1);
		const isTimed = isReduced ? read(5) < 0 : readOperatingPoints(read);
		const widthBits = read(4) + 1;
		const heightBits = read(4) + 1;
		const size = { width: read(widthBits) + 1, height: read(heightBits) + 1 };
		if (Number.isNaN(size.width + size.height)) return undefined;
		const limit = { width: 2 ** widthBits, height: 2 ** heightBits };
		largest = undefined;
		if (isReduced) return size;
		if (read(1) || isTimed) return limit;
		read(3 + 4);
		if (read(1)) read(2);
		// seq_choose_screen_content_tools; what it forces, or seq_choose_integer_mv
		isScreenChosen = read(1);
		if (read(1) !== isScreenChosen) return limit;
		largest = limit;
		return size;
	}

	/** Section 5.9.2, up to frame_size_override_flag. */
	function hasOwnSize(read: Bits): boolean {
		// Shown again: it was decoded already.
		if (read(1)) return false;
		const kind = read(2);
		const isShown = read(1);
		if (!isShown) read(1);
		if (kind !== SWITCH_FRAME && (kind !== KEY_FRAME || !isShown)) read(1);
		read(1);
		if (isScreenChosen && read(1)) read(1);
		return kind === SWITCH_FRAME || read(1) === 1;
	}

	return (bytes, { type, body }) => {
		const read = makeBits(bytes.subarray(body));
		if (type === SEQUENCE_HEADER) return readSequence(read);
		return FRAME_HEADERS.includes(type) && largest && hasOwnSize(read) ? largest : undefined;
	};
}

type Bits = (count: number) => number;

/** Reads what stands before the sizes; whether frames may say when they are shown. */
function readOperatingPoints(read: Bits): boolean {
	let delayBits = 0;
	if (read(1)) {
		read(32 + 32);
		if (read(1)) skipUvlc(read);
		if (read(1)) {
			delayBits = read(5) + 1;
			read(32 + 5 + 5);
		}
	}
	const hasDelay = read(1) === 1;
	for (let left = read(5) + 1; left > 0; left--) {
		read(12);
		if (read(5) > 7) read(1);
		if (delayBits > 0 && read(1) === 1) read(2 * delayBits + 1);
		if (hasDelay && read(1) === 1) read(4);
	}
	return delayBits > 0;
}

function skipUvlc(read: Bits): void {
	let zeros = 0;
	while (zeros < 32 && read(1) === 0) zeros += 1;
	if (zeros < 32) read(zeros);
}

/** Reads bits, the highest first; NaN once there are none left. */
function makeBits(bytes: Uint8Array): Bits {
	let at = 0;
	return (count) => {
		let value = 0;
		for (let end = at + count; at < end; at++) {
			const byte = bytes[at >> 3];
			value = byte === undefined ? Number.NaN : value * 2 + ((byte >> (7 - (at & 7))) & 1);
		}
		return value;
	};
}
