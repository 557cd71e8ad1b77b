import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	findImageSize,
	imageSize,
	MAX_PIXELS,
} from '../../../../../src/core/formats/pictures/image-size.ts';
import { be16, be32, box, fullBox, le16, le24, le32 } from '../../../../pictures/bytes.ts';
import { av1Header, heif, ispe } from '../../../../pictures/heif.ts';
import { bytesOf, noise, offsetView, type Part } from '../../support.ts';

const TYPES = ['image/png', 'image/gif', 'image/jpeg', 'image/webp', 'image/avif'] as const;

const png = (width: number, height: number) =>
	bytesOf(0x89, 'PNG\r\n', 0x1a, '\n', be32(13), 'IHDR', be32(width), be32(height), 8, 6, 0, 0, 0);
const gif = (width: number, height: number) =>
	bytesOf('GIF89a', le16(width), le16(height), 0, 0, 0);
const segment = (marker: number, ...content: Part[]) => {
	const body = bytesOf(...content);
	return bytesOf(0xff, marker, be16(body.length + 2), body);
};
const frame = (width: number, height: number, marker = 0xc0) =>
	segment(marker, 8, be16(height), be16(width), 3, new Uint8Array(9));
const jpeg = (...segments: Uint8Array[]) => bytesOf(0xff, 0xd8, ...segments);
const eoi = Uint8Array.of(0xff, 0xd9);
const app0 = segment(0xe0, 'JFIF', new Uint8Array(10));
const lossy = (width: number, height: number) =>
	bytesOf(
		'RIFF',
		le32(100),
		'WEBPVP8 ',
		le32(80),
		0x30,
		1,
		0,
		0x9d,
		0x01,
		0x2a,
		le16(width),
		le16(height),
	);
const lossless = (width: number, height: number, flags = 0) =>
	bytesOf(
		'RIFF',
		le32(100),
		'WEBPVP8L',
		le32(80),
		0x2f,
		le32((((height - 1) << 14) | (width - 1) | flags) >>> 0),
	);
const extended = (width: number, height: number) =>
	bytesOf(
		'RIFF',
		le32(100),
		'WEBPVP8X',
		le32(10),
		0x10,
		0,
		0,
		0,
		le24(width - 1),
		le24(height - 1),
	);
const STREAM = av1Header(9, 9);
const avif = (...properties: Uint8Array[]) =>
	heif({ items: [{ type: 'av01', bytes: STREAM, properties: [1] }], properties });

