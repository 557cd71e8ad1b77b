/** Bytes of a picture in which it says whether it moves; profiles and metadata may come first. */
export const ANIMATION_HEAD = 2 ** 18;

/**
 * Whether a picture has more than one frame: GIF always counts as if, WebP by its flag (RFC 9649 section 2.7), PNG by an
 * `acTL` before its pixels (PNG third edition, section 11.3.6.1), AVIF by the brand of sequences (AV1 image file format,
 * section 6.3). `type` is as sniffed.
 */
export function isAnimated(head: Uint8Array, type: string): boolean {
	const text = (offset: number, length: number) =>
		String.fromCharCode(...head.subarray(offset, offset + length));
	switch (type) {
		case 'image/gif':
			return true;
		case 'image/webp':
			return text(12, 4) === 'VP8X' && ((head[20] ?? 0) & 2) !== 0;
		case 'image/png':
			return hasAnimationChunk(head, text);
		case 'image/avif':
			return /^ftyp(?:.{4})*avis/s.test(text(4, Math.min(head[3] ?? 0, 64)));
		default:
			return false;
	}
}

function hasAnimationChunk(
	head: Uint8Array,
	text: (offset: number, length: number) => string,
): boolean {
	const view = new DataView(head.buffer, head.byteOffset, head.length);
	for (let offset = 8; offset + 8 <= head.length; offset += 12 + view.getUint32(offset)) {
		const name = text(offset + 4, 4);
		if (name === 'acTL') return true;
		if (name === 'IDAT') return false;
	}
	return false;
}
