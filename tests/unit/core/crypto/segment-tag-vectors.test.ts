import { webcrypto } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Bytes, concatBytes, fromHex, toHex } from '../../../../src/core/bytes.ts';
import { isMarked, segmentTagKey } from '../../../../src/core/crypto/file-keys.ts';
import { writeTable } from '../../../../src/core/crypto/segment-tags.ts';
import { readVectorBytes, readVectors } from '../support.ts';
import { readTagged } from './tagged-file.ts';

/** A file that another program made from docs/segment-tags.md. */
interface TaggedVector {
	/** the IV, then the key */
	readonly fragment: string;
	/** bytes of the IV; 12 where nothing is said */
	readonly ivLength?: number;
	readonly file?: string;
	readonly size: number;
	readonly payloadOffset: number;
	readonly payloadLength: number;
	readonly segmentSize: number;
	readonly segments: number;
	readonly tableTag: string;
	readonly tags: readonly string[];
}

/** What is done to tagged.mp4.aesgcm, and what a reader makes of it then. */
interface AlteredVector {
	readonly name: string;
	readonly edits: readonly {
		readonly at: number;
		readonly xor?: string;
		readonly bytes?: string;
	}[];
	/** segments that change places */
	readonly swap?: readonly [number, number];
	/** bytes that are left */
	readonly length?: number;
	readonly append?: string;
	/** read under an IV that has no mark */
	readonly unmarked?: boolean;
	readonly table: boolean;
	readonly fit?: readonly boolean[];
	readonly gcm?: boolean;
}

const bytesOf = (hex: string): Bytes => fromHex(hex) ?? new Uint8Array(0);

function open(name: string) {
	const vector = readVectors<TaggedVector>(`segment-tags/${name}.json`);
	const file = readVectorBytes(`segment-tags/${vector.file ?? 'tagged.mp4.aesgcm'}`);
	const secret = bytesOf(vector.fragment);
	const { ivLength = 12, size } = vector;
	return { vector, file, size, iv: secret.slice(0, ivLength), key: secret.slice(ivLength) };
}

async function gcmOf(key: Bytes, iv: Bytes, file: Bytes): Promise<Bytes | undefined> {
	const raw = await webcrypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
	return webcrypto.subtle.decrypt({ name: 'AES-GCM', iv }, raw, file).then(
		(plain) => new Uint8Array(plain),
		() => undefined,
	);
}

describe.each(['tagged', 'webm', 'iv-16'])('%s', (name) => {
	const { vector, file, size, iv, key } = open(name);

	it('is read as it was meant', async () => {
		expect(await isMarked(key, iv)).toBe(true);
		const read = await readTagged(key, iv, file.slice(0, size));
		const { payloadOffset: offset, payloadLength: length, segmentSize, segments } = vector;
		expect(read?.table.head).toEqual({ size, offset, length, segmentSize, segments });
		expect(read?.fit).toEqual(Array.from({ length: segments }, () => true));
	});

	it('gets the same table from us', async () => {
		const { payloadOffset: offset, payloadLength: length, segmentSize, segments } = vector;
		const head = { size, offset, length, segmentSize, segments };
		const payload = await writeTable(await segmentTagKey(key, iv), head, vector.tags.map(bytesOf));
		expect(toHex(payload.subarray(48, 64))).toBe(vector.tableTag);
		const plain = await gcmOf(key, iv, file);
		expect(plain?.slice(offset, offset + length)).toEqual(payload);
	});
});

describe('tagged.mp4.aesgcm', () => {
	const { vector, file, size, iv, key } = open('tagged');
	const { cases } = readVectors<{ cases: readonly AlteredVector[] }>('segment-tags/altered.json');

	function altered({ edits, swap, length, append }: AlteredVector): Bytes {
		const bytes = Uint8Array.from(file);
		for (const { at, xor, bytes: put } of edits) {
			if (put !== undefined) bytes.set(bytesOf(put), at);
			for (const [n, bit] of bytesOf(xor ?? '').entries())
				bytes[at + n] = (bytes[at + n] ?? 0) ^ bit;
		}
		if (swap !== undefined) {
			const part = (n: number) => file.slice(n * vector.segmentSize, (n + 1) * vector.segmentSize);
			const [one, other] = swap;
			bytes.set(part(other), one * vector.segmentSize);
			bytes.set(part(one), other * vector.segmentSize);
		}
		return concatBytes(bytes.slice(0, length), bytesOf(append ?? ''));
	}

	it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
		const given = one.unmarked ? Uint8Array.from(iv, (byte, at) => (at > 7 ? byte ^ 1 : byte)) : iv;
		const bytes = altered(one);
		const isRead = await isMarked(key, given);
		expect(isRead).toBe(one.unmarked !== true);
		const read = isRead ? await readTagged(key, given, bytes.slice(0, size)) : undefined;
		expect(read !== undefined).toBe(one.table);
		expect(read?.fit).toEqual(one.fit);
		expect((await gcmOf(key, given, bytes)) !== undefined).toBe(one.gcm ?? false);
	});
});
