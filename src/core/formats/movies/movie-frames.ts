import type { Bytes } from '../../bytes.ts';
import type { ReadableFile } from '../file-part.ts';
import { refuse } from '../file-refused.ts';
import { stripPng } from '../pictures/strip-png.ts';
import { type Box, boxesOf, nameAt } from './movie-box.ts';
import { handlerOf, type Keeps, trackOf } from './movie-scrub.ts';
import { samplesOf } from './sample-places.ts';

/** Bytes of a frame that are looked at: what it says stands before its pixels. */
export const FRAME_HEAD = 16 * 1024;
/** Half an hour of them, and the longest that is read whole. */
const MAX_FRAMES = 2 ** 16;
const MAX_FRAME = 64 * 2 ** 20;
const SOS = 0xda;

/** Frames of other kinds that are looked at: what cameras write, they write into the first. */
const MAX_GLANCES = 8;
/**
 * User data in H.264 and HEVC that say when, where and with what: of AVCHD cameras, which stay when a movie gets another
 * container, and times of MISB ST 0604.
 */
const NOTES = [
	'\x17\xee\x8c\x60\xf8\x4d\x11\xd9\x8c\xd6\x08\x00\x20\x0c\x9a\x66MDPM',
	...['MISPmicrosectime', 'MISPnanosectime'],
];

/** Whether the beginning of a frame says something that a camera noted. */
export function hasNotes(head: Uint8Array): boolean {
	const text = Array.from(head, (byte) => String.fromCharCode(byte)).join('');
	return NOTES.some((note) => text.includes(note));
}

/** Whether a file of its own begins here, as a frame of Motion JPEG or of a series of photos. */
export function isStill(head: Uint8Array): boolean {
	return (head[0] === 0xff && head[1] === 0xd8) || nameAt(head, 0) === '\x89PNG';
}

/**
 * Throws `FileRefused` where frames say what a camera wrote into them, and where those of a track are pictures of their own, and
 * one of them says more than how it looks: whoever puts photos together leaves in each what it told.
 */
export async function refuseTellingFrames(
	file: ReadableFile,
	bytes: Bytes,
	moov: Box,
	keeps: Keeps,
): Promise<void> {
	let left = MAX_FRAMES;
	for (const trak of boxesOf(bytes, moov, 'trak')) {
		if (!keeps(trackOf(bytes, trak) ?? 0) || handlerOf(bytes, trak) !== 'vide') continue;
		let glances = MAX_GLANCES;
		for (const [start, size] of samplesOf(bytes, trak)) {
			const end = Math.min(file.size, start + size);
			const head =
				start < end ? await file.read(start, Math.min(end, start + FRAME_HEAD)) : undefined;
			if (head === undefined) break;
			if (!isStill(head)) {
				if (hasNotes(head)) refuse();
				if (--glances === 0) break;
				continue;
			}
			if (--left < 0 || size > MAX_FRAME) refuse();
			const tells = head[0] === 0xff ? tellsJpeg(head) : tellsPng(await file.read(start, end));
			if (tells) refuse();
		}
	}
}

function tellsPng(png: Bytes): boolean {
	return stripPng(png)?.length !== png.length;
}

/** What stands before the pixels is tables, colours, the format's own marks and an encoder's name, or it tells. */
function tellsJpeg(head: Uint8Array): boolean {
	for (let at = 2; at + 4 <= head.length; ) {
		const [sync, marker = 0, high = 0, low = 0] = head.subarray(at, at + 4);
		if (sync !== 0xff) return true;
		if (marker === 0xff) {
			at += 1;
			continue;
		}
		if (marker === SOS) return false;
		const text = String.fromCharCode(...head.subarray(at + 4, at + 20));
		if (!isPlain(marker, text)) return true;
		at += 2 + Math.max(2, high * 256 + low);
	}
	return true;
}

function isPlain(marker: number, text: string): boolean {
	switch (marker) {
		case 0xe0:
			return text.startsWith('JFIF\0') || text.startsWith('AVI1');
		case 0xe1:
			// QuickTime's, of where the parts of its fields lie.
			return text.startsWith('mjpg', 4);
		case 0xe2:
			return text.startsWith('ICC_PROFILE\0');
		case 0xee:
			return text.startsWith('Adobe');
		case 0xfe:
			return text.startsWith('Lavc');
		default:
			return marker >= 0xc0 && marker <= 0xdf;
	}
}
