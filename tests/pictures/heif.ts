import { be16, be32, box, bytesOf, fullBox } from './bytes.ts';

/** An item of a HEIF; `bytes` in as many pieces as `pieces` says. */
export interface MadeItem {
	readonly type: string;
	readonly bytes: Uint8Array;
	readonly name?: string;
	/** of `mime` items */
	readonly contentType?: string;
	/** numbers of properties, from 1; below zero: essential */
	readonly properties?: readonly number[];
	readonly isIn?: 'file' | 'idat';
	readonly pieces?: number;
	/** what it says something about: the number of an item */
	readonly about?: number;
}

export interface MadeHeif {
	readonly brands?: readonly string[];
	/** numbered from 1; the first is the picture that is shown */
	readonly items: readonly MadeItem[];
	readonly properties: readonly Uint8Array[];
	/** more boxes, in `meta` and beside it */
	readonly inMeta?: readonly Uint8Array[];
	readonly behind?: readonly Uint8Array[];
	/** bytes that nothing points to, among the pixels */
	readonly loose?: Uint8Array;
	/** the pixels come before the index */
	readonly isIndexLast?: boolean;
}

export const ispe = (width: number, height: number) =>
	fullBox('ispe', 0, be32(width), be32(height));

/** An AVIF or HEIC by structure (ISO/IEC 23008-12): iloc and iinf as phones write them. */
export function heif(made: MadeHeif): Uint8Array {
	const [first = 'avif', ...others] = made.brands ?? ['avif', 'mif1', 'miaf'];
	const ftyp = box('ftyp', first, be32(0), first, ...others);
	const { inFile, inIndex } = place(made);
	const mdat = box('mdat', bytesOf(...inFile.parts, made.loose ?? new Uint8Array(0)));
	// Its places are as long whatever they say.
	const length = metaOf(made, inFile.at, inIndex, 0).length;
	const start = ftyp.length + 8 + (made.isIndexLast ? 0 : length);
	const meta = metaOf(made, inFile.at, inIndex, start);
	const order = made.isIndexLast ? [mdat, meta] : [meta, mdat];
	return bytesOf(ftyp, ...order, ...(made.behind ?? []));
}

interface Places {
	readonly parts: Uint8Array[];
	readonly at: Map<MadeItem, { start: number; length: number }[]>;
	length: number;
}

function place({ items }: MadeHeif): { inFile: Places; inIndex: Places } {
	const empty = (): Places => ({ parts: [], at: new Map(), length: 0 });
	const [inFile, inIndex] = [empty(), empty()];
	for (const item of items) {
		const places = item.isIn === 'idat' ? inIndex : inFile;
		const piece = Math.ceil(item.bytes.length / (item.pieces ?? 1));
		const extents = [];
		for (let at = 0; at < item.bytes.length; at += piece) {
			const part = item.bytes.subarray(at, at + piece);
			extents.push({ start: places.length, length: part.length });
			// Pieces do not lie next to each other.
			places.parts.push(part, new Uint8Array(3));
			places.length += part.length + 3;
		}
		places.at.set(item, extents);
	}
	return { inFile, inIndex };
}

function metaOf(made: MadeHeif, inFile: Places['at'], inIndex: Places, start: number): Uint8Array {
	const { items, properties } = made;
	const infos = items.map(({ type, name = '', contentType }, index) =>
		fullBox(
			'infe',
			2,
			...[be16(index + 1), be16(0), type, name, 0],
			...(contentType === undefined ? [] : [contentType, 0]),
		),
	);
	const places = items.map((item, index) => {
		const isInside = item.isIn === 'idat';
		const extents = (isInside ? inIndex.at : inFile).get(item) ?? [];
		return bytesOf(
			...[be16(index + 1), be16(isInside ? 1 : 0), be16(0), be16(extents.length)],
			...extents.flatMap((extent) => [
				be32(extent.start + (isInside ? 0 : start)),
				be32(extent.length),
			]),
		);
	});
	const associations = items.flatMap(({ properties: own = [] }, index) => [
		...[be16(index + 1), own.length],
		...own.map((number) => (number < 0 ? 0x80 - number : number)),
	]);
	const references = items.flatMap(({ about, type }, index) =>
		about === undefined
			? []
			: [box(type === 'grid' ? 'dimg' : 'cdsc', be16(index + 1), be16(1), be16(about))],
	);
	return fullBox(
		'meta',
		0,
		fullBox('hdlr', 0, be32(0), 'pict', be32(0), be32(0), be32(0), 0),
		fullBox('pitm', 0, be16(1)),
		fullBox('iloc', 1, 0x44, 0x00, be16(items.length), ...places),
		fullBox('iinf', 0, be16(items.length), ...infos),
		...(references.length === 0 ? [] : [fullBox('iref', 0, ...references)]),
		box(
			'iprp',
			box('ipco', ...properties),
			fullBox('ipma', 0, be32(items.length), ...associations),
		),
		...(inIndex.parts.length === 0 ? [] : [box('idat', ...inIndex.parts)]),
		...(made.inMeta ?? []),
	);
}

/** A sequence header and nothing else, as an encoder writes it for a still picture. */
export function av1Header(width: number, height: number): Uint8Array {
	let bits = '';
	const put = (count: number, value: number) => {
		bits += value.toString(2).padStart(count, '0');
	};
	put(3, 0);
	put(1, 1);
	put(1, 1);
	put(5, 4);
	put(4, 15);
	put(4, 15);
	put(16, width - 1);
	put(16, height - 1);
	const body = Uint8Array.from(bits.padEnd(80, '0').match(/.{8}/g) ?? [], (byte) =>
		Number.parseInt(byte, 2),
	);
	return bytesOf(0x0a, body.length, body);
}
