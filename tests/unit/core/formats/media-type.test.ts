import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mediaLabel } from '../../../../src/core/formats/media-label.ts';
import { SNIFF_LENGTH, sniffMediaType } from '../../../../src/core/formats/media-type.ts';
import { bytesOf, noise, offsetView, type Part } from '../support.ts';

/** DESIGN.md, serving step 5: nothing else is ever shown. */
const ALLOWED = new Set([
	'image/jpeg',
	'image/png',
	'image/gif',
	'image/webp',
	'image/avif',
	'video/mp4',
	'video/webm',
	'video/ogg',
	'audio/mp4',
	'audio/webm',
	'audio/ogg',
	'audio/mpeg',
	'audio/aac',
	'audio/wav',
	'audio/flac',
]);

const pad = (length: number) => new Uint8Array(length);

/** An ISO base media box: length, name, content. */
function box(name: string, ...content: Part[]) {
	const body = bytesOf(...content);
	const length = new Uint8Array(4);
	new DataView(length.buffer).setUint32(0, body.length + 8);
	return bytesOf(length, name, body);
}

const ftyp = (major: string, ...compatible: string[]) =>
	box('ftyp', major, pad(4), compatible.join(''));
const handler = (kind: string) => box('trak', box('mdia', box('hdlr', pad(8), kind, pad(12))));
const movie = (...kinds: string[]) => box('moov', box('mvhd', pad(100)), ...kinds.map(handler));
const ebml = (docType: string, ...codecs: string[]) =>
	bytesOf(0x1a, 'E', 0xdf, 0xa3, 0x9f, pad(20), 'B', 0x82, docType, pad(40), ...codecs);
const riff = (form: string, ...rest: string[]) => bytesOf('RIFF', pad(4), form, ...rest, pad(20));
const preview = box('pnot', pad(12));
const id3 = (length = 20) => bytesOf('ID3', 3, 0, 0, 0, 0, length >> 7, length & 127, pad(length));
const oggPage = (content: string) => bytesOf('OggS', pad(24), 1, 30, content, pad(30));

