import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatBytes } from '../../../../../src/core/bytes.ts';
import { stripGif } from '../../../../../src/core/formats/pictures/strip-gif.ts';
import { times } from '../../../../what-runs.ts';

const SECRET = 'N 48.2082 E 16.3738';
const text = (value: string) => new TextEncoder().encode(value);
const holds = (bytes: Uint8Array | undefined, value: string) =>
	Buffer.from(bytes ?? []).includes(value, 0, 'latin1');

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'balcony-gif-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A GIF as ffmpeg writes it, with its options. */
function gif(...options: string[]): Uint8Array {
	const file = path.join(folder, 'made.gif');
	execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', ...options, file]);
	return new Uint8Array(readFileSync(file));
}

/** Every frame as ffmpeg decodes it: time, duration, hash. */
function frames(bytes: Uint8Array): string {
	const file = path.join(folder, 'read.gif');
	writeFileSync(file, bytes);
	const args = ['-v', 'error', '-ignore_loop', '1', '-i', file, '-f', 'framemd5', '-'];
	return execFileSync('ffmpeg', args, { encoding: 'latin1' });
}

const blocks = (...contents: Uint8Array[]) =>
	concatBytes(
		...contents.map((content) => concatBytes(Uint8Array.of(content.length), content)),
		Uint8Array.of(0),
	);
const extension = (label: number, ...contents: Uint8Array[]) =>
	concatBytes(Uint8Array.of(0x21, label), blocks(...contents));
const comment = extension(0xfe, text(SECRET), text('a second block'));
const loop = (name: string, ...more: Uint8Array[]) =>
	extension(0xff, text(name), ...more, Uint8Array.of(1, 7, 0), text(SECRET));