describe('imageSize', () => {
	it.each([
		['PNG', 'image/png', png(640, 480)],
		['GIF', 'image/gif', gif(640, 480)],
		['JPEG, baseline', 'image/jpeg', jpeg(app0, frame(640, 480))],
		['JPEG, extended', 'image/jpeg', jpeg(app0, frame(640, 480, 0xc1))],
		['JPEG, progressive', 'image/jpeg', jpeg(app0, frame(640, 480, 0xc2))],
		['JPEG, arithmetic', 'image/jpeg', jpeg(frame(640, 480, 0xc9))],
		[
			'JPEG, tables first',
			'image/jpeg',
			jpeg(
				segment(0xdb, noise(65)),
				segment(0xc4, noise(20)),
				segment(0xc8, noise(9)),
				segment(0xcc, noise(9)),
				frame(640, 480),
			),
		],
		[
			'JPEG, with fill bytes',
			'image/jpeg',
			jpeg(app0, Uint8Array.of(255, 255, 255), frame(640, 480)),
		],
		[
			'JPEG, with garbage between',
			'image/jpeg',
			jpeg(app0, Uint8Array.of(0, 1, 2, 0x80), frame(640, 480)),
		],
		[
			'JPEG, with markers alone',
			'image/jpeg',
			jpeg(app0, Uint8Array.of(255, 0, 255, 1, 255, 0xd0, 255, 0xd7), frame(640, 480)),
		],
		[
			'JPEG, a thumbnail inside',
			'image/jpeg',
			jpeg(segment(0xe1, 'Exif\0\0', jpeg(frame(9, 9))), frame(640, 480)),
		],
		['WebP, lossy', 'image/webp', lossy(640, 480)],
		['WebP, lossy, scaled', 'image/webp', lossy(640 | 0x4000, 480 | 0x8000)],
		['WebP, lossless', 'image/webp', lossless(640, 480)],
		['WebP, lossless, with alpha', 'image/webp', lossless(640, 480, 1 << 28)],
		['WebP, extended', 'image/webp', extended(640, 480)],
		['AVIF', 'image/avif', avif(ispe(640, 480))],
		['AVIF, several sizes', 'image/avif', avif(ispe(320, 240), ispe(640, 480), ispe(9, 9))],
	])('%s', (_, type, head) => {
		expect(imageSize(head, type)).toEqual({ width: 640, height: 480 });
		expect(imageSize(offsetView(head), type)).toEqual({ width: 640, height: 480 });
		expect(imageSize(bytesOf(head, noise(100)), type)).toEqual({ width: 640, height: 480 });
	});

	it.each([
		['image/png', png(0xffffffff, 0xffffffff), 0xffffffff],
		['image/gif', gif(0xffff, 0xffff), 0xffff],
		['image/jpeg', jpeg(frame(0xffff, 0xffff)), 0xffff],
		['image/webp', lossy(0x3fff, 0x3fff), 0x3fff],
		['image/webp', lossless(0x4000, 0x4000), 0x4000],
		['image/webp', extended(0x1000000, 0x1000000), 0x1000000],
		['image/avif', avif(ispe(0xffffffff, 0xffffffff)), 0xffffffff],
	])('the largest %s', (type, head, side) => {
		expect(imageSize(head, type)).toEqual({ width: side, height: side });
		expect(side * side).toBeGreaterThan(MAX_PIXELS);
	});

	it('has a limit that photos of phones of 50 megapixels stay below', () => {
		expect(8192 * 6144).toBeLessThan(MAX_PIXELS);
		expect(MAX_PIXELS).toBe(52_000_000);
	});

	it('does not look behind the picture data of a JPEG', () => {
		expect(imageSize(jpeg(segment(0xda, noise(10)), frame(1, 1)), 'image/jpeg')).toBeUndefined();
		expect(imageSize(jpeg(bytesOf(0xff, 0xd9), frame(1, 1)), 'image/jpeg')).toBeUndefined();
	});

	it('of other types, or of other WebP chunks, is unknown', () => {
		expect(imageSize(png(1, 1), 'image/svg+xml')).toBeUndefined();
		expect(imageSize(png(1, 1), 'application/octet-stream')).toBeUndefined();
		expect(
			imageSize(bytesOf('RIFF', le32(9), 'WEBPVP9 ', noise(40)), 'image/webp'),
		).toBeUndefined();
		expect(imageSize(heif({ items: [], properties: [] }), 'image/avif')).toBeUndefined();
	});

	it.each([
		['image/png', png(640, 480), 24],
		['image/gif', gif(640, 480), 10],
		['image/jpeg', jpeg(app0, frame(640, 480)), 2 + app0.length + 9],
		['image/webp', lossy(640, 480), 30],
		['image/webp', lossless(640, 480), 25],
		['image/webp', extended(640, 480), 30],
		['image/avif', avif(ispe(640, 480)), avif(ispe(640, 480)).length - STREAM.length - 11],
	])('is unknown where a %s is cut off before it', (type, head, needed) => {
		for (let length = 0; length <= head.length; length++) {
			const size = imageSize(head.slice(0, length), type);
			expect(size).toEqual(length < needed ? undefined : { width: 640, height: 480 });
			// What lies behind the view in its buffer is not the picture's.
			expect(imageSize(head.subarray(0, length), type)).toEqual(size);
		}
	});

	it('is a pair of whole numbers or unknown, whatever the bytes', () => {
		const starts = fc.constantFrom(
			...[
				'',
				'\xff\xd8',
				'\xff\xd8\xff\xe0\0\0',
				'RIFF0000WEBPVP8 ',
				'RIFF0000WEBPVP8X',
				'\0\0\x01\0meta\0\0\0\0',
			],
		);
		fc.assert(
			fc.property(
				fc.constantFrom(...TYPES),
				starts,
				fc.uint8Array({ maxLength: 200 }),
				(type, start, rest) => {
					const size = imageSize(bytesOf(start, rest), type);
					if (size === undefined) return;
					for (const side of [size.width, size.height]) {
						expect(Number.isSafeInteger(side)).toBe(true);
						expect(side).toBeGreaterThanOrEqual(0);
					}
				},
			),
			{ numRuns: 3000 },
		);
	});

	it.each([
		['empty segments', Uint8Array.of(255, 0xe0, 0, 0)],
		['fill bytes', Uint8Array.of(255, 255, 255, 255)],
		['garbage', Uint8Array.of(0, 0, 0, 0)],
		['markers alone', Uint8Array.of(255, 0xd0, 255, 0)],
	])('ends on a megabyte of %s', (_, unit) => {
		const filler = new Uint8Array(1 << 20);
		for (let i = 0; i < filler.length; i += unit.length) filler.set(unit, i);
		expect(imageSize(jpeg(filler), 'image/jpeg')).toBeUndefined();
		expect(imageSize(filler, 'image/avif')).toBeUndefined();
		expect(imageSize(bytesOf(gif(0, 0), filler), 'image/gif')).toBeUndefined();
		expect(imageSize(bytesOf('RIFF    WEBP', filler), 'image/webp')).toBeUndefined();
	});
});

