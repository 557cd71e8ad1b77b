import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { asRecorderError, RecorderError } from '../../../../src/chat/files/recorder-error.ts';
import { pickFormat, voiceFile } from '../../../../src/chat/files/voice-file.ts';
import { guessKind } from '../../../../src/chat/model/media-kind.ts';
import { sniffMediaType } from '../../../../src/core/formats/media-type.ts';

const AT = new Date(2026, 0, 3, 4, 5);
const NAME = 'voice-message-2026-01-03-04-05';

function recorderWebm(): Buffer {
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-voice-'));
	const file = path.join(folder, 'a.webm');
	const input = ['-f', 'lavfi', '-i', 'sine=duration=1'];
	const output = ['-c:a', 'libopus', '-f', 'webm', '-live', '1', file];
	execFileSync('ffmpeg', ['-v', 'error', ...input, ...output]);
	const bytes = readFileSync(file);
	rmSync(folder, { recursive: true });
	return bytes;
}

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
