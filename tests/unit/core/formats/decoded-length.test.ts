import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { decodedLength } from '../../../../src/core/formats/decoded-length.ts';
import { sniffMediaType } from '../../../../src/core/formats/media-type.ts';
import { bytesOf, noise, offsetView, type Part } from '../support.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-decoded-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Silence of so many seconds, as a file of some kind. */
function silence(seconds: number, name: string, ...codec: string[]): Buffer {
	const file = path.join(folder, name);
	const source = ['-f', 'lavfi', '-i', `anullsrc=r=8000:cl=mono:d=${seconds}`];
	execFileSync('ffmpeg', ['-v', 'error', '-y', ...source, ...codec, file]);
	return readFileSync(file);
}
const id3 = (length: number) =>
	bytesOf('ID3', 4, 0, 0, 0, 0, length >> 7, length & 127, new Uint8Array(length));
/** As the page asks: the type by the first bytes, then the length. */
const counted = (...parts: Part[]) => {
	const bytes = offsetView(bytesOf(...parts));
	return decodedLength(bytes, sniffMediaType(bytes).type);
};
const LIMIT = 600 * 48_000;

describe('silence of an hour, in few bytes', () => {
	const flac = silence(3600, 'hour.flac');

	it.each([
		['FLAC', [flac]],
		['FLAC behind a tag', [id3(40), flac]],
		['FLAC behind several tags', [id3(40), id3(0), id3(9), flac]],
		['FLAC behind a tag that is longer than what is looked at', [id3(9000), flac]],
		['FLAC behind much padding', [id3(40), new Uint8Array(5000), flac]],
		['FLAC behind six frames of MPEG', [id3(9), ...Array(6).fill(mpegFrame()), flac]],
		['FLAC under a name of WAV', [wav(0xf1ac, 1, flac)]],
		['FLAC as an extension of WAV', [wav(0xfffe, 1, flac, 0xf1ac)]],
		['FLAC in Ogg', [silence(3600, 'hour.oga', '-c:a', 'flac')]],
		['FLAC in Ogg behind a tag', [id3(9), silence(3600, 'hour.oga', '-c:a', 'flac')]],
		['FLAC in MP4', [silence(3600, 'hour.mp4', '-c:a', 'flac', '-strict', '-2')]],
		['Opus in MP4', [silence(60, 'opus.mp4', '-c:a', 'libopus', '-strict', '-2')]],
		['MPEG in a single block of WebM that has a header of Opus', [webmMpeg(30_000)]],
		['Vorbis', [silence(600, 'v.oga', '-c:a', 'libvorbis', '-ac', '1')]],
		['AAC in ADTS', [silence(600, 'a.aac', '-c:a', 'aac', '-b:a', '8k')]],
		['AAC in ADTS behind a tag', [id3(9), silence(600, 'a.aac', '-c:a', 'aac', '-b:a', '8k')]],
	] as const)('%s is not decoded', (_, parts) => {
		const bytes = bytesOf(...parts);
		expect(bytes.length).toBeLessThan(4 * 2 ** 20);
		expect(counted(bytes)).toBeGreaterThan(LIMIT);
	});
});

/** A block of many frames, in a track that is Opus but for the name of its codec. */
function webmMpeg(frames: number): Uint8Array {
	const element = (id: readonly number[], ...content: Part[]) => {
		const body = bytesOf(...content);
		const size = [24, 16, 8, 0].map((by) => (body.length >> by) & 255);
		return bytesOf(...id, 0x08, ...size, body);
	};
	const track = [
		element([0xd7], 1),
		element([0x83], 2),
		element([0x86], 'A_MPEG/L3'),
		element([0x63, 0xa2], 'OpusHead', 1, 1, new Uint8Array(9)),
	];
	const block = element([0xa3], 0x81, 0, 0, 0, ...Array<Uint8Array>(frames).fill(mpegFrame()));
	return bytesOf(
		element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], 'webm')),
		element(
			[0x18, 0x53, 0x80, 0x67],
			element([0x16, 0x54, 0xae, 0x6b], element([0xae], ...track)),
			element([0x1f, 0x43, 0xb6, 0x75], element([0xe7], 0), block),
		),
	);
}

/** 1152 samples in 96 bytes. */
function mpegFrame(): Uint8Array {
	return bytesOf(0xff, 0xfb, 0x14, 0xc4, new Uint8Array(92));
}