const gifFrame = (left: number, top: number, width: number, height: number) =>
	bytesOf(0x2c, le16(left), le16(top), le16(width), le16(height), 0, 2, 2, 0x4c, 1, 0);
const webpChunk = (name: string, ...content: Part[]) => {
	const body = bytesOf(...content);
	return bytesOf(name, le32(body.length), body, new Uint8Array(body.length % 2));
};
const anmf = (x: number, y: number, width: number, height: number, ...inside: Uint8Array[]) =>
	webpChunk(
		'ANMF',
		...[le24(x / 2), le24(y / 2), le24(width - 1), le24(height - 1), 0, 0, 0, 0],
		...inside,
	);
const vp8 = (width: number, height: number) =>
	webpChunk('VP8 ', lossy(width, height).subarray(20), 0);
const pngChunk = (name: string, ...content: Part[]) => {
	const body = bytesOf(...content);
	return bytesOf(be32(body.length), name, body, be32(0));
};
const pngHead = bytesOf(png(10, 10), be32(0));
const fcTL = (left: number, top: number, width: number, height: number) =>
	pngChunk(
		'fcTL',
		...[be32(0), be32(width), be32(height), be32(left), be32(top)],
		new Uint8Array(6),
	);
const gridOf = (width: number, height: number) => bytesOf(0, 1, 1, 1, be32(width), be32(height));
const tile = { type: 'av01', bytes: STREAM, properties: [1] } as const;

const large = av1Header(12000, 12000);
/** One that moves: in its last sample it is larger than in all others, whose sizes are written down where they differ. */
function movingAvif(uniform: number): Uint8Array {
	const samples = [uniform === 0 ? bytesOf(0x12, 0, STREAM) : STREAM, STREAM, STREAM, large];
	const start = avif(ispe(10, 10)).length + 8;
	const [first = STREAM, second = STREAM] = samples;
	const sizes = uniform === 0 ? samples.map(({ length }) => be32(length)) : [];
	const table = box(
		'stbl',
		fullBox('stsz', 0, be32(uniform), be32(samples.length), ...sizes),
		// Two in the first chunk, one in each of the others.
		fullBox('stsc', 0, be32(2), be32(1), be32(2), be32(1), be32(2), be32(1), be32(1)),
		fullBox(
			...(['stco', 0, be32(3), be32(start)] as const),
			be32(start + first.length + second.length),
			be32(start + first.length + 2 * second.length),
		),
	);
	return bytesOf(
		...[avif(ispe(10, 10)), box('mdat', ...samples)],
		box('moov', box('trak', box('mdia', box('minf', table)))),
	);
}

const unitOf = (type: number, bits: string) => {
	const body = (bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? []).map((byte) =>
		Number.parseInt(byte, 2),
	);
	return bytesOf((type << 3) | 2, body.length, ...body);
};
/**
 * A stream of 9x9 and then a frame, which may have a size of its own in as many bits. The header may say when frames are shown,
 * number them, and leave less to them.
 */
function ownSize(isOwn: boolean, kind: 'plain' | 'timed' | 'bare' = 'plain'): Uint8Array {
	const bit = (count: number, value: number) => value.toString(2).padStart(count, '0');
	const isTimed = kind === 'timed';
	// Profile, no still, not reduced; ticks, then how long decoding and its times take; one point.
	const timing = isTimed
		? `1${bit(64, 1)}01${bit(5, 9)}${bit(32, 1)}${bit(5, 9)}${bit(5, 7)}`
		: '0';
	const points = `0${bit(5, 0)}${bit(12, 0)}${bit(5, 4)}${isTimed ? '0' : ''}`;
	const sizes = bit(4, 13) + bit(4, 13) + bit(14, 8) + bit(14, 8);
	const numbers = isTimed ? `1${bit(4, 3)}${bit(3, 2)}` : '0';
	// Without an order hint; screen content and whole numbers of motion are said here, or by each frame.
	const tools = kind === 'bare' ? `${bit(7, 0)}000` : `${bit(7, 0)}011`;
	const sequence = `00000${timing}${points}${sizes}${numbers}${tools}`;
	// New, a key frame that is shown: its time, tables, screen content and its number.
	const frame = `0001${isTimed ? bit(8, 255) : ''}0${kind === 'bare' ? '' : '11'}${isTimed ? bit(8, 170) : ''}${isOwn ? 1 : 0}`;
	return bytesOf(unitOf(2, ''), unitOf(1, sequence), unitOf(6, frame.padEnd(80, '1')));
}
const streamed = (bytes: Uint8Array) =>
	heif({ items: [{ ...tile, bytes }], properties: [ispe(9, 9)] });

