import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { be16, be32, box, bytesOf, fullBox, le16, le24, le32, type Part } from './bytes.ts';
import { cameraTiff, MARKS, tiff, xmp } from './exif.ts';
import { heif } from './heif.ts';

/** A picture as something makes it, which tells where and by whom, and what is to become of it. */
export interface MadePicture {
	readonly name: string;
	readonly bytes: Uint8Array;
	/** it goes out clean, or is asked about */
	readonly becomes: 'clean' | 'asked';
	/** pixels, as browsers show it; undefined where not all of them do */
	readonly shown?: readonly [width: number, height: number];
	/** something behind it shows through */
	readonly isClear?: true;
}

const WIDTH = 64;
const HEIGHT = 48;
const UPRIGHT = [WIDTH, HEIGHT] as const;
const TURNED = [HEIGHT, WIDTH] as const;

let made: readonly MadePicture[] | undefined;

/** Pictures of phones, cameras, photo managers and drawing programs, by their structure; made once. */
export function pictureCorpus(): readonly MadePicture[] {
	made ??= make();
	return made;
}

function make(): readonly MadePicture[] {
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-pictures-'));
	const drawn = (name: string, source: string, ...options: string[]) => {
		const file = path.join(folder, name);
		execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, ...options, file]);
		return new Uint8Array(readFileSync(file));
	};
	const opaque = `testsrc2=s=${WIDTH}x${HEIGHT}:r=5:d=1`;
	const clear = `color=red@0.4:s=${WIDTH}x${HEIGHT}:r=5:d=1,format=yuva420p`;
	const still = ['-frames:v', '1'];
	try {
		return [
			...jpegs(drawn('a.jpg', opaque, ...still)),
			...pngs(drawn('a.png', opaque, ...still)),
			...webps(
				drawn('a.webp', opaque, ...still, '-c:v', 'libwebp'),
				drawn('b.webp', clear, ...still, '-c:v', 'libwebp'),
				drawn('c.webp', opaque, '-c:v', 'libwebp_anim', '-loop', '0'),
			),
			...gifs(drawn('a.gif', opaque)),
			...heifs(drawn('a.avif', opaque, ...still, '-c:v', 'libaom-av1', '-still-picture', '1')),
			...others(drawn('a.jxl', opaque, ...still)),
		];
	} finally {
		rmSync(folder, { recursive: true });
	}
}

const segment = (marker: number, ...content: Part[]) => {
	const body = bytesOf(...content);
	return bytesOf(0xff, marker, be16(body.length + 2), body);
};
const exifSegment = (content: Uint8Array) => segment(0xe1, 'Exif\0\0', content);
const XMP = 'http://ns.adobe.com/xap/1.0/\0';

function jpegs(plain: Uint8Array): readonly MadePicture[] {
	const behindSoi = plain.subarray(2);
	const jpeg = (...segments: Uint8Array[]) => bytesOf(0xff, 0xd8, ...segments, behindSoi);
	const phone = exifSegment(cameraTiff(6, false));
	const part = xmp(65_000);
	const extended = Array.from({ length: 20 }, () =>
		segment(
			0xe1,
			'http://ns.adobe.com/xmp/extension/\0',
			new Uint8Array(40),
			part.subarray(0, 65_000),
		),
	);
	const irb = bytesOf('Photoshop 3.0\0', '8BIM', be16(0x0404), be16(0), be32(40), MARKS.place);
	const mpf = segment(0xe2, 'MPF\0', tiff(false, []), MARKS.maker);
	const gainMap = bytesOf(0xff, 0xd8, segment(0xe1, XMP, xmp()), behindSoi);
	const film = bytesOf(box('ftyp', 'mp42', be32(0), 'mp42'), box('moov', box('udta', MARKS.place)));
	const clean = { becomes: 'clean', shown: TURNED } as const;
	return [
		{
			...clean,
			name: 'phone.jpg',
			bytes: jpeg(phone, segment(0xe1, XMP, xmp()), segment(0xfe, MARKS.person)),
		},
		{ ...clean, name: 'little-endian.jpg', bytes: jpeg(exifSegment(cameraTiff(8))) },
		{ ...clean, name: 'exif-twice.jpg', bytes: jpeg(phone, exifSegment(tiff(true, []))) },
		{ ...clean, name: 'exif-twice-empty.jpg', bytes: jpeg(phone, exifSegment(new Uint8Array(8))) },
		{
			...clean,
			name: 'portrait-depth.jpg',
			bytes: jpeg(phone, segment(0xe1, XMP, xmp()), ...extended),
		},
		{ ...clean, name: 'photo-manager.jpg', bytes: jpeg(segment(0xed, irb), phone) },
		{ ...clean, name: 'ultra-hdr.jpg', bytes: bytesOf(jpeg(phone, mpf), gainMap) },
		{ ...clean, name: 'motion.jpg', bytes: bytesOf(jpeg(phone), film) },
		{ ...clean, name: 'cut.jpg', bytes: jpeg(phone).subarray(0, -2) },
		{
			...clean,
			name: 'private.jpg',
			bytes: jpeg(phone, segment(0xe5, MARKS.maker), segment(0xef, MARKS.model)),
		},
	];
}

