import { concatBytes } from '../../src/core/bytes.ts';
import { bytesOf } from './bytes.ts';

/** Words that a camera or a person writes into a picture; none may be in what leaves. */
export const MARKS = {
	maker: 'GEHEIM MAKER',
	model: 'GEHEIM MODEL 7',
	person: 'GEHEIM PERSON',
	place: 'GEHEIM 52.5200 N 13.4050 E',
} as const;
/** What all of them begin with. */
export const MARK = 'GEHEIM';

/** Degrees, minutes and seconds as EXIF has them: 52 31 12, little- and big-endian. */
const PLACE = [52, 1, 31, 1, 12, 1];
const placeBytes = (isLittle: boolean) => {
	const bytes = new Uint8Array(24);
	const view = new DataView(bytes.buffer);
	for (const [index, value] of PLACE.entries()) view.setUint32(4 * index, value, isLittle);
	return bytes;
};
/** The same as bytes that must not be found. */
export const PLACES: readonly Buffer[] = [placeBytes(true), placeBytes(false)].map((bytes) =>
	Buffer.from(bytes),
);

interface Entry {
	readonly tag: number;
	readonly type: number;
	readonly count: number;
	/** a number, or bytes that lie elsewhere if they are more than four */
	readonly value: number | Uint8Array;
}

/** EXIF as a camera writes it: maker, model, orientation, artist, and in a directory of its own where it was. */
export function cameraTiff(orientation: number, isLittle = true, more: readonly Entry[] = []) {
	const text = (tag: number, value: string): Entry => {
		const bytes = bytesOf(value, 0);
		return { tag, type: 2, count: bytes.length, value: bytes };
	};
	const place: Entry[] = [
		text(1, 'N'),
		{ tag: 2, type: 5, count: 3, value: placeBytes(isLittle) },
		text(3, 'E'),
		{ tag: 4, type: 5, count: 3, value: placeBytes(isLittle) },
		text(29, '2026:11:27'),
	];
	return tiff(
		isLittle,
		[
			text(0x010f, MARKS.maker),
			text(0x0110, MARKS.model),
			{ tag: 0x0112, type: 3, count: 1, value: orientation },
			text(0x013b, MARKS.person),
			...more,
			{ tag: 0x8825, type: 4, count: 1, value: -1 },
		],
		place,
	);
}

/** TIFF 6.0 section 2: a directory, and a second one that the value -1 points to. */
export function tiff(isLittle: boolean, entries: readonly Entry[], second: readonly Entry[] = []) {
	const firstAt = 8;
	const secondAt = firstAt + 6 + 12 * entries.length;
	let dataAt = secondAt + (second.length === 0 ? 0 : 6 + 12 * second.length);
	const data: Uint8Array[] = [];
	const head = new Uint8Array(dataAt);
	const view = new DataView(head.buffer);
	head.set(bytesOf(isLittle ? 'II*\0' : 'MM\0*'));
	view.setUint32(4, firstAt, isLittle);
	const write = (at: number, list: readonly Entry[]) => {
		view.setUint16(at, list.length, isLittle);
		for (const [index, { tag, type, count, value }] of list.entries()) {
			const entry = at + 2 + 12 * index;
			view.setUint16(entry, tag, isLittle);
			view.setUint16(entry + 2, type, isLittle);
			view.setUint32(entry + 4, count, isLittle);
			if (typeof value === 'number' && type === 3) view.setUint16(entry + 8, value, isLittle);
			else if (typeof value === 'number')
				view.setUint32(entry + 8, value === -1 ? secondAt : value, isLittle);
			else if (value.length <= 4) head.set(value, entry + 8);
			else {
				view.setUint32(entry + 8, dataAt, isLittle);
				data.push(value, new Uint8Array(value.length % 2));
				dataAt += value.length + (value.length % 2);
			}
		}
	};
	write(firstAt, entries);
	if (second.length > 0) write(secondAt, second);
	return concatBytes(head, ...data);
}

/** XMP as cameras and programs write it. */
export function xmp(size = 0): Uint8Array {
	const place = `exif:GPSLatitude="52,31.2N" photoshop:City="${MARKS.place}"`;
	return bytesOf(
		'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>',
		`<rdf:Description ${place} dc:creator="${MARKS.person}">${'x'.repeat(size)}</rdf:Description>`,
		'</rdf:RDF></x:xmpmeta><?xpacket end="w"?>',
	);
}

/** What in these bytes tells of a place, a maker or a person; undefined for nothing. */
export function told(bytes: Uint8Array): string | undefined {
	const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
	const words = [MARK, 'GPSLatitude', 'x:xmpmeta', 'photoshop:City', 'http://ns.adobe.com/xap'];
	for (const word of words) if (all.includes(word)) return word;
	for (const word of words) if (all.includes(word, 0, 'utf16le')) return `${word}, in UTF-16`;
	if (PLACES.some((place) => all.includes(place))) return 'degrees';
	return hasPlaceDirectory(all) ? 'a GPS directory' : undefined;
}

/** Whether a TIFF structure lies anywhere in it whose first directory points to one of places. */
function hasPlaceDirectory(all: Buffer): boolean {
	for (const start of ['II*\0', 'MM\0*'])
		for (
			let at = all.indexOf(start, 0, 'latin1');
			at >= 0;
			at = all.indexOf(start, at + 1, 'latin1')
		) {
			const tags = tagsAt(all.subarray(at), start === 'II*\0');
			if (tags.some((tag) => tag !== 0x0112)) return true;
		}
	return false;
}

function tagsAt(bytes: Buffer, isLittle: boolean): number[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	try {
		const directory = view.getUint32(4, isLittle);
		const count = Math.min(view.getUint16(directory, isLittle), 100);
		return Array.from({ length: count }, (_, index) =>
			view.getUint16(directory + 2 + 12 * index, isLittle),
		);
	} catch {
		return [];
	}
}