/** What is small at first sight, and what a decoder makes room for: 12000 by 12000. */
const HIDDEN: readonly (readonly [string, string, Uint8Array])[] = [
	[
		'a GIF frame larger than its screen',
		'image/gif',
		bytesOf(gif(10, 10), gifFrame(0, 0, 12000, 12000), ';'),
	],
	[
		'a later GIF frame, behind others and notes',
		'image/gif',
		bytesOf(
			...[
				gif(10, 10),
				gifFrame(0, 0, 10, 10),
				0x21,
				0xfe,
				3,
				'abc',
				0,
				0x21,
				0xf9,
				4,
				0,
				0,
				0,
				0,
				0,
			],
			...[gifFrame(11_990, 0, 10, 10), gifFrame(0, 11_000, 10, 1000), ';'],
		),
	],
	[
		'a WebP stream larger than its canvas',
		'image/webp',
		bytesOf(extended(10, 10), vp8(12000, 12000)),
	],
	[
		'a lossless WebP stream larger than its canvas',
		'image/webp',
		bytesOf(extended(10, 10), webpChunk('ALPH', 0), lossless(12000, 12000).subarray(12)),
	],
	[
		'a frame of a moving WebP',
		'image/webp',
		bytesOf(
			extended(10, 10),
			webpChunk('ANIM', be32(0), 0, 0),
			anmf(0, 0, 10, 10),
			anmf(2000, 2000, 10_000, 10_000),
		),
	],
	[
		'a stream in a frame of a moving WebP',
		'image/webp',
		bytesOf(extended(10, 10), anmf(0, 0, 10, 10, webpChunk('ALPH', 1, 2, 3), vp8(12000, 12000))),
	],
	[
		'a stream behind one that says it is longer than its frame',
		'image/webp',
		bytesOf(
			extended(10, 10),
			anmf(0, 0, 10, 10, bytesOf('ALPH', le32(500))),
			anmf(0, 0, 12000, 12000),
			new Uint8Array(600),
		),
	],
	[
		'a frame of a moving PNG',
		'image/png',
		bytesOf(
			pngHead,
			pngChunk('acTL', be32(2), be32(0)),
			fcTL(0, 0, 10, 10),
			pngChunk('IDAT', 1, 2, 3),
			fcTL(2000, 2000, 10_000, 10_000),
			pngChunk('fdAT', 1),
			pngChunk('IEND'),
		),
	],
	['a second frame of a JPEG', 'image/jpeg', jpeg(frame(10, 10), app0, frame(12000, 12000, 0xc2))],
	[
		'a size of an AVIF behind others',
		'image/avif',
		avif(ispe(10, 10), box('free', new Uint8Array(70_000)), ispe(12000, 12000)),
	],
	[
		'a size in an index behind the pixels',
		'image/avif',
		heif({
			items: [{ type: 'av01', bytes: new Uint8Array(70_000), properties: [1] }],
			properties: [ispe(12000, 12000)],
			isIndexLast: true,
		}),
	],
	[
		'a second index of an AVIF',
		'image/avif',
		bytesOf(avif(ispe(10, 10)), fullBox('meta', 0, box('iprp', box('ipco', ispe(12000, 12000))))),
	],
	[
		'a grid of an AVIF',
		'image/avif',
		heif({
			items: [{ type: 'grid', bytes: gridOf(12000, 12000), isIn: 'idat' }, tile],
			properties: [ispe(10, 10)],
		}),
	],
	[
		'a grid of an AVIF, in pieces in the file',
		'image/avif',
		heif({
			items: [{ type: 'grid', bytes: gridOf(12000, 12000), pieces: 5 }, tile],
			properties: [ispe(10, 10)],
		}),
	],
	[
		'a stream of an AVIF that is larger than it says',
		'image/avif',
		heif({ items: [{ ...tile, bytes: av1Header(12000, 12000) }], properties: [ispe(10, 10)] }),
	],
	[
		'a stream of an AVIF behind padding, in pieces',
		'image/avif',
		heif({
			items: [
				tile,
				{
					...tile,
					pieces: 3,
					bytes: bytesOf(0x12, 0, 0x7a, 0xc8, 1, new Uint8Array(200), av1Header(12000, 12000)),
				},
			],
			properties: [ispe(10, 10)],
		}),
	],
	[
		'a stream of an AVIF in its index',
		'image/avif',
		heif({
			items: [{ ...tile, isIn: 'idat', bytes: av1Header(12000, 12000) }],
			properties: [ispe(10, 10)],
		}),
	],
	[
		'a track of an AVIF that moves',
		'image/avif',
		bytesOf(
			avif(ispe(10, 10)),
			box(
				'moov',
				box(
					'trak',
					fullBox('tkhd', 0, new Uint8Array(72), be16(12000), be16(0), be16(12000), be16(0)),
				),
			),
		),
	],
	['a sample of one', 'image/avif', movingAvif(0)],
	['a sample of one, all as long as each other', 'image/avif', movingAvif(large.length)],
];

