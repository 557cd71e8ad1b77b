// ISO/IEC 14496-12 section 4, QuickTime File Format "Atoms"; brands: https://mp4ra.org/registered-types/brands

/** A type that may be shown, or words for what may not. */
export interface IsoMedia {
	readonly type?: 'image/avif' | 'audio/mp4' | 'video/mp4';
	readonly label?: string;
}

const MAX_BRANDS = 256;
const SOUND = ['M4A ', 'M4B ', 'M4P ', 'F4A '];
const PICTURES: readonly [label: string, brands: readonly string[]][] = [
	[
		'HEIC image',
		['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'heif', 'mif1', 'mif2', 'msf1', 'miaf'],
	],
	['JPEG 2000 image', ['jp2 ', 'jpx ', 'jpm ', 'mjp2', 'mj2s']],
	['JPEG XL image', ['jxl ']],
];
/** Canon's: the raw picture's parts lie in an index as that of a movie, whose other brand it names. */
const RAW = 'crx ';

/** Boxes that a QuickTime file without brands may begin with, and boxes that may stand before its index or media. */
const FIRST = ['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'];
const BEFORE = [...FIRST, 'ftyp', 'uuid', 'udta', 'meta', 'PICT', 'pict', 'junk'];
const IN_INDEX = 'mvhd cmov rmra trak udta iods uuid meta prfl clip ctab free skip wide'.split(' ');
const SHORT_HEADER = 8;
const LONG_HEADER = 16;
const PNOT = 20;
/** Bytes. A longer box has a length whose first byte may be a letter of a text. */
const MAX_PADDING = 2 ** 24;
const MAX_SIZE = 2 ** 53;
/** Tab, line feed, form feed, carriage return and escape. */
const IN_TEXT = [9, 10, 12, 13, 27];

/** The type of a file of boxes, by its first bytes and the text that they are in Latin-1; undefined for other files. */
export function isoMediaType(head: Uint8Array, text: string): IsoMedia | undefined {
	if (text.startsWith('ftyp', 4)) return byBrands(head, text);
	return isQuickTime(head, text) ? { type: movieType(head, text) } : undefined;
}

function byBrands(head: Uint8Array, text: string): IsoMedia {
	const length = Math.min(Math.max(headerAt(head, text, 0).size, 12), MAX_BRANDS);
	const brands: readonly string[] = text.slice(8, length).match(/.{4}/gs) ?? [];
	const [major = ''] = brands;
	if (brands.includes(RAW)) return { label: 'Camera raw' };
	if (brands.includes('avif') || brands.includes('avis')) return { type: 'image/avif' };
	const label = PICTURES.find(([, names]) => names.includes(major))?.[0];
	if (label !== undefined) return { label };
	return { type: SOUND.includes(major) ? 'audio/mp4' : movieType(head, text) };
}

/** Recorders write voice messages under the general brands too; their index has no video track. */
function movieType(head: Uint8Array, text: string): 'audio/mp4' | 'video/mp4' {
	const index = text.indexOf('moov', 4);
	const start = index - 4;
	const whole = start >= 0 && start + headerAt(head, text, start).size <= text.length;
	const isSound = whole && text.includes('soun', index) && !text.includes('vide', index);
	return isSound ? 'audio/mp4' : 'video/mp4';
}

/** The letters of a name may stand anywhere, in a text too: so the boxes must be there, one after the other. */
function isQuickTime(head: Uint8Array, text: string): boolean {
	let at = 0;
	let first = '';
	while (at + SHORT_HEADER <= head.length) {
		const { type, before, size } = headerAt(head, text, at);
		if (at === 0) first = type;
		if (!BEFORE.includes(type)) return false;
		if (type === 'moov') return isIndex(head, text, at + before, at + (size || Infinity));
		if (type === 'mdat' && (size === 0 || size > MAX_PADDING)) return isMedia(head, size);
		if (size < before || size > MAX_PADDING || (type === 'pnot' && size !== PNOT)) return false;
		if (type === 'mdat') return true;
		at += size;
	}
	return FIRST.includes(first);
}

/** Whether a `moov` holds what only an index does: its first box tells. */
function isIndex(head: Uint8Array, text: string, at: number, end: number): boolean {
	const { type, before, size } = headerAt(head, text, at);
	return IN_INDEX.includes(type) && size >= before && at + size <= end;
}

/** The header of a box; behind the end of `head` it reads zeros. */
function headerAt(head: Uint8Array, text: string, at: number) {
	const bytes = new Uint8Array(LONG_HEADER);
	bytes.set(head.subarray(at, at + LONG_HEADER));
	const view = new DataView(bytes.buffer);
	const isLong = view.getUint32(0) === 1;
	const size = isLong ? Number(view.getBigUint64(8)) : view.getUint32(0);
	return { type: text.slice(at + 4, at + 8), before: isLong ? LONG_HEADER : SHORT_HEADER, size };
}

/**
 * Whether a long `mdat`, which lasts beyond `head`, is media. A text may hold these letters, too, and then those before them
 * are the length; but it has no control characters.
 */
function isMedia(head: Uint8Array, size: number): boolean {
	return size < MAX_SIZE && head.some((byte) => byte < 0x20 && !IN_TEXT.includes(byte));
}
