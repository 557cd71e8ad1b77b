import type { Bytes } from '../core/bytes.ts';
import { type SegmentCipher, TAG_LENGTH } from '../core/crypto/gcm.ts';
import {
	MAX_TABLE,
	makeSegmentTagger,
	maskedGhash,
	TABLE_HEAD,
	type TableHead,
	writeTable,
} from '../core/crypto/segment-tags.ts';
import { TABLE_REACH, type TablePlace, tablePlace } from '../core/formats/tables/table-place.ts';
import { MAX_WITHOUT_TABLE, segmentSizeOf } from '../core/formats/tables/table-size.ts';
import { ShareError } from '../core/share-error.ts';
import type { FileSource } from './keep-file.ts';

/** Makes the table of a file while the file is encrypted (docs/segment-tags.md, "Writing"). */
export interface TableWriter {
	readonly head: TableHead;
	/** how many segments, from the first on, hold some of the table: they are encrypted when all others have been */
	readonly held: number;
	/** Puts what lies in a segment of the table into its plaintext. */
	fill(index: number, plain: Bytes): Promise<void>;
	/** A segment was encrypted; `ghash` is that of its ciphertext. */
	note(index: number, ghash: Bytes): Promise<void>;
}

/** The empty place for a table in a file of ours, if it has one. Throws what `source` throws. */
export async function tablePlaceOf(source: FileSource): Promise<TablePlace | undefined> {
	if (source.size <= MAX_WITHOUT_TABLE) return undefined;
	const place = tablePlace(await source.read(0, TABLE_REACH));
	const segments = Math.ceil(source.size / segmentSizeOf(source.size));
	// It may be one that others have made.
	const hasRoom = place !== undefined && place.length >= TABLE_HEAD + TAG_LENGTH * segments;
	if (!hasRoom || place.length > MAX_TABLE) return undefined;
	const { offset, length } = place;
	if (offset + length > source.size) return undefined;
	const bytes = await source.read(offset, offset + length);
	return bytes.every((byte) => byte === 0) ? place : undefined;
}

/** For a file that has a place for a table. Throws ShareError `file-changed` where there is none, and what `source` throws. */
export async function makeTableWriter({
	key,
	cipher,
	source,
}: {
	key: CryptoKey;
	cipher: Pick<SegmentCipher, 'encrypt' | 'ghash'>;
	source: FileSource;
}): Promise<TableWriter> {
	const { size } = source;
	const place = await tablePlaceOf(source);
	if (place === undefined) throw new ShareError('file-changed');
	const segmentSize = segmentSizeOf(size);
	const head = { ...place, size, segmentSize, segments: Math.ceil(size / segmentSize) };
	const held = Math.ceil((place.offset + place.length) / segmentSize);
	const tagger = makeSegmentTagger(key, head);
	const tags: Bytes[] = [];
	let payload: Promise<Bytes> | undefined;

	async function make(): Promise<Bytes> {
		for (let index = 0; index < held; index++) {
			const start = index * segmentSize;
			const plain = await source.read(start, Math.min(start + segmentSize, size));
			// Only hashed: what stands in the place of the table now must never be stored or sent.
			const bytes = await cipher.encrypt(start, plain);
			const masked = await maskedGhash(cipher, head, start, bytes);
			tags[index] = await tagger.tag(index, masked);
		}
		return writeTable(key, head, tags);
	}

	return {
		head,
		held,
		async fill(index, plain) {
			if (index >= held) return;
			payload ??= make();
			const start = index * segmentSize;
			const from = start - place.offset;
			const bytes = (await payload).subarray(Math.max(0, from), from + plain.length);
			plain.set(bytes, Math.max(0, -from));
		},
		async note(index, ghash) {
			if (index >= held) tags[index] = await tagger.tag(index, ghash);
		},
	};
}