/** More small parts than any picture has. */
const small = (...part: Part[]) => {
	const one = bytesOf(...part);
	return new Uint8Array(Buffer.alloc(1_200_000 * one.length, one));
};

describe('the size that is drawn counts', () => {
	it.each(HIDDEN)('%s', async (_, type, bytes) => {
		expect(imageSize(bytes, type)).toEqual({ width: 12000, height: 12000 });
		for (const piece of [1, 7, 65_536]) {
			const read = async (at: number) => Uint8Array.from(bytes.subarray(at, at + piece));
			expect(await findImageSize(type, bytes.length, read)).toEqual({
				width: 12000,
				height: 12000,
			});
		}
	});

	it('a screen that is larger than all frames counts, too', () => {
		const bytes = bytesOf(gif(12000, 9), gifFrame(0, 0, 10, 12000), ';');
		expect(imageSize(bytes, 'image/gif')).toEqual({ width: 12000, height: 12000 });
	});

	it('frames behind the end of a GIF do not', () => {
		const bytes = bytesOf(gif(10, 10), gifFrame(0, 0, 10, 10), ';', gifFrame(0, 0, 12000, 12000));
		expect(imageSize(bytes, 'image/gif')).toEqual({ width: 10, height: 10 });
	});

	it('a JPEG of more scans than any has is refused: a decoder goes over all pixels with each', async () => {
		const scan = bytesOf(
			segment(0xda, 1, 1, 0, 1, 1, 0),
			noise(300).map((byte) => byte & 0x7f),
			0xff,
			0,
			0xff,
			0xd3,
		);
		const scans = (count: number) => Array.from({ length: count }, () => scan);
		for (const marker of [0xc0, 0xc2]) {
			const sized = (count: number) => jpeg(app0, frame(640, 480, marker), ...scans(count), eoi);
			expect(imageSize(sized(20), 'image/jpeg')).toEqual({ width: 640, height: 480 });
			expect(imageSize(sized(1000), 'image/jpeg')).toBeUndefined();
			const bytes = sized(1000);
			const read = async (at: number) => Uint8Array.from(bytes.subarray(at, at + 999));
			expect(await findImageSize('image/jpeg', bytes.length, read)).toBeUndefined();
		}
		// With all components in the first, nobody looks at others, or behind the end.
		const whole = segment(0xda, 3, new Uint8Array(9));
		for (const bytes of [
			jpeg(frame(9, 9), whole, ...scans(1000)),
			jpeg(frame(9, 9, 0xc2), scan, eoi, ...scans(1000)),
		])
			expect(imageSize(bytes, 'image/jpeg')).toEqual({ width: 9, height: 9 });
	});

	it.each(['plain', 'timed', 'bare'] as const)('a frame with a size of its own (%s)', (kind) => {
		const own = streamed(ownSize(true, kind));
		// As large as it can be said: what it says is far behind.
		expect(imageSize(own, 'image/avif')).toEqual({ width: 2 ** 14, height: 2 ** 14 });
		// One that is timed and numbered is not read as far.
		const side = kind === 'timed' ? 2 ** 14 : 9;
		const size = imageSize(streamed(ownSize(false, kind)), 'image/avif');
		expect(size).toEqual({ width: side, height: side });
	});

	it('a unit behind one whose first bit is forbidden', () => {
		const bytes = streamed(bytesOf(0x92, 0, large));
		expect(imageSize(bytes, 'image/avif')).toEqual({ width: 12000, height: 12000 });
	});

	it('an AVIF of more parts than any has is refused', () => {
		const units = bytesOf(...Array.from({ length: 40_000 }, () => Uint8Array.of(0x12, 0)));
		const bytes = heif({ items: [{ ...tile, bytes: units }], properties: [ispe(9, 9)] });
		expect(imageSize(bytes, 'image/avif')).toBeUndefined();
	});

	it('nor do places without a length, of which a few bytes announce millions', () => {
		const items = Array.from({ length: 4096 }, (_, id) => bytesOf(be16(id), be16(0), be16(4096)));
		const iloc = fullBox('iloc', 0, be16(0), be16(items.length), ...items);
		const bytes = bytesOf(
			box('ftyp', 'avif', be32(0), 'avif'),
			fullBox('meta', 0, box('iprp', box('ipco', ispe(9, 9))), iloc),
		);
		expect(imageSize(bytes, 'image/avif')).toBeUndefined();
	});

	it.each([
		['image/gif', bytesOf(gif(9, 9), gifFrame(0, 0, 9, 9).subarray(0, 11), small(1, 1))],
		['image/jpeg', bytesOf(0xff, 0xd8, small(0xff, 0x01), frame(9, 9))],
		['image/webp', bytesOf(extended(9, 9), small('aaaa', 0, 0, 0, 0))],
		['image/png', bytesOf(png(9, 9), be32(0), small(0, 0, 0, 0, 'aaAa', 0, 0, 0, 0))],
		['image/avif', bytesOf(avif(ispe(9, 9)), small(0, 0, 0, 8, 'free'))],
	] as const)(
		'%s of millions of small parts is looked at no longer than others',
		async (type, bytes) => {
			let steps = 0;
			const read = async (at: number) => {
				steps += 1;
				return Uint8Array.from(bytes.subarray(at, at + 2 ** 16));
			};
			expect(imageSize(bytes, type)).toBeUndefined();
			expect(await findImageSize(type, bytes.length, read)).toBeUndefined();
			expect(steps).toBeLessThan(bytes.length / 2 ** 16);
		},
	);

	it('nor do boxes in boxes, or frames in frames, however many', () => {
		const nested = (head: Uint8Array, name: string, each: number) => {
			const bytes = new Uint8Array(600_000);
			const view = new DataView(bytes.buffer);
			bytes.set(head);
			for (let at = head.length; at + each < bytes.length; at += each) {
				bytes.set(bytesOf(name), at + (each === 8 ? 4 : 0));
				view.setUint32(
					at + (each === 8 ? 0 : 4),
					bytes.length - at - (each === 8 ? 0 : 8),
					each > 8,
				);
			}
			return bytes;
		};
		expect(imageSize(nested(new Uint8Array(0), 'iprp', 8), 'image/avif')).toBeUndefined();
		const frames = nested(extended(9, 9), 'ANMF', 24);
		expect(imageSize(frames, 'image/webp')).toBeDefined();
	});
});

