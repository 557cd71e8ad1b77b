import { type Bytes, concatBytes } from '../../../src/core/bytes.ts';
import { newIv, segmentTagKey } from '../../../src/core/crypto/file-keys.ts';
import { importMediaKeys, openSegments } from '../../../src/core/crypto/gcm.ts';
import {
	makeSegmentTagger,
	maskedGhash,
	type TableHead,
	writeTable,
} from '../../../src/core/crypto/segment-tags.ts';
import { MOVIE_TABLE_HEADER, TABLE_TYPE } from '../../../src/core/formats/tables/table-place.ts';
import type { EncryptedFile } from '../../../tools/encrypt-file.ts';
import { brands, u32 } from '../core/movie-support.ts';
import { noise } from '../core/support.ts';

export interface TaggedFile {
	readonly plain: Bytes;
	readonly encrypted: EncryptedFile;
	readonly head: TableHead;
}

/** A file of noise that begins like a movie and has a table, of `size` bytes in segments of `segmentSize`. */
export async function taggedFile(
	size: number,
	segmentSize: number,
	{ seed = 1, offset = undefined as number | undefined, ivLength = 12 } = {},
): Promise<TaggedFile> {
	const segments = Math.ceil(size / segmentSize);
	const length = 64 + 16 * segments;
	const header = concatBytes(
		u32(MOVIE_TABLE_HEADER + length),
		new TextEncoder().encode('uuid'),
		TABLE_TYPE,
	);
	const at = offset ?? brands.length + header.length;
	// Brands fill what is in front of the table: what is behind the first few is noise.
	const ftyp = concatBytes(
		u32(at - header.length),
		brands.subarray(4),
		noise(at - header.length - brands.length, seed + 1),
	);
	const plain = noise(size, seed);
	plain.set(concatBytes(ftyp, header));
	const head = { size, offset: at, length, segmentSize, segments };
	const key = crypto.getRandomValues(new Uint8Array(32));
	const short = await newIv(key, true);
	const iv = ivLength === 12 ? short : await longIv(key, ivLength);
	const cipher = await openSegments({ keys: await importMediaKeys(key), iv });
	const tagKey = await segmentTagKey(key, iv);
	const tagger = makeSegmentTagger(tagKey, head);
	const tags: Bytes[] = [];
	for (let index = 0; index < segments; index++) {
		const start = index * segmentSize;
		const bytes = await cipher.encrypt(start, plain.slice(start, start + segmentSize));
		tags.push(await tagger.tag(index, await maskedGhash(cipher, head, start, bytes)));
	}
	plain.set(await writeTable(tagKey, head, tags), at);
	return { plain, encrypted: await encryptWith(plain, key, iv), head };
}

async function longIv(key: Bytes, length: number): Promise<Bytes> {
	const { independentMark } = await import('../core/crypto/tagged-file.ts');
	const chosen = crypto.getRandomValues(new Uint8Array(length - 4));
	return concatBytes(chosen, independentMark(key, chosen));
}

async function encryptWith(plain: Bytes, key: Bytes, iv: Bytes): Promise<EncryptedFile> {
	const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
	const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, imported, plain);
	const [keyText, ivText] = [key, iv].map((bytes) => Buffer.from(bytes).toString('hex'));
	return {
		bytes: new Uint8Array(sealed),
		fragment: `${ivText}${keyText}`,
		key: keyText ?? '',
		iv: ivText ?? '',
	};
}
