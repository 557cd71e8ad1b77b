import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../../../../src/core/bytes.ts';
import {
	orientationTiff,
	readOrientation,
} from '../../../../../src/core/formats/pictures/exif-orientation.ts';
import { stripJpeg } from '../../../../../src/core/formats/pictures/strip-jpeg.ts';
import { stripPng } from '../../../../../src/core/formats/pictures/strip-png.ts';
import { stripWebp } from '../../../../../src/core/formats/pictures/strip-webp.ts';
import { cameraTiff, tiff, told } from '../../../../pictures/exif.ts';

const SECRET = 'N 48.2082 E 16.3738';
const text = (value: string) => new TextEncoder().encode(value);
const holds = (bytes: Uint8Array | undefined, value: string | Uint8Array) =>
	Buffer.from(bytes ?? []).includes(typeof value === 'string' ? value : Buffer.from(value));

/** EXIF as a camera writes it: the orientation, and in a directory of its own where it was taken. */
function exif(orientation: number): Uint8Array {
	const tiff = new Uint8Array(64 + SECRET.length);
	const view = new DataView(tiff.buffer);
	view.setUint32(0, 0x49492a00);
	view.setUint32(4, 8, true);
	view.setUint16(8, 2, true);
	const entry = (at: number, tag: number, type: number, count: number, value: number) => {
		view.setUint16(at, tag, true);
		view.setUint16(at + 2, type, true);
		view.setUint32(at + 4, count, true);
		view.setUint32(at + 8, value, true);
	};
	entry(10, 0x010f, 2, SECRET.length, 64);
	entry(22, 0x0112, 3, 1, orientation);
	tiff.set(text(SECRET), 64);
	return tiff;
}

function segment(marker: number, content: Uint8Array): Uint8Array {
	const length = content.length + 2;
	return concatBytes(Uint8Array.of(0xff, marker, length >> 8, length & 0xff), content);
}

const plainJpeg = new Uint8Array(readFileSync('samples/balcony.jpg'));
function cameraJpeg(orientation: number): Uint8Array {
	return concatBytes(
		plainJpeg.subarray(0, 2),
		segment(0xe1, concatBytes(text('Exif\0\0'), exif(orientation))),
		segment(0xe1, text(`http://ns.adobe.com/xap/1.0/\0${SECRET}`)),
		segment(0xe2, text(`ICC_PROFILE\0kept`)),
		segment(0xe2, text(`MPF\0${SECRET}`)),
		segment(0xed, text(`Photoshop 3.0\0${SECRET}`)),
		segment(0xfe, text(SECRET)),
		plainJpeg.subarray(2),
		text(`ftypmp42 a film that hangs behind, ${SECRET}`),
	);
}

/** Where its pixels begin. */
const pixels = Buffer.from(plainJpeg).indexOf('\xff\xda', 'latin1');