describe('looking for a size', () => {
	it('skips segments by their length: megabytes before the frame are not read', async () => {
		const notes = Array.from({ length: 100 }, () => segment(0xe1, new Uint8Array(65_000)));
		const bytes = jpeg(...notes, frame(640, 480), segment(0xda, noise(10)));
		let read = 0;
		const size = await findImageSize('image/jpeg', bytes.length, async (at) => {
			const part = Uint8Array.from(bytes.subarray(at, at + 1000));
			read += part.length;
			return part;
		});
		expect(size).toEqual({ width: 640, height: 480 });
		expect(read).toBeLessThan(bytes.length / 10);
	});

	it('reads nothing of the pixels of an AVIF', async () => {
		const pixels = bytesOf(0x32, 0xc0, 0x84, 0x3d, new Uint8Array(1_000_000));
		const bytes = heif({
			items: [{ ...tile, bytes: bytesOf(STREAM, pixels) }],
			properties: [ispe(640, 480)],
			isIndexLast: true,
		});
		let read = 0;
		const size = await findImageSize('image/avif', bytes.length, async (at) => {
			const part = Uint8Array.from(bytes.subarray(at, at + 1000));
			read += part.length;
			return part;
		});
		expect(size).toEqual({ width: 640, height: 480 });
		expect(read).toBeLessThan(10_000);
	});
});
