// ID3v2.4.0 section 3: https://id3.org/id3v2.4.0-structure

const HEADER = 10;
const HAS_FOOTER = 0x10;

/** Bytes of an ID3v2 tag that begins there, with header and footer; 0 for what is none. */
export function id3Length(bytes: Uint8Array, at: number): number {
	const [i, d, three, major = 0, , flags = 0, ...size] = bytes.subarray(at, at + HEADER);
	if (i !== 0x49 || d !== 0x44 || three !== 0x33 || major < 2 || major > 4) return 0;
	if (size.length !== 4 || size.some((byte) => byte > 0x7f)) return 0;
	const content = size.reduce((sum, byte) => sum * 128 + byte, 0);
	return HEADER + content + (flags & HAS_FOOTER ? HEADER : 0);
}

/** Where what stands behind all ID3v2 tags from `at` on begins; may lie behind the end. */
export function behindId3(bytes: Uint8Array, at = 0): number {
	for (let length = id3Length(bytes, at); length > 0; length = id3Length(bytes, at)) at += length;
	return at;
}