describe('what is shown', () => {
	it.each([
		['JFIF', bytesOf(0xff, 0xd8, 0xff, 0xe0, 0, 16, 'JFIF'), 'image/jpeg'],
		['Exif', bytesOf(0xff, 0xd8, 0xff, 0xe1, 0, 16, 'Exif'), 'image/jpeg'],
		['bare JPEG', bytesOf(0xff, 0xd8, 0xff, 0xdb), 'image/jpeg'],
		['PNG', bytesOf(0x89, 'PNG\r\n', 0x1a, '\n', pad(4), 'IHDR'), 'image/png'],
		['GIF87a', bytesOf('GIF87a', pad(7)), 'image/gif'],
		['GIF89a', bytesOf('GIF89a', pad(7)), 'image/gif'],
		['WebP, lossy', riff('WEBP', 'VP8 '), 'image/webp'],
		['WebP, lossless', riff('WEBP', 'VP8L'), 'image/webp'],
		['WebP, extended', riff('WEBP', 'VP8X'), 'image/webp'],
		['AVIF', ftyp('avif', 'avif', 'mif1', 'miaf'), 'image/avif'],
		['AVIF sequence', ftyp('avis', 'avis', 'msf1'), 'image/avif'],
		['AVIF under a general brand', ftyp('mif1', 'mif1', 'avif'), 'image/avif'],
		['MP4', ftyp('isom', 'isom', 'iso2', 'avc1', 'mp41'), 'video/mp4'],
		['MP4, mp42', ftyp('mp42', 'mp42', 'isom'), 'video/mp4'],
		['QuickTime', ftyp('qt  ', 'qt  '), 'video/mp4'],
		['3GP', ftyp('3gp4', '3gp4', 'isom'), 'video/mp4'],
		['DASH', ftyp('iso5', 'iso5', 'dash'), 'video/mp4'],
		['MP4 with its index', bytesOf(ftyp('isom'), movie('soun', 'vide')), 'video/mp4'],
		['MP4, picture first', bytesOf(ftyp('isom'), movie('vide', 'soun')), 'video/mp4'],
		['MP4, index later', bytesOf(ftyp('isom'), box('mdat', noise(3000))), 'video/mp4'],
		['MP4, a brand behind its list', bytesOf(ftyp('isom'), box('avif')), 'video/mp4'],
		['M4A', ftyp('M4A ', 'M4A ', 'mp42'), 'audio/mp4'],
		['M4B', ftyp('M4B ', 'M4B '), 'audio/mp4'],
		['voice message in MP4', bytesOf(ftyp('mp42', 'isom'), movie('soun')), 'audio/mp4'],
		['WebM', ebml('webm', 'V_VP9', 'A_OPUS'), 'video/webm'],
		['WebM, codecs not yet seen', ebml('webm'), 'video/webm'],
		['WebM, sound only, Opus', ebml('webm', 'A_OPUS'), 'audio/webm'],
		['WebM, sound only, Vorbis', ebml('webm', 'A_VORBIS'), 'audio/webm'],
		['WebM, sound first', ebml('webm', 'A_OPUS', 'V_VP8'), 'video/webm'],
		['Ogg Opus', oggPage('OpusHead'), 'audio/ogg'],
		['Ogg Vorbis', oggPage('\x01vorbis'), 'audio/ogg'],
		['Ogg Theora', oggPage('\x80theora'), 'video/ogg'],
		['MP3 with ID3v2.3', bytesOf('ID3', 3, 0, 0, pad(4)), 'audio/mpeg'],
		['MP3 with ID3v2.4', bytesOf('ID3', 4, 0, 0, pad(4)), 'audio/mpeg'],
		['MP3, MPEG-1', bytesOf(0xff, 0xfb, 0x90, 0x64), 'audio/mpeg'],
		['MP3, with CRC', bytesOf(0xff, 0xfa, 0x90, 0x64), 'audio/mpeg'],
		['MP3, MPEG-2', bytesOf(0xff, 0xf3, 0x44, 0xc4), 'audio/mpeg'],
		['MP3, MPEG-2.5', bytesOf(0xff, 0xe3, 0x18, 0xc4), 'audio/mpeg'],
		['AAC, MPEG-4', bytesOf(0xff, 0xf1, 0x50, 0x80), 'audio/aac'],
		['AAC, MPEG-4, with CRC', bytesOf(0xff, 0xf0, 0x50, 0x80), 'audio/aac'],
		['AAC, MPEG-2', bytesOf(0xff, 0xf9, 0x50, 0x80), 'audio/aac'],
		['AAC, MPEG-2, with CRC', bytesOf(0xff, 0xf8, 0x50, 0x80), 'audio/aac'],
		['WAV', riff('WAVE', 'fmt '), 'audio/wav'],
		['FLAC', bytesOf('fLaC', 0, 0, 0, 34), 'audio/flac'],
		['QuickTime without brands, index first', movie('vide'), 'video/mp4'],
		['QuickTime without brands, sound', movie('soun'), 'audio/mp4'],
		[
			'QuickTime, a wide before its media',
			bytesOf(box('wide'), box('mdat', noise(300))),
			'video/mp4',
		],
		['QuickTime, media first', box('mdat', noise(9000)), 'video/mp4'],
		['QuickTime, much media first', bytesOf('uuuumdat', noise(5000)), 'video/mp4'],
		['QuickTime, long media first', bytesOf(pad(3), 1, 'mdat', pad(3), 9, noise(99)), 'video/mp4'],
		['QuickTime, media to its end', bytesOf(pad(4), 'mdat', noise(99)), 'video/mp4'],
		['QuickTime, room first', bytesOf(box('free', pad(20)), movie('vide')), 'video/mp4'],
		['QuickTime, much room first', box('free', pad(9000)), 'video/mp4'],
		['QuickTime, skipped first', bytesOf(box('skip', pad(4)), box('mdat', noise(90))), 'video/mp4'],
		[
			'QuickTime, a preview first',
			bytesOf(preview, box('PICT', pad(30)), movie('vide')),
			'video/mp4',
		],
		['QuickTime, a compressed index', box('moov', box('cmov', pad(40))), 'video/mp4'],
		['QuickTime, an index to its end', bytesOf(pad(4), movie('vide').subarray(4)), 'video/mp4'],
		[
			'QuickTime, notes first',
			bytesOf(box('uuid', noise(40)), box('udta'), movie('vide')),
			'video/mp4',
		],
		['FLAC behind ID3', bytesOf(id3(), 'fLaC', 0, 0, 0, 34), 'audio/flac'],
		['FLAC behind three tags', bytesOf(id3(), id3(40), id3(1), 'fLaC', 0, 0, 0, 34), 'audio/flac'],
		['AAC behind ID3', bytesOf(id3(), 0xff, 0xf1, 0x50, 0x80), 'audio/aac'],
		['MP3 behind ID3', bytesOf(id3(), 0xff, 0xfb, 0x90, 0x64), 'audio/mpeg'],
		['MP3 behind much ID3', bytesOf(id3(3000), 0xff, 0xfb, 0x90, 0x64), 'audio/mpeg'],
		['Ogg behind ID3', bytesOf(id3(), oggPage('OpusHead')), 'audio/ogg'],
		['WAV behind ID3', bytesOf(id3(), riff('WAVE', 'fmt ')), 'audio/wav'],
		['ID3 longer than what is looked at', bytesOf(id3(5000), 'fLaC'), 'audio/mpeg'],
	])('%s', (_, head, type) => {
		expect(ALLOWED).toContain(type);
		expect(sniffMediaType(head)).toEqual({ type, kind: type.split('/')[0] });
		expect(sniffMediaType(offsetView(head))).toEqual(sniffMediaType(head));
		expect(sniffMediaType(bytesOf(head, pad(8192)))).toMatchObject({ type });
	});
});