function pngs(plain: Uint8Array): readonly MadePicture[] {
	const chunk = (name: string, ...content: Part[]) => {
		const body = bytesOf(name, ...content);
		return bytesOf(be32(body.length - 4), body, be32(crc32(body)));
	};
	const [head, rest] = [plain.subarray(0, 33), plain.subarray(33)];
	const notes = [
		chunk('tEXt', `Author\0${MARKS.person}`),
		chunk('iTXt', 'XML:com.adobe.xmp\0\0\0\0\0', xmp()),
		chunk('tEXt', 'Raw profile type exif\0', cameraTiff(6)),
	];
	return [
		// Not every engine heeds it.
		{
			name: 'turned.png',
			bytes: bytesOf(head, chunk('eXIf', cameraTiff(6)), ...notes, rest),
			becomes: 'clean',
		},
		{
			name: 'screenshot.png',
			bytes: bytesOf(head, ...notes, rest, MARKS.place),
			becomes: 'clean',
			shown: UPRIGHT,
		},
		{
			name: 'without-end.png',
			bytes: bytesOf(head, ...notes, rest.subarray(0, -12)),
			becomes: 'clean',
			shown: UPRIGHT,
		},
	];
}

function webps(opaque: Uint8Array, clear: Uint8Array, moving: Uint8Array): readonly MadePicture[] {
	const chunk = (name: string, ...content: Part[]) => {
		const body = bytesOf(...content);
		return bytesOf(name, le32(body.length), body, new Uint8Array(body.length % 2));
	};
	const telling = (webp: Uint8Array) => {
		const isExtended = String.fromCharCode(...webp.subarray(12, 16)) === 'VP8X';
		const flags = (isExtended ? (webp[20] ?? 0) : 0) | 0x0c;
		const canvas = chunk('VP8X', flags, 0, 0, 0, le24(WIDTH - 1), le24(HEIGHT - 1));
		const chunks = webp.subarray(isExtended ? 30 : 12);
		const notes = [chunk('EXIF', cameraTiff(1)), chunk('XMP ', xmp()), chunk('priv', MARKS.place)];
		const body = bytesOf('WEBP', canvas, chunks, ...notes);
		return bytesOf('RIFF', le32(body.length), body);
	};
	const sized = (webp: Uint8Array, by: number) => {
		const wrong = Uint8Array.from(webp);
		new DataView(wrong.buffer).setUint32(4, wrong.length - 8 + by, true);
		return wrong;
	};
	const clean = { becomes: 'clean', shown: UPRIGHT } as const;
	return [
		{ ...clean, name: 'camera.webp', bytes: telling(opaque) },
		{ ...clean, name: 'sticker.webp', bytes: telling(clear), isClear: true },
		{ ...clean, name: 'moving.webp', bytes: telling(moving) },
		{ ...clean, name: 'one-more.webp', bytes: sized(telling(moving), 1) },
		{ ...clean, name: 'byte-missing.webp', bytes: sized(telling(moving).subarray(0, -1), 1) },
	];
}

function gifs(plain: Uint8Array): readonly MadePicture[] {
	const at = 13 + 3 * 2 ** (((plain[10] ?? 0) & 7) + 1);
	const note = bytesOf(0x21, 0xfe, MARKS.place.length, MARKS.place, 0);
	const magic = Uint8Array.from({ length: 256 }, (_, index) => 255 - index);
	const packet = bytesOf(0x21, 0xff, 11, 'XMP DataXMP', xmp(), 1, magic, 0);
	const telling = bytesOf(plain.subarray(0, at), note, packet, plain.subarray(at));
	const clean = { becomes: 'clean', shown: UPRIGHT } as const;
	return [
		{ ...clean, name: 'notes.gif', bytes: bytesOf(telling, MARKS.person) },
		{ ...clean, name: 'without-trailer.gif', bytes: telling.subarray(0, -1) },
	];
}

