import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pictureCorpus } from '../../../../pictures/corpus.ts';
import { told } from '../../../../pictures/exif.ts';
import { clean } from '../../movie-support.ts';
import { bytesOf } from '../../support.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-stills-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = (...args: string[]) =>
	execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: folder, maxBuffer: 1e8 });

function made(name: string, ...options: string[]): Uint8Array {
	run(...options, name);
	return new Uint8Array(readFileSync(path.join(folder, name)));
}
const video = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10:d=1', '-pix_fmt', 'yuvj420p'];
/** As a program puts photos together that it does not touch; the first says nothing. */
function photos(extension: string, telling: string, ...options: string[]): readonly string[] {
	const { bytes = '' } = pictureCorpus().find(({ name }) => name === telling) ?? {};
	made(`0.${extension}`, ...video, '-frames:v', '1');
	for (const index of [1, 2]) writeFileSync(path.join(folder, `${index}.${extension}`), bytes);
	return ['-framerate', '1', '-i', `%d.${extension}`, '-c', 'copy', ...options];
}

describe('a movie of pictures that are files of their own', () => {
	it.each([
		['a.mov', photos('jpg', 'phone.jpg')],
		['a.mp4', photos('jpg', 'phone.jpg')],
		['b.mov', photos('jpg', 'phone.jpg', '-vtag', 'mjpa')],
		['c.mov', photos('png', 'screenshot.png')],
		['b.mp4', photos('jpg', 'phone.jpg', '-movflags', 'frag_keyframe+empty_moov')],
	] as const)('%s is asked about where one of them tells', async (name, options) => {
		const movie = made(name, ...options);
		expect(told(movie)).toBeDefined();
		expect(await clean(movie)).toBeUndefined();
	});

	it.each([
		['a.mov', ['-c:v', 'mjpeg']],
		['b.mov', ['-c:v', 'mjpeg', '-vtag', 'mjpa']],
		['c.mov', ['-c:v', 'png']],
		['a.mp4', ['-c:v', 'mjpeg']],
	] as const)('%s is cleaned where none does', async (name, options) => {
		const movie = made(name, ...video, ...options, '-metadata', 'title=GEHEIM');
		const cleaned = await clean(movie);
		expect(told(cleaned ?? new Uint8Array())).toBeUndefined();
		writeFileSync(path.join(folder, 'cleaned.mov'), cleaned ?? '');
		const frames = (file: string) => run('-i', file, '-f', 'framemd5', '-').toString();
		expect(frames('cleaned.mov')).toBe(frames(name));
	});
});

describe('what cameras write into pictures that are coded', () => {
	const avchd = '17ee8c60f84d11d98cd60800200c9a66+MDPM GEHEIM 52.5200';
	const misb = '4d4953506d6963726f73656374696d65+GEHEIM';
	const encoder = 'dc45e9bde6d948b7962cd820d923eeef+x264';
	const noted = (name: string, data: string, ...options: string[]) =>
		made(
			name,
			...[...video, '-c:v', 'libx264', '-preset', 'ultrafast', '-x264-params', 'keyint=5'],
			...['-bsf:v', `h264_metadata=sei_user_data=${data}`, ...options],
		);

	it.each([
		['AVCHD', noted('avchd.mp4', avchd)],
		['AVCHD in fragments', noted('f.mp4', avchd, '-movflags', 'frag_keyframe+empty_moov')],
		['MISB', noted('misb.mov', misb)],
	] as const)('is asked about: %s', async (_, movie) => {
		expect(told(movie)).toBeDefined();
		expect(await clean(movie)).toBeUndefined();
	});

	it('and the name of an encoder is not', async () => {
		expect(await clean(noted('encoder.mp4', encoder))).toBeDefined();
	});
});

it('FLAC in a movie loses the comments and covers that its description may have', async () => {
	const sound = ['-f', 'lavfi', '-i', 'anoisesrc=d=1:a=0.2'];
	const movie = Buffer.from(made('a.m4a', ...sound, '-c:a', 'flac', '-strict', '-2', '-f', 'mp4'));
	const comments = bytesOf(0x84, 0, 0, 20, 'GEHEIM 52.5200'.padEnd(20));
	const end = movie.indexOf('dfLa') + 4 + 4 + 4 + 34;
	const told = Buffer.from(bytesOf(movie.subarray(0, end), comments, movie.subarray(end)));
	for (const name of ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd', 'fLaC', 'dfLa']) {
		const at = told.indexOf(name, told.indexOf('moov')) - 4;
		told.writeUInt32BE(told.readUInt32BE(at) + comments.length, at);
	}
	// The first block is not the last now.
	told.writeUInt8(0, told.indexOf('dfLa') + 8);
	const cleaned = Buffer.from((await clean(told)) ?? []);
	expect(cleaned.includes('GEHEIM')).toBe(false);
	writeFileSync(path.join(folder, 'cleaned.mp4'), cleaned);
	const packets = (file: string) => run('-i', file, '-c', 'copy', '-f', 'framemd5', '-').toString();
	expect(packets('cleaned.mp4')).toBe(packets('a.m4a'));
});
