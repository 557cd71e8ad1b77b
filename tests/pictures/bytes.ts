export { bytesOf, type Part } from '../unit/core/support.ts';

import { bytesOf, type Part } from '../unit/core/support.ts';

export const be16 = (value: number) => Uint8Array.of(value >> 8, value & 255);
export const le16 = (value: number) => Uint8Array.of(value & 255, value >> 8);
export const be32 = (value: number) => bytesOf(be16(value >>> 16), be16(value & 0xffff));
export const le32 = (value: number) => bytesOf(le16(value & 0xffff), le16(value >>> 16));
export const le24 = (value: number) => bytesOf(le16(value & 0xffff), value >>> 16);

/** A box of ISO/IEC 14496-12. */
export function box(type: string, ...content: Part[]): Uint8Array {
	const body = bytesOf(...content);
	return bytesOf(be32(body.length + 8), type, body);
}

/** One with a version, whose flags are all 0. */
export function fullBox(type: string, version: number, ...content: Part[]): Uint8Array {
	return box(type, version, 0, 0, 0, ...content);
}
