import { expect, it } from 'vitest';
import { stripJxl } from '../../../../../src/core/formats/pictures/strip-jxl.ts';
import { be32, box, bytesOf } from '../../../../pictures/bytes.ts';
import { cameraTiff, MARKS, told, xmp } from '../../../../pictures/exif.ts';
import { noise } from '../../support.ts';

const head = [box('JXL ', '\r\n\x87\n'), box('ftyp', 'jxl ', be32(0), 'jxl ')];
const pixels = box('jxlc', 0xff, 0x0a, noise(200));

it('a JPEG XL loses what it tells, and no pixel', () => {
	const telling = bytesOf(
		...[...head, box('Exif', be32(0), cameraTiff(6)), box('xml ', xmp())],
		...[box('jbrd', MARKS.maker), box('brob', 'Exif', MARKS.place), box('jumb', MARKS.person)],
		...[pixels, box('xml ', xmp())],
	);
	expect(told(telling)).toBeDefined();
	expect(stripJxl(telling)).toEqual(bytesOf(...head, pixels));
	const parts = [box('jxlp', be32(0), noise(9)), box('jxlp', be32(0x80000001), noise(9))];
	expect(stripJxl(bytesOf(...head, parts[0] ?? '', box('xml ', xmp()), parts[1] ?? ''))).toEqual(
		bytesOf(...head, ...parts),
	);
});

it('one of pixels alone stays as it is; what is cut, or has none, is not taken for one', () => {
	const bare = bytesOf(0xff, 0x0a, noise(99));
	expect(stripJxl(bare)).toEqual(bare);
	expect(stripJxl(bytesOf(...head, pixels.subarray(0, -1)))).toBeUndefined();
	expect(stripJxl(bytesOf(...head))).toBeUndefined();
	expect(stripJxl(bytesOf(...head, be32(3), 'jxlc'))).toBeUndefined();
});