describe('a JPEG', () => {
	it.each([1, 3, 6, 8])('loses where it was taken, and stays turned (%i)', (orientation) => {
		const stripped = stripJpeg(cameraJpeg(orientation));
		expect(holds(stripped, SECRET)).toBe(false);
		expect(holds(stripped, 'hangs behind')).toBe(false);
		expect(holds(stripped, 'ICC_PROFILE\0kept')).toBe(true);
		const at = Buffer.from(stripped ?? []).indexOf('Exif\0\0');
		expect(at >= 0).toBe(orientation !== 1);
		if (at >= 0)
			expect(readOrientation((stripped ?? new Uint8Array()).subarray(at + 6))).toBe(orientation);
	});

	it('that has nothing to lose keeps its picture byte for byte', () => {
		const once = stripJpeg(plainJpeg);
		const frame = Buffer.from(plainJpeg).subarray(
			Buffer.from(plainJpeg).indexOf('\xff\xdb', 'latin1'),
		);
		const kept = frame.subarray(0, frame.lastIndexOf('\xff\xd9', undefined, 'latin1') + 2);
		expect(holds(once, kept)).toBe(true);
		expect(stripJpeg(once ?? new Uint8Array())).toEqual(once);
	});

	it('that is none, or has no pixels yet, is not taken for one', () => {
		expect(stripJpeg(plainJpeg.subarray(0, 20))).toBeUndefined();
		expect(stripJpeg(plainJpeg.subarray(0, pixels - 5))).toBeUndefined();
		expect(
			stripJpeg(concatBytes(plainJpeg.subarray(0, 2), plainJpeg.subarray(-2))),
		).toBeUndefined();
		expect(stripJpeg(text('GIF89a'))).toBeUndefined();
	});

	it('that is cut off among its pixels, or lacks its end, is ended there', () => {
		const whole = stripJpeg(plainJpeg) ?? new Uint8Array();
		const end = Uint8Array.of(0xff, 0xd9);
		for (const cut of [1, 2, 3, 500, 1000]) {
			const stripped = stripJpeg(plainJpeg.subarray(0, plainJpeg.length - cut));
			const rest = whole.subarray(0, whole.length - Math.max(2, cut));
			const half = cut === 1 ? Uint8Array.of(0xff) : new Uint8Array();
			expect(stripped).toEqual(concatBytes(rest, half, end));
		}
		const camera = cameraJpeg(6).subarray(0, -text('ftypmp42 a film that hangs behind, ').length);
		expect(holds(stripJpeg(camera.subarray(0, -SECRET.length - 2)), SECRET)).toBe(false);
		// The next segment is cut.
		const cut = concatBytes(
			plainJpeg.subarray(0, -2),
			Uint8Array.of(0xff, 0xc4, 9, 9),
			text(SECRET),
		);
		expect(stripJpeg(cut)).toEqual(whole);
	});

	const exifOf = (content: Uint8Array) => segment(0xe1, concatBytes(text('Exif\0\0'), content));
	it.each([
		['nothing', new Uint8Array()],
		['zeros', new Uint8Array(40)],
		['no orientation', tiff(true, [])],
		['another orientation', cameraTiff(3)],
	])('with a second Exif segment that says %s is turned as the first says', (_, second) => {
		const first = exifOf(cameraTiff(6, false));
		const jpeg = (...segments: Uint8Array[]) =>
			stripJpeg(concatBytes(plainJpeg.subarray(0, 2), ...segments, plainJpeg.subarray(2)));
		const wanted = jpeg(first);
		const at = Buffer.from(wanted ?? []).indexOf('Exif\0\0');
		expect(readOrientation((wanted ?? new Uint8Array()).subarray(at + 6))).toBe(6);
		expect(jpeg(first, exifOf(second))).toEqual(wanted);
		expect(told(wanted ?? new Uint8Array())).toBeUndefined();
		// What begins with no TIFF header is passed over.
		expect(jpeg(exifOf(new Uint8Array(40)), exifOf(new Uint8Array()), first)).toEqual(wanted);
	});

	it('hides nothing in segments that no decoder knows, or that are longer than what is known', () => {
		const hiding = concatBytes(
			plainJpeg.subarray(0, 2),
			...[0x02, 0xbf, 0xf0, 0xfd, 0xe0, 0xef].map((marker) => segment(marker, text(SECRET))),
			segment(0xee, text(`Adobe\0\x64\0\0\0\0\x01${SECRET}`)),
			plainJpeg.subarray(2),
		);
		const stripped = stripJpeg(hiding);
		expect(holds(stripped, SECRET)).toBe(false);
		expect(holds(stripped, Uint8Array.of(0xff, 0xee, 0, 14, ...text('Adobe\0\x64')))).toBe(true);
	});
});

function pngChunk(name: string, content: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(12 + content.length);
	new DataView(bytes.buffer).setUint32(0, content.length);
	bytes.set(text(name), 4);
	bytes.set(content, 8);
	return bytes;
}

/** With the checksum that it must have. */
const pngPart = (name: string, content: Uint8Array) => {
	const bytes = pngChunk(name, content);
	new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(4, -4)));
	return bytes;
};

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const idat = pngPart('IDAT', deflateSync(Buffer.alloc(4)));
const ihdr = pngPart('IHDR', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0));
const png = concatBytes(
	SIGNATURE,
	pngChunk('IHDR', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0)),
	pngChunk('tEXt', text(`Author\0${SECRET}`)),
	pngChunk('eXIf', exif(1)),
	pngChunk('tIME', Uint8Array.of(7, 0, 0, 0, 0, 0, 0)),
	pngChunk('gAMA', Uint8Array.of(0, 0, 0xb1, 0x8f)),
	idat,
	pngChunk('prVt', text(SECRET)),
	pngChunk('IEND', new Uint8Array()),
	text(SECRET),
);

