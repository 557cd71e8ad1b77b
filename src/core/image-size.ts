/** Width and height in pixels, before any EXIF rotation. */
export interface ImageSize {
	readonly width: number;
	readonly height: number;
}

/** Above this a picture is not decoded here: 50 megapixels are 200 MB of memory. */
export const MAX_PIXELS = 50_000_000;

/**
 * Reads the size that an image announces in its first bytes; undefined where it does not within them.
 * `type` is as sniffed.
 */
export function imageSize(head: Uint8Array, type: string): ImageSize | undefined {
	const view = new DataView(head.buffer, head.byteOffset, head.length);
	try {
		switch (type) {
			case 'image/png':
				return { width: view.getUint32(16), height: view.getUint32(20) };
			case 'image/gif':
				return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
			case 'image/jpeg':
				return jpegSize(view);
			case 'image/webp':
				return webpSize(view);
			case 'image/avif':
				return avifSize(view);
			default:
				return undefined;
		}
	} catch (thrown) {
		if (thrown instanceof RangeError) return undefined;
		throw thrown;
	}
}

/**
 * The first frame that a JPEG's segments announce (ITU T.81 section B.2.2). Bytes between segments are skipped,
 * as decoders do: garbage must not hide a decompression bomb.
 */
function jpegSize(view: DataView): ImageSize | undefined {
	let offset = 2;
	while (offset + 4 <= view.byteLength) {
		const marker = view.getUint8(offset + 1);
		if (view.getUint8(offset) !== 0xff || marker === 0xff) {
			offset += 1;
			continue;
		}
		// A stuffed zero, TEM and RST0 to RST7 stand alone, without a length.
		if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
			offset += 2;
			continue;
		}
		const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
		if (isFrame) return { width: view.getUint16(offset + 7), height: view.getUint16(offset + 5) };
		if (marker === 0xd9 || marker === 0xda) return undefined;
		offset += 2 + view.getUint16(offset + 2);
	}
	return undefined;
}

/** RFC 9649 section 2.5 to 2.7: simple lossy, simple lossless, extended. */
function webpSize(view: DataView): ImageSize | undefined {
	const uint24 = (offset: number) =>
		view.getUint16(offset, true) + view.getUint8(offset + 2) * 65536;
	switch (view.getUint32(12)) {
		case 0x56503820:
			return {
				width: view.getUint16(26, true) & 0x3fff,
				height: view.getUint16(28, true) & 0x3fff,
			};
		case 0x5650384c: {
			const bits = view.getUint32(21, true);
			return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
		}
		case 0x56503858:
			return { width: uint24(24) + 1, height: uint24(27) + 1 };
		default:
			return undefined;
	}
}

/** The largest `ispe` property (ISO/IEC 23008-12 section 6.5.3): a grid's tiles are smaller than its whole. */
function avifSize(view: DataView): ImageSize | undefined {
	let largest: ImageSize | undefined;
	for (let offset = 4; offset + 16 <= view.byteLength; offset++) {
		if (view.getUint32(offset) !== 0x69737065) continue;
		const size = { width: view.getUint32(offset + 8), height: view.getUint32(offset + 12) };
		if (largest === undefined || size.width * size.height > largest.width * largest.height)
			largest = size;
	}
	return largest;
}
