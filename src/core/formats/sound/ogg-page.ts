// RFC 3533 section 6

/** Bytes of a page's head before its lacing values. */
export const PAGE_HEAD = 27;
/** A page holds so many lacing values at most. */
export const MAX_SEGMENTS = 255;
export const FIRST_PAGE = 2;
export const LAST_PAGE = 4;
const OGGS = 0x4f676753;
const CHECKSUM_AT = 22;

/** The head of a page; `lengths` are those of the segments. undefined if there is none, or not all of it. */
export function readPage(bytes: Uint8Array) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	if (bytes.length < PAGE_HEAD || view.getUint32(0) !== OGGS) return undefined;
	const body = PAGE_HEAD + (bytes[PAGE_HEAD - 1] ?? 0);
	const lengths = bytes.subarray(PAGE_HEAD, body);
	return {
		flags: bytes[5] ?? 0,
		serial: view.getUint32(14, true),
		lengths,
		body,
		end: lengths.reduce((sum, length) => sum + length, body),
	};
}

/** Writes the checksum of a whole page into it. */
export function sealPage(page: Uint8Array<ArrayBuffer>): void {
	const view = new DataView(page.buffer, page.byteOffset, page.length);
	view.setUint32(CHECKSUM_AT, 0);
	view.setUint32(CHECKSUM_AT, checksum(page), true);
}

/** CRC-32 with the polynomial 04c11db7, not reflected, from zero (field 8). */
function checksum(bytes: Uint8Array): number {
	let crc = 0;
	for (const byte of bytes) {
		crc ^= byte << 24;
		for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
	}
	return crc >>> 0;
}