describe('a PNG', () => {
	it('keeps what it looks like and nothing else', () => {
		const stripped = stripPng(png);
		expect(holds(stripped, SECRET)).toBe(false);
		for (const gone of ['tEXt', 'eXIf', 'tIME', 'prVt']) expect(holds(stripped, gone)).toBe(false);
		for (const kept of ['IHDR', 'gAMA', 'IEND']) expect(holds(stripped, kept)).toBe(true);
		expect(holds(stripped, idat)).toBe(true);
	});

	const without = (...parts: Uint8Array[]) => concatBytes(SIGNATURE, ihdr, ...parts);
	it.each([3, 6, 8])('stays turned (%i), and says nothing else of it', (orientation) => {
		const turned = pngPart('eXIf', orientationTiff(orientation as 6));
		const end = pngPart('IEND', new Uint8Array());
		const camera = pngPart('eXIf', cameraTiff(orientation));
		expect(stripPng(without(camera, idat, end))).toEqual(without(turned, idat, end));
		// Where it stood, and once.
		expect(stripPng(without(idat, camera, end))).toEqual(without(idat, turned, end));
		const second = pngPart('eXIf', cameraTiff(5));
		expect(stripPng(without(camera, second, idat, end))).toEqual(without(turned, idat, end));
		const nonsense = pngPart('eXIf', text(`Exif\0\0${SECRET}`));
		expect(stripPng(without(nonsense, idat, end))).toEqual(without(idat, end));
		expect(told(stripPng(without(camera, idat, end)) ?? new Uint8Array())).toBeUndefined();
	});

	it('that is none, or has no pixels yet, is not taken for one', () => {
		expect(stripPng(png.subarray(0, 60))).toBeUndefined();
		expect(stripPng(without(pngPart('IEND', new Uint8Array())))).toBeUndefined();
		expect(stripPng(text('nothing'))).toBeUndefined();
	});

	it('that lacks its end gets one; cut among its pixels it is as far as it goes', () => {
		const end = pngPart('IEND', new Uint8Array());
		const whole = without(idat, end);
		for (const cut of [1, 4, 11, 12])
			expect(stripPng(whole.subarray(0, whole.length - cut))).toEqual(whole);
		const note = pngPart('tEXt', text(SECRET));
		expect(stripPng(without(idat, note).subarray(0, -2))).toEqual(whole);
		const cut = without(note, idat).subarray(0, -7);
		expect(stripPng(cut)).toEqual(without(idat).subarray(0, -7));
	});
});

const plainWebp = new Uint8Array(
	Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64'),
);
function riff(...chunks: (readonly [string, Uint8Array])[]): Uint8Array {
	const part = ([name, content]: readonly [string, Uint8Array]) => {
		const head = new Uint8Array(8);
		head.set(text(name));
		new DataView(head.buffer).setUint32(4, content.length, true);
		return concatBytes(head, content, new Uint8Array(content.length % 2));
	};
	return part(['RIFF', concatBytes(text('WEBP'), ...chunks.map(part))]);
}
const lossless = plainWebp.subarray(20);

