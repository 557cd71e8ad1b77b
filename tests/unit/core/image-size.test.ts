import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageSize, MAX_PIXELS } from '../../../src/core/image-size.ts';
import { bytesOf, noise, offsetView, type Part } from './support.ts';

const TYPES = ['image/png', 'image/gif', 'image/jpeg', 'image/webp', 'image/avif'] as const;

const be16 = (value: number) => Uint8Array.of(value >> 8, value & 255);
const le16 = (value: number) => Uint8Array.of(value & 255, value >> 8);
const be32 = (value: number) => bytesOf(be16(value >>> 16), be16(value & 0xffff));
const le32 = (value: number) => bytesOf(le16(value & 0xffff), le16(value >>> 16));
const le24 = (value: number) => bytesOf(le16(value & 0xffff), value >>> 16);

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
const ispe = (width: number, height: number) =>
	bytesOf(be32(20), 'ispe', be32(0), be32(width), be32(height));
const avif = (...properties: Uint8Array[]) =>
	bytesOf(be32(20), 'ftypavif', be32(0), 'avif', be32(200), 'meta', ...properties);

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
		['AVIF, a grid', 'image/avif', avif(ispe(320, 240), ispe(640, 480), ispe(320, 240))],
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

	it('has a limit of 50 megapixels', () => {
		expect(MAX_PIXELS).toBe(50_000_000);
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
		expect(imageSize(avif(), 'image/avif')).toBeUndefined();
	});

	it.each([
		['image/png', png(640, 480), 24],
		['image/gif', gif(640, 480), 10],
		['image/jpeg', jpeg(app0, frame(640, 480)), 2 + app0.length + 9],
		['image/webp', lossy(640, 480), 30],
		['image/webp', lossless(640, 480), 25],
		['image/webp', extended(640, 480), 30],
		['image/avif', avif(ispe(640, 480)), avif(ispe(640, 480)).length],
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
				'0000ispe',
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
	});
});
