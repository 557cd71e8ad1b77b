import type { Bytes } from '../../bytes.ts';

/** The one thing of EXIF that a picture needs (EXIF 2.32 section 4.6.4, tag 0x0112): how it is turned, 1 to 8. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const TAG = 0x0112;
const SHORT = 3;
/** Entries of a directory that are looked at. */
const MAX_ENTRIES = 200;

/** Whether a TIFF structure begins here (TIFF 6.0 section 2): what does not is passed over, as browsers do. */
export function isTiff(bytes: Uint8Array): boolean {
	const [a, b, c, d] = bytes;
	return (
		(a === 0x49 && b === 0x49 && c === 42 && d === 0) ||
		(a === 0x4d && b === 0x4d && c === 0 && d === 42)
	);
}

/** Reads the orientation of a TIFF structure, as EXIF is; 1 where it says none, or nonsense. */
export function readOrientation(tiff: Uint8Array): Orientation {
	const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
	try {
		const isLittle = view.getUint16(0) === 0x4949;
		const u16 = (offset: number) => view.getUint16(offset, isLittle);
		const directory = view.getUint32(4, isLittle);
		const count = Math.min(u16(directory), MAX_ENTRIES);
		for (let entry = directory + 2; entry < directory + 2 + 12 * count; entry += 12) {
			if (u16(entry) !== TAG || u16(entry + 2) !== SHORT) continue;
			const value = u16(entry + 8);
			return value >= 1 && value <= 8 ? (value as Orientation) : 1;
		}
	} catch (thrown) {
		if (!(thrown instanceof RangeError)) throw thrown;
	}
	return 1;
}

/** A TIFF structure that says the orientation and nothing else. */
export function orientationTiff(orientation: Orientation): Bytes {
	const bytes = new Uint8Array(26);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, 0x4d4d002a);
	view.setUint32(4, 8);
	view.setUint16(8, 1);
	view.setUint16(10, TAG);
	view.setUint16(12, SHORT);
	view.setUint32(14, 1);
	view.setUint16(18, orientation);
	return bytes;
}