function heifs(avif: Uint8Array): readonly MadePicture[] {
	const at = (name: string) => Buffer.from(avif.buffer, avif.byteOffset, avif.length).indexOf(name);
	const boxAt = (name: string) => {
		const start = at(name) - 4;
		return avif.slice(start, start + new DataView(avif.buffer, avif.byteOffset).getUint32(start));
	};
	const pixels = avif.slice(at('mdat') + 4);
	const properties = [boxAt('ispe'), boxAt('av1C'), boxAt('pixi'), box('irot', 1)];
	const picture = { type: 'av01', bytes: pixels, name: MARKS.person, properties: [1, -2, 3] };
	const alpha = fullBox('auxC', 0, 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha', 0);
	const notes = [
		{ type: 'Exif', bytes: bytesOf(be32(0), cameraTiff(6)), about: 1 },
		{ type: 'mime', bytes: xmp(), about: 1, contentType: 'application/rdf+xml' },
	];
	const behind = [box('uuid', new Uint8Array(16), MARKS.place)];
	const made = (more: object) => heif({ items: [picture, ...notes], properties, behind, ...more });
	const turned = { items: [{ ...picture, properties: [1, -2, 3, -4] }, ...notes] };
	const hevc = { type: 'hvc1', bytes: new Uint8Array(500).fill(7), properties: [1] };
	return [
		{ name: 'camera.avif', bytes: made({}), becomes: 'clean', shown: UPRIGHT },
		// Not every engine heeds it.
		{ name: 'turned.avif', bytes: made(turned), becomes: 'clean' },
		{
			name: 'index-last.avif',
			bytes: made({ isIndexLast: true }),
			becomes: 'clean',
			shown: UPRIGHT,
		},
		{
			name: 'IMG_0042.HEIC',
			bytes: made({
				brands: ['heic', 'mif1'],
				items: [hevc, ...notes],
				properties: [...properties, alpha],
			}),
			becomes: 'clean',
		},
		{
			name: 'IMG_0043.HEIC',
			bytes: made({ brands: ['heic'], behind: [box('moov')] }),
			becomes: 'asked',
		},
	];
}

function others(jxl: Uint8Array): readonly MadePicture[] {
	const rawTiff = cameraTiff(1, true, [
		{ tag: 0x0106, type: 3, count: 1, value: 32803 },
		{ tag: 0xc612, type: 1, count: 4, value: Uint8Array.of(1, 4, 0, 0) },
	]);
	const place = bytesOf(MARKS.place, cameraTiff(1), xmp());
	const cr2 = bytesOf('II*\0', le32(16), 'CR', 2, 0, le32(0), place);
	const exr = bytesOf('v/1\x01', le32(2), 'latitude\0float\0', le32(4), le32(0), MARKS.place);
	const svg = `<svg xmlns="http://www.w3.org/2000/svg"><metadata>${MARKS.place}</metadata></svg>`;
	const boxed = bytesOf(
		...[box('JXL ', '\r\n\x87\n'), box('ftyp', 'jxl ', be32(0), 'jxl ')],
		...[
			box('Exif', be32(0), cameraTiff(6)),
			box('xml ', xmp()),
			box('jxlc', jxl),
			box('jbrd', place),
		],
	);
	const asked = (name: string, ...content: Part[]): MadePicture => ({
		name,
		bytes: bytesOf(...content),
		becomes: 'asked',
	});
	return [
		{ name: 'camera.jxl', bytes: boxed, becomes: 'clean' },
		asked('phone.dng', rawTiff),
		asked('nikon.nef', cameraTiff(1, false)),
		asked('sony.arw', cameraTiff(1)),
		asked('canon.cr2', cr2),
		asked('canon.crw', 'II\x1a\0\0\0HEAPCCDR', place),
		asked('olympus.orf', 'IIRO', le32(8), place),
		asked('panasonic.rw2', 'IIU\0', le32(8), place),
		asked('fujifilm.raf', 'FUJIFILMCCD-RAW 0201', place),
		asked('sigma.x3f', 'FOVb', le32(2), place),
		asked('minolta.mrw', '\0MRM', be32(500), place),
		asked('scan.tiff', cameraTiff(1)),
		asked('big.tif', 'II+\0', le16(8), le16(0), place),
		asked('picture.jxr', 'II\xbc\x01', place),
		asked('picture.psd', '8BPS\0\x01', new Uint8Array(20), place),
		asked('picture.jp2', be32(12), 'jP  \r\n\x87\n', place),
		asked('picture.j2c', '\xff\x4f\xff\x51', place),
		asked('picture.exr', exr),
		asked('picture.hdr', '#?RADIANCE\n', place),
		asked('scan.dcm', new Uint8Array(128), 'DICM', place),
		asked('picture.xcf', 'gimp xcf v011\0', place),
		asked('picture.mng', '\x8aMNG\r\n\x1a\n', place),
		asked('drawing.svg', svg),
		asked('inkscape.svg', `<?xml version="1.0"?>\n<!-- ${'Inkscape '.repeat(90)} -->\n${svg}`),
		asked('illustrator.svg', `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" [\n]>${svg}`),
		asked(
			'prefixed.svg',
			`<!-- > -->${svg.replaceAll('<', '<svg:').replaceAll('<svg:/', '</svg:')}`,
		),
		asked('phaseone.iiq', 'IIII\0waR', place),
		asked('lytro.lfp', '\x89LFP\r\n\x1a\n', place),
	];
}