/** XMP part 3, section 1.1.2: text that is no blocks, and a trailer by which whoever reads blocks gets out of it. */
const xmp = concatBytes(
	Uint8Array.of(0x21, 0xff, 11),
	text('XMP DataXMP'),
	text(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${SECRET} ${'and more '.repeat(99)}</x:xmpmeta>`),
	Uint8Array.of(1),
	Uint8Array.from({ length: 256 }, (_, index) => 255 - index),
	Uint8Array.of(0),
);
const plainText = extension(1, new Uint8Array(12), text(SECRET));
/** Behind the header, the screen and the global colours. */
const bodyOf = (bytes: Uint8Array) => 13 + 3 * 2 ** (((bytes[10] ?? 0) & 7) + 1);

function told(plain: Uint8Array): Uint8Array {
	const at = bodyOf(plain);
	return concatBytes(
		plain.subarray(0, at),
		...[comment, xmp, plainText],
		...[extension(0xff, text('ICCRGBG1012'), text(SECRET)), extension(0x42, text(SECRET))],
		plain.subarray(at, -1),
		...[comment, xmp],
		Uint8Array.of(0x3b),
		text(`hangs behind: ${SECRET}`),
	);
}

const PALETTES = 'split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1';

describe.each([
	['that moves', ['testsrc2=s=90x60:r=10:d=1', '-loop', '3']],
	['with colours for each frame', ['testsrc2=s=90x60:r=10:d=1', '-filter_complex', PALETTES]],
	['that is one picture', ['testsrc2=s=33x17:d=1', '-frames:v', '1']],
	['with transparent parts', ['color=c=red@0.5:s=16x16:r=5:d=1,format=rgba']],
])('a GIF %s', (_, options) => {
	let plain = new Uint8Array();
	beforeAll(() => {
		plain = Uint8Array.from(gif(...options));
	});

	it('that has nothing to lose stays as it is', () => {
		expect(stripGif(plain)).toEqual(plain);
	});

	it('loses what it tells, and no frame', () => {
		const whole = told(plain);
		const stripped = stripGif(whole);
		expect(holds(whole, SECRET)).toBe(true);
		expect(holds(stripped, SECRET)).toBe(false);
		expect(stripped).toEqual(plain);
		expect(frames(stripped ?? new Uint8Array())).toBe(frames(plain));
	});

	it('that is cut anywhere is ended there, without what it tells', () => {
		const whole = told(plain).subarray(0, -text(`hangs behind: ${SECRET}`).length);
		const firstPixels = whole.indexOf(
			0x2c,
			Buffer.from(whole).lastIndexOf(SECRET, whole.length / 2),
		);
		for (let length = 0; length < whole.length; length += length < 4000 ? 1 : 97) {
			const stripped = stripGif(whole.subarray(0, length));
			if (length <= firstPixels && stripped !== undefined) expect(stripped).toBeUndefined();
			if (stripped === undefined) continue;
			const again = Buffer.from(stripGif(stripped) ?? []);
			const isRight =
				!holds(stripped, SECRET) && stripped.at(-1) === 0x3b && again.equals(stripped);
			if (!isRight) expect([...again]).toEqual([...stripped]);
		}
	});

	it('that lacks its trailer gets one, and goes on no further than a block', () => {
		expect(stripGif(plain.subarray(0, -1))).toEqual(plain);
		for (const garbage of [`\0${SECRET}`, SECRET, '\x2c', '\x21', '\x21\xfe\xff'])
			expect(stripGif(concatBytes(plain.subarray(0, -1), Buffer.from(garbage, 'latin1')))).toEqual(
				plain,
			);
	});
});

describe('how often a GIF moves', () => {
	it.each(['NETSCAPE2.0', 'ANIMEXTS1.0'])('is kept (%s), and nothing beside it', (name) => {
		const plain = gif('testsrc2=s=20x20:r=5:d=1', '-loop', '-1');
		expect(holds(plain, 'NETSCAPE')).toBe(false);
		const at = bodyOf(plain);
		const between = (...parts: Uint8Array[]) =>
			concatBytes(plain.subarray(0, at), ...parts, plain.subarray(at));
		const wanted = between(extension(0xff, text(name), Uint8Array.of(1, 7, 0)));
		expect(stripGif(between(loop(name)))).toEqual(wanted);
		const buffered = loop(name, Uint8Array.of(2, 0, 0, 0, 0));
		expect(stripGif(between(buffered))).toEqual(wanted);
		expect(stripGif(between(extension(0xff, text(name), text(SECRET))))).toEqual(plain);
	});

	it('and how long it shows a picture hide nothing either', () => {
		const plain = gif('testsrc2=s=20x20:r=5:d=1');
		const control = Buffer.from(plain).indexOf(Buffer.from('21f904', 'hex'));
		const whole = concatBytes(
			plain.subarray(0, control + 7),
			Uint8Array.of(SECRET.length),
			text(SECRET),
			plain.subarray(control + 7),
		);
		expect(stripGif(whole)).toEqual(plain);
	});
});

it('what is no GIF, or has no picture, is not taken for one', () => {
	const empty = concatBytes(text('GIF89a'), new Uint8Array(7), Uint8Array.of(0x3b));
	const shortControl = concatBytes(
		text('GIF89a'),
		new Uint8Array(7),
		extension(0xf9, Uint8Array.of(0, 0, 0)),
		Uint8Array.of(0x3b),
	);
	for (const bytes of [empty, shortControl, text('GIF88a'), text('nothing'), new Uint8Array()])
		expect(stripGif(bytes)).toBeUndefined();
});

it('no bytes make it fail otherwise than by saying so', () => {
	const whole = told(gif('testsrc2=s=20x20:r=5:d=1'));
	const head = text('GIF89a');
	const anything = fc.uint8Array({ maxLength: 300 }).map((bytes) => concatBytes(head, bytes));
	const altered = fc
		.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
		.map((changes) => {
			const bytes = Uint8Array.from(whole);
			for (const [at, value] of changes) bytes[at] = value;
			return bytes;
		});
	fc.assert(
		fc.property(fc.oneof(anything, altered), (bytes) => {
			const stripped = stripGif(bytes);
			if (stripped === undefined) return;
			// An end of its blocks, and of it.
			expect(stripped.length).toBeLessThanOrEqual(bytes.length + 2);
			expect(stripGif(stripped)).toEqual(stripped);
		}),
		{ numRuns: times(500, 200) },
	);
});

it('any comments anywhere between the blocks are gone, and nothing else', () => {
	const plain = gif('testsrc2=s=20x20:r=5:d=1');
	const places = starts(plain);
	expect(places.length).toBeGreaterThan(8);
	const added = fc.uint8Array({ maxLength: 255, minLength: 1 });
	fc.assert(
		fc.property(fc.array(fc.tuple(fc.constantFrom(...places), added)), (comments) => {
			let whole = plain;
			for (const [at, content] of comments.sort(([a], [b]) => b - a))
				whole = concatBytes(whole.subarray(0, at), extension(0xfe, content), whole.subarray(at));
			expect(stripGif(whole)).toEqual(plain);
		}),
	);
});

/** Where blocks begin, found without the code that is tested. */
function starts(bytes: Uint8Array): number[] {
	const found: number[] = [];
	let at = bodyOf(bytes);
	while (bytes[at] !== 0x3b) {
		found.push(at);
		if (bytes[at] === 0x2c) {
			const packed = bytes[at + 9] ?? 0;
			at += 11 + (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0);
		} else at += 2;
		while (bytes[at] !== 0) at += 1 + (bytes[at] ?? 0);
		at += 1;
	}
	return [...found, at];
}