describe('what is only saved', () => {
	it.each([
		['HEIC', ftyp('heic', 'mif1', 'heic'), 'HEIC image'],
		['HEIC, general brand', ftyp('mif1', 'mif1', 'heic'), 'HEIC image'],
		['HEIC sequence', ftyp('hevc', 'hevc', 'msf1'), 'HEIC image'],
		['SVG', bytesOf('<svg xmlns="http://www.w3.org/2000/svg">'), 'SVG image'],
		['SVG after an XML declaration', bytesOf('<?xml version="1.0"?>\n<svg>'), 'SVG image'],
		['SVG after a BOM', bytesOf(0xef, 0xbb, 0xbf, ' \n<SVG>'), 'SVG image'],
		['HTML', bytesOf('<!DOCTYPE html><script>alert(1)</script>'), 'HTML page'],
		['HTML without a doctype', bytesOf('<html><body>'), 'HTML page'],
		['HTML after white space', bytesOf('\n\t <script>alert(1)</script>'), 'HTML page'],
		['HTML after a comment', bytesOf('<!-- x --><html>'), 'HTML page'],
		['XML', bytesOf('<?xml version="1.0"?><feed/>'), 'XML document'],
		['PDF', bytesOf('%PDF-1.7\n'), 'PDF document'],
		['ZIP', bytesOf('PK', 3, 4, pad(20)), 'ZIP archive or document'],
		['TIFF', bytesOf('II*', 0, pad(4)), 'TIFF image'],
		['TIFF, big-endian', bytesOf('MM', 0, '*', pad(4)), 'TIFF image'],
		['BMP', bytesOf('BM', 70, 1, 0, 0, pad(4), 54), 'BMP image'],
		['JPEG XL', bytesOf(0xff, 0x0a, 0x12), 'JPEG XL image'],
		['JPEG XL, boxed', bytesOf(0, 0, 0, 12, 'JXL \r\n', 0x87, '\n'), 'JPEG XL image'],
		['Matroska that names WebM later', ebml('matroska', 'webm'), 'Matroska video'],
		['Matroska', ebml('matroska', 'V_MPEG4'), 'Matroska video'],
		['text', bytesOf('hello\nworld'), 'Text'],
		['text that begins like a BMP', bytesOf('BMW is a car maker'), 'Text'],
		['text that begins like an MP3', bytesOf('ID3 tags, explained'), 'Text'],
		['script', bytesOf('alert(document.domain)'), 'Text'],
		['JavaScript module', bytesOf('export default 1;'), 'Text'],
		['CSS', bytesOf('body { color: red }'), 'Text'],
		['UTF-16 text', bytesOf(0xff, 0xfe, 'h', 0, 'i', 0), undefined],
		['UTF-16 HTML', bytesOf(0xff, 0xfe, ...Array.from('<html>').flatMap((c) => [c, 0])), undefined],
		['UTF-16 text, big-endian', bytesOf(0xfe, 0xff, 0, 'h', 0, 'i'), undefined],
		['PDF after junk', bytesOf('x\0junk', '%PDF-1.7'), undefined],
		['a program', bytesOf(0x7f, 'ELF', 2, 1, 1, 0), undefined],
		['nothing', new Uint8Array(0), undefined],
		['one zero', new Uint8Array(1), undefined],
		['a PNG cut short', bytesOf(0x89, 'PNG\r\n', 0x1a), undefined],
		['half a RIFF', bytesOf('RIFF', pad(4)), undefined],
		['Canon’s raw picture', ftyp('crx ', 'crx ', 'isom'), 'Camera raw'],
		['a raw picture under a general brand', ftyp('isom', 'isom', 'crx '), 'Camera raw'],
		['JPEG 2000 by its brand', ftyp('jpx ', 'jpx '), 'JPEG 2000 image'],
		['text with letters of a box', bytesOf('The skip of it'), 'Text'],
		['text with letters of another box', bytesOf('Get free tickets'), 'Text'],
		['text with letters of media', bytesOf(`some${'mdat and more '.repeat(9)}`), 'Text'],
		['text with letters of an index', bytesOf('The moovie, mvhd and all'), 'Text'],
		['HTML with letters of media', bytesOf('<!--mdat--><html>'), 'HTML page'],
		['notes alone', box('uuid', noise(40)), undefined],
		['text with letters of notes', bytesOf('The meta of it'), 'Text'],
		['padding alone', bytesOf(0, 0, 0, 8, 'free', pad(16)), undefined],
		['padding before HTML', bytesOf(0, 0, 0, 8, 'free<html><script>'), undefined],
		['an index of nothing', box('moov', '<html><script>alert(1)'), undefined],
		[
			'an index shorter than what it holds',
			bytesOf(0, 0, 0, 40, 'moov', 0, 0, 0, 108, 'mvhd', pad(99)),
			undefined,
		],
		['a preview of another length', bytesOf(box('pnot', pad(13)), movie('vide')), undefined],
		['room whose length is letters', bytesOf('aaaafree', pad(99)), undefined],
		['an MP3 frame of an impossible bit rate', bytesOf(0xff, 0xfb, 0xf0, 0), undefined],
		['MPEG audio of a reserved version', bytesOf(0xff, 0xeb, 0x90, 0), undefined],
		['AVI', riff('AVI '), undefined],
		['WebP not at its place', bytesOf('RIFF', pad(5), 'WEBP'), undefined],
		['ftyp not at its place', bytesOf(pad(5), 'ftypisom'), undefined],
		['GIF88a', bytesOf('GIF88a', 0), undefined],
	])('%s', (_, head, label) => {
		const file = { type: 'application/octet-stream', kind: 'file' };
		expect(sniffMediaType(head)).toEqual(label === undefined ? file : { ...file, label });
	});
});

