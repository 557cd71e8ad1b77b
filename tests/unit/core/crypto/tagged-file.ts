import { createHmac, hkdfSync } from 'node:crypto';
import { type Bytes, concatBytes } from '../../../../src/core/bytes.ts';
import { segmentTagKey } from '../../../../src/core/crypto/file-keys.ts';
import { importMediaKeys, openSegments } from '../../../../src/core/crypto/gcm.ts';
import {
	maskedGhash,
	openTable,
	type SegmentTable,
	type TableHead,
} from '../../../../src/core/crypto/segment-tags.ts';
import { TABLE_REACH, tablePlace } from '../../../../src/core/formats/tables/table-place.ts';

/** The parts of docs/segment-tags.md by other means: Node's own HMAC and HKDF. GHASH has tests of its own (gcm.test.ts). */
export function independentKey(key: Uint8Array, iv: Uint8Array): Bytes {
	return new Uint8Array(hkdfSync('sha256', key, iv, 'balcony segment tags 1', 32));
}

export function independentMark(key: Uint8Array, chosen: Uint8Array): Bytes {
	return new Uint8Array(hkdfSync('sha256', key, chosen, 'balcony segment tags 1 iv', 4));
}

export function independentTag(key: Uint8Array, ...parts: Uint8Array[]): Bytes {
	const hmac = createHmac('sha256', key);
	for (const part of parts) hmac.update(part);
	return new Uint8Array(hmac.digest().subarray(0, 16));
}

export function u64(value: number): Bytes {
	const bytes = new Uint8Array(8);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
	return bytes;
}

export function u32(value: number): Bytes {
	const bytes = new Uint8Array(4);
	new DataView(bytes.buffer).setUint32(0, value);
	return bytes;
}

/** The 48 bytes that each tag covers. */
export function independentHead(head: TableHead): Bytes {
	return concatBytes(
		new TextEncoder().encode('SEGTAGS1'),
		u64(head.size),
		u64(head.offset),
		...[u32(head.length), u32(head.segmentSize), u32(head.segments)],
		new Uint8Array(12),
	);
}

/** What a reader makes of a file's ciphertext, without the GCM tag: its table, and which segments fit. */
export async function readTagged(
	key: Uint8Array,
	iv: Bytes,
	ciphertext: Bytes,
): Promise<{ table: SegmentTable; fit: boolean[] } | undefined> {
	const cipher = await openSegments({ keys: await importMediaKeys(key), iv });
	const head = await cipher.decrypt(0, ciphertext.slice(0, TABLE_REACH));
	const place = tablePlace(head);
	if (place === undefined) return undefined;
	const start = place.offset - (place.offset % 16);
	const end = Math.min(ciphertext.length, place.offset + place.length);
	const plain = await cipher.decrypt(start, ciphertext.slice(start, end));
	const payload = plain.slice(place.offset - start);
	const table = await openTable(await segmentTagKey(key, iv), payload, place.offset);
	if (table === undefined) return undefined;
	const { segmentSize, segments, size } = table.head;
	const fit: boolean[] = [];
	for (let index = 0; index < segments; index++) {
		const from = index * segmentSize;
		const bytes = ciphertext.slice(from, Math.min(from + segmentSize, size));
		const ghash = await cipher.ghash(bytes);
		const masked = await maskedGhash(cipher, place, from, bytes, ghash);
		const isWhole = bytes.length === Math.min(segmentSize, size - from);
		fit.push(isWhole && (await table.fits(index, masked)));
	}
	return { table, fit };
}
