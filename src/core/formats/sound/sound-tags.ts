// ID3v1, ID3v2 (id3.org), APEv2 (wiki.hydrogenaud.io/index.php?title=APEv2_specification), Lyrics3 v2

import type { ReadableFile } from '../file-part.ts';
import { id3Length } from './id3-tag.ts';

/** Longer than any header or footer here. */
const NEAR = 256;
const ID3V1 = 128;
const ENHANCED = 227;
const APE = 32;
const LYRICS_END = 'LYRICS200';
const LYRICS_LENGTH = 6;
const ID3_FOOTER = 10;
/** No player writes more of them. */
const MAX_TAGS = 64;

/** The part of a file between the tags at its beginning and those at its end. */
export async function untagged(file: ReadableFile): Promise<{ start: number; end: number }> {
	const { size } = file;
	let start = 0;
	for (let i = 0; i < MAX_TAGS; i++) {
		const head = await file.read(start, Math.min(size, start + APE));
		const length = id3Length(head, 0) || apeLength(head, 0);
		if (length === 0) break;
		start = Math.min(size, start + length);
	}
	let end = size;
	for (let i = 0; i < MAX_TAGS; i++) {
		const from = Math.max(start, end - NEAR);
		const length = tagBefore(await file.read(from, end));
		if (length === 0) break;
		end = Math.max(start, end - length);
	}
	return { start, end };
}

/** Bytes of a tag that ends where these bytes do; 0 for none. */
function tagBefore(bytes: Uint8Array): number {
	const text = String.fromCharCode(...bytes);
	const end = text.length;
	if (text.startsWith('TAG', end - ID3V1) && end >= ID3V1)
		return text.startsWith('TAG+', end - ID3V1 - ENHANCED) ? ID3V1 + ENHANCED : ID3V1;
	if (text.endsWith(LYRICS_END)) {
		const length = Number(text.slice(-LYRICS_LENGTH - LYRICS_END.length, -LYRICS_END.length));
		return length > 0 ? length + LYRICS_LENGTH + LYRICS_END.length : 0;
	}
	const footer = text.slice(-ID3_FOOTER);
	if (footer.startsWith('3DI'))
		return id3Length(Uint8Array.from(`ID3${footer.slice(3)}`, codeOf), 0);
	return apeLength(bytes, end - APE);
}

const codeOf = (letter: string) => letter.charCodeAt(0);

/** Bytes of the APE tag whose header or footer is there. */
function apeLength(bytes: Uint8Array, at: number): number {
	if (at < 0 || at + APE > bytes.length) return 0;
	const view = new DataView(bytes.buffer, bytes.byteOffset + at, APE);
	if (view.getUint32(0) !== 0x41504554 || view.getUint32(4) !== 0x41474558) return 0;
	const hasHeader = view.getUint32(20, true) >= 2 ** 31;
	return view.getUint32(12, true) + (hasHeader ? APE : 0);
}
