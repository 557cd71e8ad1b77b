import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageSize } from '../../../../../src/core/formats/pictures/image-size.ts';
import { stripHeif } from '../../../../../src/core/formats/pictures/strip-heif.ts';
import { be32, box, bytesOf, fullBox } from '../../../../pictures/bytes.ts';
import { cameraTiff, MARKS, told, xmp } from '../../../../pictures/exif.ts';
import { av1Header, heif, ispe, type MadeHeif, type MadeItem } from '../../../../pictures/heif.ts';
import { noise } from '../../support.ts';

const irot = Buffer.from(box('irot', 1));
const imir = Buffer.from(box('imir', 0));
const properties = [ispe(640, 480), irot, imir, fullBox('udes', 0, 'en', 0, MARKS.person, 0)];
const pixels = Buffer.from(bytesOf(av1Header(640, 480), noise(3000)));
const picture: MadeItem = { type: 'av01', bytes: pixels, properties: [1, -2, -3, 4] };
const exif: MadeItem = { type: 'Exif', bytes: bytesOf(be32(0), cameraTiff(6)), about: 1 };
const mime: MadeItem = {
	...{ type: 'mime', bytes: xmp(), about: 1 },
	contentType: 'application/rdf+xml',
};
/** As phones write it, with all that tells. */
const telling: MadeHeif = {
	items: [{ ...picture, name: MARKS.person }, exif, mime],
	properties,
	loose: bytesOf(MARKS.place),
	inMeta: [
		box('uuid', noise(16), MARKS.maker),
		fullBox('xml ', 0, xmp()),
		// Where other files lie.
		box('dinf', fullBox('dref', 0, be32(1), fullBox('url ', 0, MARKS.person, 0))),
	],
	behind: [box('uuid', noise(16), MARKS.place), box('sefd', MARKS.model)],
};
const strip = (made: MadeHeif) => stripHeif(Uint8Array.from(heif(made)));

describe('an AVIF or HEIC', () => {
	it.each([
		['as phones write it', {}],
		['with its index behind', { isIndexLast: true }],
		['as HEIC', { brands: ['heic', 'mif1'], items: [{ ...picture, type: 'hvc1' }, exif, mime] }],
		['in pieces', { items: [picture, { ...exif, pieces: 5 }, { ...mime, pieces: 3 }] }],
		[
			'whose notes lie in the index',
			{ items: [picture, { ...exif, isIn: 'idat' }, { ...mime, isIn: 'idat' }] },
		],
	] as const)('%s loses what it tells, and no pixel', (_, change) => {
		const made = { ...telling, ...change };
		const stripped = strip(made);
		expect(told(heif(made))).toBeDefined();
		expect(told(stripped ?? new Uint8Array())).toBeUndefined();
		const all = Buffer.from(stripped ?? []);
		for (const gone of ['Exif', 'mime', 'uuid', 'udes', 'xml ', 'dinf'])
			expect(all.includes(gone)).toBe(false);
		expect(all.indexOf(pixels)).toBe(Buffer.from(heif(made)).indexOf(pixels));
		// How it is turned, and how large it is, stays with it.
		for (const kept of [irot, imir, Buffer.from(ispe(640, 480))])
			expect(all.includes(kept)).toBe(true);
		expect(all.length).toBe(heif(made).length);
		if (!('brands' in change))
			expect(imageSize(all, 'image/avif')).toEqual({ width: 640, height: 480 });
		expect(stripHeif(stripped ?? new Uint8Array())).toEqual(stripped);
	});

	it('that has nothing to lose stays as it is', () => {
		const made: MadeHeif = {
			items: [{ ...picture, pieces: 2, properties: [1, -2] }],
			properties: properties.slice(0, 3),
		};
		expect(strip(made)).toEqual(Uint8Array.from(heif(made)));
	});

	it('of tiles keeps them, and their gain map', () => {
		const grid = bytesOf(0, 0, 0, 0, 2, 128, 1, 224);
		const made: MadeHeif = {
			items: [
				{ type: 'grid', bytes: grid, isIn: 'idat', properties: [1], about: 2 },
				...[picture, exif, { ...picture, type: 'tmap', bytes: noise(50, 3) }, picture],
			],
			properties,
		};
		const stripped = Buffer.from(strip(made) ?? []);
		expect(told(stripped)).toBeUndefined();
		for (const kept of [grid, noise(50, 3), 'dimg', 'tmap'].map((part) => Buffer.from(part)))
			expect(stripped.includes(kept)).toBe(true);
	});

	it.each([
		['moves', { behind: [box('moov')] }],
		['has two indexes', { behind: [fullBox('meta', 0)] }],
		['is cut off', { behind: [be32(500), bytesOf('free')] }],
		['is a JPEG in a HEIF, with notes of its own', { items: [{ ...picture, type: 'jpeg' }] }],
		['needs a property that would go', { items: [{ ...picture, properties: [1, -4] }, exif] }],
		['has no picture that is shown', { items: [exif, picture] }],
	] as const)('that %s is not taken for one that can be cleaned', (_, change) => {
		expect(strip({ ...telling, ...change })).toBeUndefined();
	});

	it('whose notes lie among its pixels is not', () => {
		const bytes = Uint8Array.from(heif(telling));
		const view = new DataView(bytes.buffer);
		const iloc = Buffer.from(bytes).indexOf('iloc') + 4;
		// The second item is where the first is.
		view.setUint32(iloc + 8 + 16 + 8, view.getUint32(iloc + 8 + 8));
		expect(stripHeif(bytes)).toBeUndefined();
	});

	it('of any bytes is cleaned, or not taken for one', () => {
		const whole = heif(telling);
		const head = whole.length - 4500;
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.nat(Math.max(1, head)), fc.nat(255)), { minLength: 1, maxLength: 6 }),
				(changes) => {
					const bytes = Uint8Array.from(whole);
					for (const [at, value] of changes) bytes[at] = value;
					const stripped = stripHeif(bytes);
					expect(stripped === undefined || stripped.length === bytes.length).toBe(true);
				},
			),
			{ numRuns: 500 },
		);
	});
});