describe('what is not shown, to those who send it', () => {
	it.each([
		['AVI', riff('AVI '), 'AVI video'],
		['long WAV', bytesOf('RF64', pad(4), 'WAVEds64'), 'WAV audio'],
		['AIFF', bytesOf('FORM', pad(4), 'AIFFCOMM'), 'AIFF audio'],
		['CAF', bytesOf('caff', 0, 1, 0, 0), 'CAF audio'],
		['Windows Media', bytesOf('0&', 0xb2, 'u', 0x8e, 'f', 0xcf, 0x11), 'Windows Media video'],
		['MPEG program stream', bytesOf(0, 0, 1, 0xba), 'MPEG video'],
		['MPEG transport stream', bytesOf(...Array(5).fill(bytesOf('G', pad(187)))), 'MPEG video'],
		['AVCHD', bytesOf(...Array(5).fill(bytesOf(pad(4), 'G', pad(187)))), 'MPEG video'],
		['JPEG 2000', bytesOf(0, 0, 0, 12, 'jP  \r\n', 0x87, '\n'), 'JPEG 2000 image'],
		[
			'part of a stream',
			bytesOf(box('styp', 'msdh', pad(4)), box('moof', pad(20))),
			'Part of a video',
		],
		['text of movies and sounds', bytesOf('RIFF and AVI, AIFF, GGG'), undefined],
		['text with letters of a part', bytesOf('The styp of it'), undefined],
		['nothing', new Uint8Array(0), undefined],
	])('%s', (_, head, label) => {
		expect(mediaLabel(head)).toBe(label);
		expect(mediaLabel(offsetView(head))).toBe(label);
		const file = { type: 'application/octet-stream', kind: 'file' };
		expect(sniffMediaType(head)).toMatchObject(file);
	});
});

