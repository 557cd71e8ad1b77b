import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { planCleanMedia } from '../../src/core/formats/clean-media.ts';
import { sniffMediaType } from '../../src/core/formats/media-type.ts';
import { stripJpeg } from '../../src/core/formats/pictures/strip-jpeg.ts';
import { stripPng } from '../../src/core/formats/pictures/strip-png.ts';
import { stripWebp } from '../../src/core/formats/pictures/strip-webp.ts';
import { photo } from './photos.ts';
import type { Chosen } from './sharing-page.ts';

/** A file that tells something, in its name too, and what is meant to arrive of it. */
export interface TellingFile extends Chosen {
	readonly kind: 'image' | 'video' | 'audio' | 'file';
	/** without what it tells, if it can be without; pictures as large as they are */
	readonly meant: Buffer;
}

const SECRET = 'SECRET of 52.5200';
/** Degrees, minutes and seconds, as EXIF has them. */
const PLACE = Buffer.from([52, 1, 31, 1, 12, 1].flatMap((value) => [value, 0, 0, 0]));
/** What nobody but the two may find: each long enough not to come about by chance. */
export const SECRETS: readonly Buffer[] = [
	PLACE,
	...['SECRET', 'GEHEIM', 'Exif\0\0', '+52.5200+013.4050'].map((text) => Buffer.from(text)),
];

let made: Promise<readonly TellingFile[]> | undefined;

/** Ten files of ten kinds, no pictures next to each other; made once. */
export function everyKind(): Promise<readonly TellingFile[]> {
	made ??= make();
	return made;
}

async function make(): Promise<readonly TellingFile[]> {
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-kinds-'));
	const ffmpeg = (name: string, ...words: string[]) => {
		const args = words.flatMap((word) => word.split(' '));
		const tags = ['comment=SECRET', 'location=+52.5200+013.4050/', 'title=GEHEIM'];
		const metadata = tags.flatMap((tag) => ['-metadata', tag]);
		const file = path.join(folder, name);
		execFileSync('ffmpeg', ['-v', 'error', ...args, ...metadata, file]);
		return readFileSync(file);
	};
	const picture = '-f lavfi -i testsrc2=s=320x240:r=10:d=1';
	const noise = '-f lavfi -i anoisesrc=d=3:a=0.1';
	const h264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac';
	const still = '-frames:v 1';
	const page = Buffer.from(`%PDF-1.4\n% ${SECRET}\n`);
	try {
		return [
			picked('image', 'SECRET 0.jpg', withExif(photo(640, 480)), stripJpeg),
			await recorded('video', 'SECRET 1.mp4', ffmpeg('1.mp4', picture, noise, h264)),
			picked('image', 'SECRET 2.png', withText(ffmpeg('2.png', picture, still)), stripPng),
			picked('file', 'SECRET 3.pdf', Buffer.concat([page, randomBytes(60_000)])),
			picked('image', 'SECRET 4.webp', withChunk(ffmpeg('4.webp', picture, still)), stripWebp),
			await recorded('audio', 'SECRET 5.ogg', ffmpeg('5.ogg', noise, '-c:a libopus')),
			picked('image', 'SECRET 6.gif', ffmpeg('6.gif', picture)),
			picked('file', 'SECRET 7.txt', Buffer.from(`${SECRET}, and in the clear\n`.repeat(500))),
			await recorded('video', 'SECRET 8.mov', ffmpeg('8.mov', picture, h264)),
			picked('file', 'SECRET 9.bin', randomBytes(120_000)),
		];
	} finally {
		rmSync(folder, { recursive: true });
	}
}

function picked(
	kind: TellingFile['kind'],
	name: string,
	bytes: Buffer,
	strip?: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array | undefined,
): TellingFile {
	const meant = strip === undefined ? bytes : Buffer.from(strip(new Uint8Array(bytes)) ?? []);
	if (strip === undefined) return { kind, name, bytes, meant };
	if (!tells(bytes) || tells(meant)) throw new Error(`nothing was taken out of ${name}`);
	return { kind, name, bytes, meant };
}

async function recorded(
	kind: 'audio' | 'video',
	name: string,
	bytes: Buffer,
): Promise<TellingFile> {
	const read = async (start: number, end: number) => new Uint8Array(bytes.subarray(start, end));
	const plan =
		(await planCleanMedia({ size: bytes.length, read }, sniffMediaType(bytes).type)) ?? [];
	const clean = plan.map((part) =>
		part instanceof Uint8Array ? part : bytes.subarray(part.start, part.end),
	);
	return picked(kind, name, bytes, () => Buffer.concat(clean));
}

/** Whether something secret is in it. */
export function tells(bytes: Buffer): boolean {
	return SECRETS.some((secret) => bytes.includes(secret));
}

/** TIFF as a camera writes it: who made it, and in a directory of its own where. */
function tiff(): Buffer {
	const [maker, place, degrees] = [38, 56, 86];
	const bytes = Buffer.alloc(degrees + PLACE.length);
	const entry = (at: number, tag: number, type: number, count: number, value: number) => {
		bytes.writeUInt16LE(tag, at);
		bytes.writeUInt16LE(type, at + 2);
		bytes.writeUInt32LE(count, at + 4);
		bytes.writeUInt32LE(value, at + 8);
	};
	bytes.write('II*\0\x08\0\0\0\x02', 'latin1');
	entry(10, 0x010f, 2, SECRET.length + 1, maker);
	entry(22, 0x8825, 4, 1, place);
	bytes.write(SECRET, maker);
	bytes.writeUInt16LE(2, place);
	entry(place + 2, 1, 2, 2, 'N'.charCodeAt(0));
	entry(place + 14, 2, 5, 3, degrees);
	PLACE.copy(bytes, degrees);
	return bytes;
}

function withExif(jpeg: Buffer): Buffer {
	const exif = Buffer.concat([Buffer.from('Exif\0\0'), tiff()]);
	const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
	return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
}

/** A PNG with EXIF and a text, before its pixels. */
function withText(png: Buffer): Buffer {
	const chunk = (name: string, content: Buffer) => {
		const body = Buffer.concat([Buffer.from(name), content]);
		const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
		length.writeUInt32BE(content.length);
		check.writeUInt32BE(crc32(body));
		return Buffer.concat([length, body, check]);
	};
	const at = 8 + 25;
	const text = chunk('tEXt', Buffer.from(`Comment\0${SECRET}`));
	return Buffer.concat([png.subarray(0, at), chunk('eXIf', tiff()), text, png.subarray(at)]);
}

/** A WebP with EXIF, which only the extended kind has. */
function withChunk(webp: Buffer): Buffer {
	const chunk = (name: string, content: Buffer) => {
		const length = Buffer.alloc(4);
		length.writeUInt32LE(content.length);
		const padding = Buffer.alloc(content.length % 2);
		return Buffer.concat([Buffer.from(name), length, content, padding]);
	};
	const extended = Buffer.alloc(10);
	extended.writeUInt8(0x08);
	extended.writeUIntLE(320 - 1, 4, 3);
	extended.writeUIntLE(240 - 1, 7, 3);
	const simple = webp.subarray(webp.indexOf('VP8'));
	const body = [Buffer.from('WEBP'), chunk('VP8X', extended), simple, chunk('EXIF', tiff())];
	return chunk('RIFF', Buffer.concat(body));
}