describe('a WebP', () => {
	it.each([1, 6])('loses EXIF and XMP, and stays turned (%i)', (orientation) => {
		const stripped = stripWebp(
			riff(
				['VP8X', Uint8Array.of(0x2c, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
				['ICCP', text('kept')],
				['VP8L', lossless],
				['EXIF', exif(orientation)],
				['XMP ', text(SECRET)],
				['priv', text(SECRET)],
			),
		);
		expect(holds(stripped, SECRET)).toBe(false);
		expect(holds(stripped, 'ICCP')).toBe(true);
		expect(holds(stripped, lossless)).toBe(true);
		const isTurned = orientation !== 1;
		expect(stripped?.[20]).toBe(isTurned ? 0x28 : 0x20);
		expect(holds(stripped, 'EXIF')).toBe(isTurned);
		const size = new DataView((stripped ?? new Uint8Array(8)).buffer).getUint32(4, true);
		expect(size).toBe((stripped?.length ?? 0) - 8);
	});

	it('of the simple kind is left as it is', () => {
		expect(stripWebp(plainWebp)).toEqual(plainWebp);
	});

	it('that is none, or has no pixels, is not taken for one', () => {
		expect(stripWebp(plainWebp.subarray(0, 18))).toBeUndefined();
		expect(stripWebp(riff(['EXIF', exif(1)]))).toBeUndefined();
		expect(stripWebp(text('RIFFxxxxWAVE'))).toBeUndefined();
	});

	const canvas = Uint8Array.of(0x02, 0, 0, 0, 16, 0, 0, 16, 0, 0);
	const frameHead = new Uint8Array(16).fill(7);
	const frame = (...inner: (readonly [string, Uint8Array])[]) =>
		concatBytes(frameHead, riff(...inner).subarray(12));

	it('hides nothing in its frames either', () => {
		const hiding = riff(
			['VP8X', canvas],
			['ANIM', new Uint8Array(6)],
			['ANMF', frame(['note', text(SECRET)], ['VP8L', lossless], ['EXIF', exif(6)])],
		);
		const clean = riff(
			['VP8X', canvas],
			['ANIM', new Uint8Array(6)],
			['ANMF', frame(['VP8L', lossless])],
		);
		expect(stripWebp(hiding)).toEqual(clean);
		expect(stripWebp(clean)).toEqual(clean);
	});

	it.each([-1000, -2, -1, 1, 2, 1000, 2 ** 31])('whose size is off by %i is made whole', (off) => {
		const moving = riff(
			['VP8X', canvas],
			['ANMF', frame(['VP8L', lossless])],
			['ANMF', frame(['VP8L', lossless])],
		);
		for (const whole of [plainWebp, moving]) {
			const wrong = Uint8Array.from(whole);
			const size = wrong.length - 8 + off;
			if (size < 30) continue;
			new DataView(wrong.buffer).setUint32(4, size, true);
			expect(stripWebp(wrong)).toEqual(whole);
		}
	});

	it('of which bytes are missing is what is there', () => {
		const second = ['ANMF', frame(['VP8L', lossless])] as const;
		const one = riff(['VP8X', canvas], ['ANMF', frame(['VP8L', lossless])]);
		const two = riff(['VP8X', canvas], ['ANMF', frame(['VP8L', lossless])], second);
		for (const cut of [1, 2, 5]) {
			const still = stripWebp(plainWebp.subarray(0, plainWebp.length - cut));
			const there = lossless.subarray(0, Math.min(13, lossless.length - cut));
			expect(still).toEqual(riff(['VP8L', there]));
			// A frame that is not whole would be refused with all others.
			expect(stripWebp(two.subarray(0, two.length - cut))).toEqual(one);
		}
		// Only the byte that pads it.
		const noted = riff(['VP8L', lossless], ['EXIF', text(`${SECRET}.`)]);
		const clean = riff(['VP8L', lossless]);
		expect(stripWebp(noted.subarray(0, -1))).toEqual(clean);
		expect(stripWebp(noted.subarray(0, -9))).toEqual(clean);
	});

	it('is turned as the first EXIF that can be read says', () => {
		const big = Uint8Array.of(0x08, 0, 0, 0, 16, 0, 0, 16, 0, 0);
		const turned = (...exifs: Uint8Array[]) =>
			stripWebp(
				riff(
					['VP8X', big],
					['VP8L', lossless],
					...exifs.map((content) => ['EXIF', content] as const),
				),
			);
		const wanted = riff(['VP8X', big], ['VP8L', lossless], ['EXIF', orientationTiff(8)]);
		expect(turned(text('nonsense'), exif(8), exif(3))).toEqual(wanted);
		expect(turned(concatBytes(text('Exif\0\0'), exif(8)))).toEqual(wanted);
	});
});

it('an orientation is what was written, and 1 for nonsense', () => {
	for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const)
		expect(readOrientation(orientationTiff(orientation))).toBe(orientation);
	expect(readOrientation(exif(9))).toBe(1);
	expect(readOrientation(new Uint8Array(3))).toBe(1);
});

it('no mutation makes them fail otherwise than by saying so', () => {
	const wholes = [cameraJpeg(6), png, riff(['VP8X', new Uint8Array(10)], ['EXIF', exif(3)])];
	fc.assert(
		fc.property(
			fc.constantFrom(...wholes),
			fc.array(fc.tuple(fc.nat(700), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
			fc.nat(800),
			(whole, changes, cut) => {
				const bytes = Uint8Array.from(whole.subarray(0, whole.length - (cut % 3 === 0 ? cut : 0)));
				for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
				for (const strip of [stripJpeg, stripPng, stripWebp]) {
					const stripped = strip(bytes);
					expect(stripped === undefined || stripped.length <= bytes.length + 40).toBe(true);
				}
			},
		),
	);
});