describe('polyglots', () => {
	const script = '/*<script>alert(1)</script><svg onload=alert(1)>*/';

	it.each([
		['GIF89a and script', bytesOf('GIF89a=1;', script), 'image/gif'],
		['JPEG and script', bytesOf(0xff, 0xd8, 0xff, 0xfe, 0, 60, script), 'image/jpeg'],
		['PNG and ZIP', bytesOf(0x89, 'PNG\r\n', 0x1a, '\n', 'PK', 3, 4), 'image/png'],
		['WAV and script', bytesOf('RIFF=1;/WAVE', script), 'audio/wav'],
		['MP4 brand of HTML', ftyp('<svg', '<scr', 'ipt>'), 'video/mp4'],
		['ID3 and HTML', bytesOf('ID3', 3, 0, '<html>'), 'audio/mpeg'],
	])('%s is what its first bytes are', (_, head, type) => {
		expect(sniffMediaType(head).type).toBe(type);
	});

	it.each([
		['HTML, then GIF', bytesOf('<html>GIF89a')],
		['white space, then GIF', bytesOf(' GIF89a')],
		['BOM, then JPEG', bytesOf(0xef, 0xbb, 0xbf, 0xff, 0xd8, 0xff)],
		['PDF, then PNG', bytesOf('%PDF-1.4', 0x89, 'PNG\r\n', 0x1a, '\n')],
		['JPEG, then nothing of it', bytesOf(0xff, 0xd8, '<html>')],
		['lower case', bytesOf('gif89a', pad(10))],
		['a JPEG cut short', bytesOf(0xff, 0xd8)],
		['an MP3 cut short', bytesOf(0xff, 0xfb)],
		['ZIP, then ftyp later', bytesOf('PK', 3, 4, pad(4), 'ftypisom')],
	])('%s is a file', (_, head) => {
		expect(sniffMediaType(head)).toMatchObject({
			type: 'application/octet-stream',
			kind: 'file',
		});
	});
});

describe('any bytes', () => {
	const prefixes = fc.constantFrom(
		...[
			'',
			'\xff\xd8',
			'\xff',
			'RIFF',
			'OggS',
			'ID3',
			'\x1aE\xdf\xa3',
			'GIF8',
			'<',
			'\0\0\0\x20ftyp',
		],
		...['\0\0\0\0ftyp', '\xff\xff\xff\xffftyp', '\0\0\0\x01ftypisom', '\0\0\0\x10ftypisom\0\0\0\0'],
	);

	it('give a type of the list, or a file, and never an error', () => {
		fc.assert(
			fc.property(prefixes, fc.uint8Array({ maxLength: 300 }), (prefix, rest) => {
				const sniffed = sniffMediaType(offsetView(bytesOf(prefix, rest)));
				if (sniffed.kind === 'file') expect(sniffed.type).toBe('application/octet-stream');
				else {
					expect(ALLOWED).toContain(sniffed.type);
					expect(sniffed.type.split('/')[0]).toBe(sniffed.kind);
					expect('label' in sniffed).toBe(false);
				}
			}),
			{ numRuns: 3000 },
		);
	});

	it('are looked at up to the bound only', () => {
		const page = bytesOf('<html>', pad(SNIFF_LENGTH));
		expect(sniffMediaType(page).label).toBe('HTML page');
		const text = bytesOf('a'.repeat(SNIFF_LENGTH));
		expect(sniffMediaType(bytesOf(text, 0)).label).toBe('Text');
		expect(sniffMediaType(bytesOf(text.subarray(1), 0)).label).toBeUndefined();
	});

	it('of an index that is cut off are a video', () => {
		const whole = bytesOf(ftyp('isom'), movie('soun'));
		for (let length = ftyp('isom').length; length < whole.length; length++)
			expect(sniffMediaType(whole.subarray(0, length)).type).toBe('video/mp4');
		expect(sniffMediaType(whole).type).toBe('audio/mp4');
	});
});