function wav(coding: number, channels: number, sound: Uint8Array, sub = 1, length = sound.length) {
	const [u16, u32] = [2, 4].map(
		(size) => (value: number) =>
			Uint8Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) % 256),
	) as [(value: number) => Uint8Array, (value: number) => Uint8Array];
	const format = bytesOf(
		...[u16(coding), u16(channels), u32(8000), u32(16_000), u16(2), u16(16)],
		...(coding === 0xfffe ? [u16(22), u16(16), u32(4), u16(sub), noise(14)] : []),
	);
	const chunks = bytesOf('fmt ', u32(format.length), format, 'data', u32(length), sound);
	return bytesOf('RIFF', u32(chunks.length + 4), 'WAVE', chunks);
}

describe('MPEG audio', () => {
	it.each([
		['mpeg-1', '44100', '64k', 3.6],
		['mpeg-2', '24000', '8k', 3.6],
		['mpeg-2.5', '8000', '8k', 3.6],
	])('%s is counted frame by frame', (_, rate, bits, most) => {
		const mp3 = silence(3.5, 'a.mp3', '-ar', rate, '-b:a', bits, '-c:a', 'libmp3lame');
		for (const tags of [0, 1, 3]) {
			const samples = counted(...Array(tags).fill(id3(30)), mp3);
			expect(samples / Number(rate)).toBeGreaterThanOrEqual(3.5);
			expect(samples / Number(rate)).toBeLessThan(most + (128 * 24 + 2 * 1152) / Number(rate));
		}
	});

	it('of layer II, and with a cut last frame, is counted', () => {
		const mp2 = silence(3.5, 'a.mp2', '-ar', '44100', '-b:a', '64k');
		expect(counted(mp2) / 44_100).toBeCloseTo(3.5, 1);
		expect(counted(mp2.subarray(0, -20))).toBe(counted(mp2));
	});

	it('counts whatever stands behind its frames as if it were all sound', () => {
		const frames = Array(20).fill(mpegFrame());
		expect(counted(...frames)).toBe(20 * 1152);
		expect(counted(...frames, new Uint8Array(1000))).toBe(20 * 1152 + 24_000);
		expect(counted(...frames, 'TAG', new Uint8Array(125), ...frames)).toBe(
			20 * 1152 + 24 * (128 + 20 * 96),
		);
	});
});

describe('WAV', () => {
	it('is counted by its bytes, whatever it says', () => {
		expect(counted(wav(1, 1, noise(900)))).toBe(900);
		for (const length of [0, 10, 0xffffffff])
			expect(counted(wav(1, 1, noise(900), 1, length))).toBe(900);
		expect(counted(wav(0xfffe, 2, noise(900), 3))).toBe(900);
		expect(counted(wav(17, 1, noise(900)))).toBe(1800);
		expect(counted(wav(0x55, 1, bytesOf(...Array(20).fill(mpegFrame()))))).toBe(20 * 1152);
		expect(counted(silence(3.5, 'a.wav'))).toBeLessThan(2.1 * 8000 * 3.5);
	});

	it('cannot be told of other codings, channels or none', () => {
		for (const coding of [0, 0x161, 0x704f, 0xff, 0x1610, 0x674f, 0x6750])
			expect(counted(wav(coding, 1, noise(900)))).toBe(Infinity);
		expect(counted(wav(1, 3, noise(900)))).toBe(Infinity);
		expect(counted(wav(1, 1, noise(900)).subarray(0, 30))).toBe(Infinity);
		expect(counted('RIFF', noise(4), 'WAVE', noise(90))).toBe(Infinity);
	});
});

it('Opus of many channels is not decoded', () => {
	const surround = silence(1, 's.oga', '-c:a', 'libopus', '-ac', '6', '-mapping_family', '1');
	expect(counted(surround)).toBe(Infinity);
});

it('noise ends, and never throws', () => {
	const starts = fc.constantFrom('ID3\x04\0\0\0\0\0\x02ab', '\xff\xfb\x90', 'RIFF\0\0\0\0WAVEfmt ');
	const types = ['audio/mpeg', 'audio/wav', 'audio/mp4', 'audio/ogg', 'audio/webm', 'audio/flac'];
	fc.assert(
		fc.property(starts, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
			for (const type of types)
				expect(decodedLength(offsetView(bytesOf(start, rest)), type)).toBeGreaterThanOrEqual(0);
		}),
	);
});
