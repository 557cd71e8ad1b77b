// AV1 Bitstream & Decoding Process Specification, sections 5.3 and 5.5

import type { ImageSize } from './image-size.ts';

const SEQUENCE_HEADER = 1;

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
	if (first === undefined || first & 0x80) return undefined;
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

/** The largest frame that a sequence header announces (section 5.5.1); undefined for other units, and for one that is cut off. */
export function sequenceSize(bytes: Uint8Array, { type, body }: Unit): ImageSize | undefined {
	if (type !== SEQUENCE_HEADER) return undefined;
	const read = makeBits(bytes.subarray(body));
	read(3 + 1);
	if (read(1) === 1) read(5);
	else skipOperatingPoints(read);
	const widthBits = read(4) + 1;
	const heightBits = read(4) + 1;
	const size = { width: read(widthBits) + 1, height: read(heightBits) + 1 };
	return Number.isNaN(size.width + size.height) ? undefined : size;
}

type Bits = (count: number) => number;

function skipOperatingPoints(read: Bits): void {
	let delayBits = 0;
	if (read(1) === 1) {
		read(32 + 32);
		if (read(1) === 1) skipUvlc(read);
		if (read(1) === 1) {
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
