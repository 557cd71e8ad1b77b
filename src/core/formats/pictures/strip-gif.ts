// Graphics Interchange Format, version 89a (CompuServe, 1990)

import type { Bytes } from '../../bytes.ts';
import { colourTable } from './image-scans.ts';

/** Header and logical screen descriptor, sections 17 and 18. */
const HEAD_LENGTH = 13;
/** Section 20. */
const IMAGE_DESCRIPTOR_LENGTH = 10;
const IMAGE = 0x2c;
const EXTENSION = 0x21;
const TRAILER = 0x3b;
/** Labels of extensions. */
const GRAPHIC_CONTROL = 0xf9;
const APPLICATION = 0xff;
/** Applications that say how often it loops: programs look for no others. */
const LOOPS = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0']);
/** Where the blocks of these extensions begin, and bytes of the one that matters, sections 23 and 26. */
const CONTROL = { blocks: 2, content: 4 };
const LOOP = { blocks: 14, content: 3 };

/**
 * A GIF without comments, XMP and other applications' blocks, texts that nothing draws, and whatever hangs behind its end;
 * pictures, their times and their loop are not touched. One that is cut off, or goes on with what is no block, is ended
 * there, which is how browsers show it; undefined for what has no picture.
 */
export function stripGif(bytes: Uint8Array): Bytes | undefined {
	if (!/^GIF8[79]a$/.test(textAt(bytes, 0, 6))) return undefined;
	// An end may be missing: of the last picture's blocks, and of the file.
	const kept = new Uint8Array(bytes.length + 2);
	let length = 0;
	const keep = (start: number, end: number) => {
		kept.set(bytes.subarray(start, end), length);
		length += end - start;
	};
	/** Keeps an extension's head and one of its blocks: others would be read by nobody. */
	const keepOne = (start: number, { blocks, content }: typeof LOOP, block: number) => {
		keep(start, start + blocks);
		keep(block, block + 1 + content);
		kept[length++] = 0;
	};
	let at = HEAD_LENGTH + colourTable(bytes[10]);
	keep(0, at);
	let images = 0;
	while (at < bytes.length) {
		const start = at;
		const kind = bytes[start];
		if (kind === IMAGE) {
			const colours = colourTable(bytes[start + IMAGE_DESCRIPTOR_LENGTH - 1]);
			// One byte before the blocks tells how its codes begin, section 22.
			const blocks = start + IMAGE_DESCRIPTOR_LENGTH + colours + 1;
			if (blocks >= bytes.length) break;
			const { end, isCut } = endOfBlocks(bytes, blocks);
			keep(start, isCut ? bytes.length : end);
			if (isCut) length += endCutBlock(kept, length, bytes.length - end);
			images += 1;
			at = isCut ? bytes.length : end;
		} else if (kind === EXTENSION) {
			const { end, isCut } = endOfBlocks(bytes, start + 2);
			if (isCut) break;
			at = end;
			if (bytes[start + 1] === GRAPHIC_CONTROL) {
				if (bytes[start + CONTROL.blocks] !== CONTROL.content) return undefined;
				keepOne(start, CONTROL, start + CONTROL.blocks);
			} else if (bytes[start + 1] === APPLICATION) {
				const loop = loopBlock(bytes, start);
				if (loop !== undefined) keepOne(start, LOOP, loop);
			}
		} else break;
	}
	if (images === 0) return undefined;
	kept[length++] = TRAILER;
	return kept.subarray(0, length);
}

/**
 * Ends the data of a picture whose last block is cut: of that block `there` bytes are here, its length included. Corrects the
 * length, and leaves room for the empty block behind it, section 15. Returns how many bytes longer that makes `kept`.
 */
function endCutBlock(kept: Uint8Array, end: number, there: number): number {
	if (there > 0) kept[end - there] = there - 1;
	// A block without a byte of content is that empty block.
	return there === 1 ? 0 : 1;
}

/** Where the blocks end that begin here, section 15; those of them that are whole, if they are cut off. */
function endOfBlocks(bytes: Uint8Array, from: number): { end: number; isCut: boolean } {
	for (let at = from; ; ) {
		const size = bytes[at];
		if (size === undefined || at + 1 + size > bytes.length) return { end: at, isCut: true };
		at += 1 + size;
		if (size === 0) return { end: at, isCut: false };
	}
}

/**
 * Where an application's extension says how often it moves; undefined for other applications
 * (https://giflib.sourceforge.net/whatsinagif/bits_and_bytes.html#application_extension_block).
 */
function loopBlock(bytes: Uint8Array, start: number): number | undefined {
	if (bytes[start + 2] !== 11 || !LOOPS.has(textAt(bytes, start + 3, 11))) return undefined;
	for (let at = start + LOOP.blocks; bytes[at]; at += 1 + (bytes[at] ?? 0))
		if (bytes[at] === LOOP.content && bytes[at + 1] === 1) return at;
	return undefined;
}

function textAt(bytes: Uint8Array, offset: number, length: number): string {
	return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
