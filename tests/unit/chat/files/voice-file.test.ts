import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { asRecorderError, RecorderError } from '../../../../src/chat/files/recorder-error.ts';
import { pickFormat, voiceFile } from '../../../../src/chat/files/voice-file.ts';
import { guessKind } from '../../../../src/chat/model/media-kind.ts';
import { sniffMediaType } from '../../../../src/core/formats/media-type.ts';
import { boxes, find } from '../../core/movie-support.ts';

const AT = new Date(2026, 0, 3, 4, 5);
const NAME = 'voice-message-2026-01-03-04-05';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-voice-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ffmpeg = (...args: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);

/** As recorders write it: in pieces, without a duration. */
function recorded(name: string, seconds: number, ...options: string[]): Buffer {
	const file = path.join(folder, name);
	ffmpeg('-f', 'lavfi', '-i', `anoisesrc=d=${seconds}:a=0.2:r=48000`, ...options, file);
	return readFileSync(file);
}
const recorderWebm = () => recorded('a.webm', 1, '-c:a', 'libopus', '-f', 'webm', '-live', '1');
const recorderMp4 = (codec: string) => {
	const told = ['-metadata:s:a', 'title=GEHEIM Microphone', '-metadata', 'title=GEHEIM'];
	const fragments = ['-movflags', 'empty_moov+default_base_moof', '-frag_duration', '1000000'];
	return recorded('a.mp4', 3, '-c:a', codec, ...fragments, ...told);
};

/** What is heard of it, sample by sample, and for how long a player that decodes nothing thinks that it lasts. */
function heard(bytes: Uint8Array) {
	const file = path.join(folder, 'heard');
	writeFileSync(file, bytes);
	const samples = `${ffmpeg('-xerror', '-i', file, '-f', 'md5', '-')}`;
	const entries = ['-show_entries', 'format=duration', '-of', 'csv=p=0'];
	return { samples, seconds: Number(execFileSync('ffprobe', ['-v', 'error', ...entries, file])) };
}
const voice = async (bytes: Uint8Array) => {
	const file = await voiceFile(new Blob([Uint8Array.from(bytes)], { type: 'audio/mp4' }), AT);
	return new Uint8Array(await file.arrayBuffer());
};

describe('a voice message', () => {
	it('is recorded as the best that the browser can', () => {
		const pick = (...types: string[]) => pickFormat((type) => types.includes(type))?.type;
		const [firefox, chromium, safari] = [
			'audio/ogg;codecs=opus',
			'audio/webm;codecs=opus',
			'audio/mp4',
		];
		expect(pick(firefox, chromium, safari)).toBe(firefox);
		expect(pick(chromium, safari)).toBe(chromium);
		expect(pick(safari)).toBe(safari);
		expect(pick('video/webm')).toBeUndefined();
	});

	it('is named so that everybody takes it for audio', async () => {
		for (const [type, bytes, extension] of [
			['audio/mp4', new Uint8Array(9), 'm4a'],
			['audio/ogg;codecs=opus', new Uint8Array(9), 'ogg'],
			['audio/webm;codecs=opus', recorderWebm(), 'ogg'],
			// What cannot be taken apart is sent as it is.
			['audio/webm;codecs=opus', new Uint8Array(9), 'weba'],
		] as const) {
			const file = await voiceFile(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), AT);
			expect(file.name).toBe(`${NAME}.${extension}`);
			expect(file.type).not.toContain(';');
			expect(guessKind(file.name)).toBe('audio');
		}
	});

	it('out of WebM is Ogg by its bytes', async () => {
		const recorded = new Blob([new Uint8Array(recorderWebm())], { type: 'audio/webm;codecs=opus' });
		const file = await voiceFile(recorded, AT);
		expect(file.type).toBe('audio/ogg');
		expect(sniffMediaType(new Uint8Array(await file.arrayBuffer())).type).toBe('audio/ogg');
	});

	it.each(['aac', 'libopus'])(
		'out of fragments is one piece that sounds the same (%s)',
		async (codec) => {
			const given = recorderMp4(codec);
			expect(boxes(given).filter(({ type }) => type === 'moof').length).toBeGreaterThan(1);
			const made = await voice(given);
			expect(boxes(made).map(({ type }) => type)).toEqual(['ftyp', 'moov', 'mdat']);
			expect(heard(made).samples).toBe(heard(given).samples);
			expect(heard(made).seconds).toBeCloseTo(3, 1);
			// Some players go by the header alone.
			const header = find(made, 'moov', 'mvhd') ?? Buffer.alloc(0);
			expect(header.readUInt32BE(16) / header.readUInt32BE(12)).toBeCloseTo(3, 1);
		},
	);

	it('says neither what made it nor when', async () => {
		const made = Buffer.from(await voice(recorderMp4('aac')));
		for (const told of ['GEHEIM', 'Mediabunny', 'Lavf', 'SoundHandler', 'udta', 'meta'])
			expect(made.includes(told), told).toBe(false);
		expect(find(made, 'moov', 'mvhd')?.readBigUInt64BE(4)).toBe(0n);
	});

	it('whose recorder wrote the last index twice sounds the same', async () => {
		const given = recorderMp4('aac');
		const at = boxes(given).findLast(({ type }) => type === 'moof')?.at ?? 0;
		const index = given.subarray(at, at + given.readUInt32BE(at));
		const twice = Buffer.concat([given.subarray(0, at), index, given.subarray(at)]);
		const made = await voice(twice);
		expect(boxes(made).map(({ type }) => type)).toEqual(['ftyp', 'moov', 'mdat']);
		expect(heard(made).samples).toBe(heard(given).samples);
	});

	it('that cannot be put together is sent as it is', async () => {
		const given = recorderMp4('aac');
		for (const bytes of [new Uint8Array(0), given.subarray(0, 300), given.subarray(200)])
			expect(Buffer.from(await voice(bytes)).equals(bytes)).toBe(true);
		const alac = recorded('alac.m4a', 1, '-c:a', 'alac');
		expect(Buffer.from(await voice(alac)).equals(alac)).toBe(true);
	});
});

it('what browsers say of the microphone has a code', () => {
	const codeOf = (name: string) => asRecorderError(new DOMException('', name)).code;
	expect(codeOf('NotAllowedError')).toBe('denied');
	expect(codeOf('SecurityError')).toBe('denied');
	expect(codeOf('NotFoundError')).toBe('no-microphone');
	expect(codeOf('OverconstrainedError')).toBe('no-microphone');
	expect(codeOf('NotReadableError')).toBe('busy');
	expect(codeOf('NotSupportedError')).toBe('unsupported');
	expect(asRecorderError(undefined).code).toBe('unsupported');
	const error = new RecorderError('empty');
	expect(asRecorderError(error)).toBe(error);
});
