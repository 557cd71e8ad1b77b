import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { aacSlices } from '../../../../../src/core/formats/movies/aac-slices.ts';
import { crowdedAac } from '../../../../sounds/crowded-aac.ts';
import { offsetView } from '../../support.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-aac-'));
afterAll(() => rmSync(folder, { recursive: true }));

function ffmpeg(name: string, ...options: string[]): Buffer {
	const file = path.join(folder, name);
	execFileSync('ffmpeg', ['-v', 'error', '-y', ...options, file]);
	return readFileSync(file);
}
const sound = (name: string, layout: string, ...options: string[]) =>
	ffmpeg(
		name,
		...['-f', 'lavfi', '-i', `sine=frequency=300:duration=3,aformat=channel_layouts=${layout}`],
		...['-c:a', 'aac', '-b:a', '48k'],
		...options,
	);
const plain = sound('plain.m4a', 'mono');
const joined = (bytes: Uint8Array, most: number) => {
	const slices = aacSlices(offsetView(bytes), most);
	return slices && Buffer.concat(slices);
};
const FRAGMENTS = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof'];

describe('the sound of an honest file', () => {
	it.each([
		['one channel', plain],
		['two channels', sound('two.m4a', 'stereo')],
		['six channels', sound('six.m4a', '5.1', '-b:a', '300k')],
		['a low rate', sound('low.m4a', 'mono', '-ar', '8000')],
		['QuickTime', sound('plain.mov', 'stereo')],
		['fragments', sound('fragments.m4a', 'mono', ...FRAGMENTS)],
		[
			'fragments of half a second',
			sound('short.m4a', 'mono', ...FRAGMENTS, '-frag_duration', '5e5'),
		],
		[
			'fragments that lie by the file',
			sound('own.m4a', 'mono', '-movflags', 'frag_keyframe+empty_moov'),
		],
		['its index in front', sound('front.m4a', 'mono', '-movflags', 'faststart')],
	])('is all there: %s', (name, bytes) => {
		const file = path.join(folder, 'file.m4a');
		writeFileSync(file, bytes);
		const adts = ffmpeg('file.aac', '-i', file, '-c', 'copy', '-f', 'adts');
		for (const most of [1, 4000, 2 ** 20]) expect(joined(bytes, most), name).toEqual(adts);
	});

	it('comes in slices of about the length that was asked for', () => {
		const slices = aacSlices(offsetView(plain), 4000) ?? [];
		expect(slices.length).toBeGreaterThan(3);
		for (const slice of slices.slice(0, -1)) {
			expect(slice.length).toBeGreaterThanOrEqual(4000);
			expect(slice.length).toBeLessThan(4000 + 768 + 7);
		}
	});
});

describe('a file that decodes to more than it says', () => {
	it('comes in slices, none of which does', () => {
		const slices = aacSlices(offsetView(crowdedAac(plain, 40, 2000)), 2 ** 15) ?? [];
		expect(slices.length).toBeGreaterThan(6);
		for (const slice of slices) expect(slice.length).toBeLessThan(2 ** 15 + 8192);
	});

	it('is refused where a sample is longer than AAC has any', () => {
		expect(joined(crowdedAac(plain, 1, 100_000), 2 ** 15)).toBeUndefined();
	});

	it('is refused where bytes are named more than once', () => {
		const bytes = crowdedAac(plain, 100, 1);
		const sizes = bytes.indexOf('stsz');
		const runs = bytes.indexOf('stsc');
		expect(joined(bytes, 9000)?.length).toBe(100 * (7 + 4));
		bytes.writeUInt32BE(2 ** 32 - 1, sizes + 12);
		bytes.writeUInt32BE(2 ** 32 - 1, runs + 16);
		expect(joined(bytes, 9000)).toBeUndefined();
		bytes.writeUInt32BE(0, sizes + 8);
		expect(joined(bytes, 9000)).toBeUndefined();
	});

	it('is refused where its samples are another coding', () => {
		const stream = plain.indexOf(Buffer.of(0x40, 0x15), plain.indexOf('esds'));
		for (const other of [0x6b, 0x69, 0xc1, 0xad, 0xdd, 0x20]) {
			const bytes = Buffer.from(plain);
			bytes[stream] = other;
			expect(joined(bytes, 9000)).toBeUndefined();
		}
		expect(
			joined(sound('flac.mp4', 'mono', '-c:a', 'flac', '-strict', '-2'), 9000),
		).toBeUndefined();
		expect(
			joined(sound('opus.mp4', 'mono', '-c:a', 'libopus', '-strict', '-2'), 9000),
		).toBeUndefined();
		expect(joined(sound('mp3.mp4', 'mono', '-c:a', 'libmp3lame'), 9000)).toBeUndefined();
	});

	it('is refused with a second track', () => {
		const file = path.join(folder, 'two-tracks.m4a');
		writeFileSync(file, plain);
		const two = ffmpeg('both.m4a', '-i', file, '-i', file, '-map', '0', '-map', '1', '-c', 'copy');
		expect(joined(two, 9000)).toBeUndefined();
	});
});

it('a damaged file never throws, and never becomes more than it was', () => {
	const files = [plain, sound('damaged.m4a', 'mono', ...FRAGMENTS)];
	fc.assert(
		fc.property(
			fc.constantFrom(...files),
			fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
			(file, changes) => {
				const bytes = Buffer.from(file);
				// The index is what is worth damaging.
				const index = bytes.indexOf('moov');
				for (const [at, value] of changes) bytes[index + (at % 1500)] = value;
				const slices = aacSlices(offsetView(bytes), 9000) ?? [];
				const headers = slices.reduce((sum, slice) => sum + slice.length, 0);
				expect(headers).toBeLessThanOrEqual(8 * bytes.length);
			},
		),
		{ numRuns: 2000 },
	);
});
