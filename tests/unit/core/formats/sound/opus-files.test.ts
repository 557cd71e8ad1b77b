import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodedLength } from '../../../../../src/core/formats/decoded-length.ts';
import { oggOpusSamples, writeOggOpus } from '../../../../../src/core/formats/sound/ogg-opus.ts';
import { opusSamples } from '../../../../../src/core/formats/sound/opus.ts';
import { readWebmOpus } from '../../../../../src/core/formats/sound/webm-opus.ts';

const RATE = 48_000;
const folder = mkdtempSync(path.join(tmpdir(), 'balcony-opus-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ffmpeg = (...args: string[]) =>
	execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
/** Three seconds and a half of sound as a file of some kind. */
function make(name: string, ...codec: string[]): Buffer {
	const file = path.join(folder, name);
	ffmpeg('-f', 'lavfi', '-i', 'sine=frequency=300:duration=3.5', ...codec, file);
	return readFileSync(file);
}
const probe = (name: string, bytes: Uint8Array) => {
	const file = path.join(folder, name);
	writeFileSync(file, bytes);
	const format = 'format=duration,format_name:stream=codec_name';
	const args = ['-v', 'error', '-show_entries', format, '-of', 'json', file];
	return JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' })) as {
		format: { duration?: string; format_name: string };
		streams: { codec_name: string }[];
	};
};
/** The sound itself, decoded. */
const decode = (name: string) =>
	ffmpeg('-i', path.join(folder, name), '-f', 's16le', '-ac', '1', '-ar', '48000', 'pipe:1');

let live: Buffer;
let ogg: Uint8Array;
beforeAll(() => {
	// As recorders write it: no duration, no cues, clusters whose size is not known.
	live = make('live.webm', '-c:a', 'libopus', '-b:a', '32k', '-f', 'webm', '-live', '1');
	const stream = readWebmOpus(live);
	if (stream === undefined) throw new Error('not read');
	ogg = writeOggOpus(stream);
});

describe('Opus out of a recorder’s WebM', () => {
	it('has a duration in Ogg that it did not have before', () => {
		expect(probe('before.webm', live).format.duration).toBeUndefined();
		const { format, streams } = probe('after.oga', ogg);
		expect(format.format_name).toBe('ogg');
		expect(streams).toEqual([{ codec_name: 'opus' }]);
		expect(Number(format.duration)).toBeCloseTo(3.5, 1);
	});

	it('sounds the same, and is whole', () => {
		writeFileSync(path.join(folder, 'sound.oga'), ogg);
		const [before, after] = [decode('live.webm'), decode('sound.oga')];
		// The last packet may be cut where the recorder said that the sound ends: Ogg here keeps all of it.
		const shared = Math.min(before.length, after.length);
		expect(Math.abs(before.length - after.length)).toBeLessThan(2 * RATE * 0.03);
		expect(after.subarray(0, shared).equals(before.subarray(0, shared))).toBe(true);
	});

	it('is not read from what is something else, broken off or noise', () => {
		expect(readWebmOpus(live.subarray(0, live.length - 3))).toBeUndefined();
		expect(readWebmOpus(make('vorbis.webm', '-c:a', 'libvorbis'))).toBeUndefined();
		expect(readWebmOpus(readFileSync('samples/voice-message.m4a'))).toBeUndefined();
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(live.length), (noise, at) => {
				const spoilt = Uint8Array.from(live);
				spoilt.set(noise.subarray(0, live.length - at), at);
				readWebmOpus(spoilt);
				readWebmOpus(noise);
				decodedLength(spoilt, 'audio/webm');
			}),
		);
	});

	it('makes pages of any packets, which are counted again', () => {
		fc.assert(
			fc.property(
				fc.array(fc.uint8Array({ minLength: 1, maxLength: 1300 }), { maxLength: 300 }),
				(packets) => {
					const head = readWebmOpus(live)?.head ?? new Uint8Array();
					const file = writeOggOpus({ head, packets });
					const wanted = packets.reduce((sum, packet) => sum + opusSamples(packet), 0);
					// OpusHead and OpusTags are counted as packets.
					expect(oggOpusSamples(file) - wanted).toBe(
						2 * opusSamples(new TextEncoder().encode('Op')),
					);
				},
			),
			{ numRuns: 40 },
		);
		expect(() =>
			writeOggOpus({ head: new Uint8Array(19), packets: [new Uint8Array(2 ** 16)] }),
		).toThrow(RangeError);
	});
});

it('a packet lasts as long as its first byte says', () => {
	const table: [bytes: number[], milliseconds: number][] = [
		[[0x00], 10],
		[[0x18], 60],
		[[0x60], 10],
		[[0x68], 20],
		[[0x80], 2.5],
		[[0xf8], 20],
		[[0xf9], 40],
		[[0xfa], 40],
		[[0xfb, 0x03], 60],
		[[0x1b, 0x3f], 120],
		[[], 10],
	];
	for (const [bytes, milliseconds] of table)
		expect(opusSamples(Uint8Array.from(bytes))).toBe((milliseconds * RATE) / 1000);
});

describe('how much a file decodes to', () => {
	it('is known, and never less than it is', () => {
		const seconds = (bytes: Uint8Array, type: string) => decodedLength(bytes, type) / RATE;
		for (const [length, most] of [
			[seconds(ogg, 'audio/ogg'), 3.8],
			[seconds(live, 'audio/webm'), 3.6],
		] as const) {
			expect(length).toBeGreaterThanOrEqual(3.5);
			expect(length).toBeLessThan(most);
		}
	});

	it('cannot be told of what is of another kind', () => {
		expect(decodedLength(make('a.flac'), 'audio/flac')).toBe(Infinity);
		expect(decodedLength(make('v.oga', '-c:a', 'libvorbis'), 'audio/ogg')).toBe(Infinity);
		expect(decodedLength(make('a.m4a', '-c:a', 'aac'), 'audio/mp4')).toBe(Infinity);
		expect(decodedLength(new Uint8Array(), 'audio/ogg')).toBe(Infinity);
		expect(decodedLength(new Uint8Array(), 'audio/mp4')).toBe(Infinity);
		expect(decodedLength(ogg, 'audio/mp4')).toBe(Infinity);
	});

	it('counts what a file would rather hide', () => {
		// A page that says it goes on from the one before, and a second stream.
		const chained = new Uint8Array([...ogg, ...ogg]);
		expect(decodedLength(chained, 'audio/ogg')).toBe(Infinity);
		const second = ogg.findIndex((_, at) => at > 0 && ogg[at] === 0x4f && ogg[at + 1] === 0x67);
		const continued = Uint8Array.from(ogg);
		continued[second + 5] = 1;
		expect(decodedLength(continued, 'audio/ogg')).toBeGreaterThanOrEqual(
			decodedLength(ogg, 'audio/ogg'),
		);
	});
});
