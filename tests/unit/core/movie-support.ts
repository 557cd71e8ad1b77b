import { type Bytes, concatBytes } from '../../../src/core/bytes.ts';
import { planCleanMovie } from '../../../src/core/formats/movies/clean-movie.ts';
import { bytesOf, type Part } from './support.ts';

const bigEndian = (length: number) => (value: number) =>
	Uint8Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) % 256);
export const u16 = bigEndian(2);
export const u32 = bigEndian(4);
export const u64 = bigEndian(8);

export function box(type: string, ...parts: Part[]): Bytes {
	const content = bytesOf(...parts);
	return bytesOf(u32(8 + content.length), type, content);
}

/** With version and flags. */
export function fullBox(type: string, flags: number, ...parts: Part[]): Bytes {
	return box(type, u32(flags), ...parts);
}

export interface BuiltTrack {
	readonly id: number;
	readonly handler: string;
	/** Samples by chunk. */
	readonly chunks: readonly (readonly Uint8Array[])[];
	readonly entry?: Uint8Array;
	/** More boxes, by where they go. */
	readonly extra?: Readonly<Record<string, readonly Uint8Array[]>>;
	/** Instead of tkhd, stsz and stco. */
	readonly header?: Uint8Array;
	readonly sizes?: (lengths: readonly number[]) => Uint8Array;
	readonly offsets?: (offsets: readonly number[]) => Uint8Array;
	readonly references?: Uint8Array;
	readonly dref?: Uint8Array;
}

export const videoEntry = (...extensions: Uint8Array[]) =>
	box(
		'avc1',
		...[new Uint8Array(6), u16(1), u32(0), 'appl', new Uint8Array(8), u16(160), u16(120)],
		...[u32(0x480000), u32(0x480000), u32(0), u16(1), 6, 'SECRET', new Uint8Array(25)],
		...[u16(24), u16(0xffff), ...extensions],
	);
export const soundEntry = (format = 'mp4a', version = 0, ...more: Part[]) =>
	box(
		format,
		...[new Uint8Array(6), u16(1), u16(version), u16(0), 'SECR', u16(2), u16(16), u32(0)],
		...[u32(48_000 * 65536), ...more],
	);

export function handler(type: string): Bytes {
	return fullBox('hdlr', 0, 'mhlr', type, 'SECR', u32(0), u32(0), 14, 'SECRET Handler');
}

export const selfReference = fullBox('dref', 0, u32(1), fullBox('url ', 1));

export function trak(track: BuiltTrack, offsets: readonly number[]): Bytes {
	const extra = (where: string) => track.extra?.[where] ?? [];
	const runs = track.chunks.map((samples, i) => bytesOf(u32(i + 1), u32(samples.length), u32(1)));
	const lengths = track.chunks.flatMap((samples) => samples.map((sample) => sample.length));
	const entry = track.entry ?? (track.handler === 'vide' ? videoEntry() : soundEntry());
	const table = box(
		'stbl',
		...extra('stbl'),
		fullBox('stsd', 0, u32(1), entry),
		fullBox('stts', 0, u32(1), u32(lengths.length), u32(1)),
		fullBox('stsc', 0, u32(runs.length), ...runs),
		track.sizes?.(lengths) ?? fullBox('stsz', 0, u32(0), u32(lengths.length), ...lengths.map(u32)),
		track.offsets?.(offsets) ?? fullBox('stco', 0, u32(offsets.length), ...offsets.map(u32)),
	);
	const media = box(
		'minf',
		...extra('minf'),
		handler('alis'),
		box('dinf', track.dref ?? selfReference),
		table,
	);
	const header = fullBox('mdhd', 0, 'SEC1', 'SEC2', u32(1000), u32(1000), u16(0x15c7), u16(0));
	return box(
		'trak',
		track.header ??
			fullBox('tkhd', 3, 'SEC1', 'SEC2', u32(track.id), u32(0), u32(1000), new Uint8Array(60)),
		...(track.references ? [track.references] : []),
		...extra('trak'),
		box('mdia', header, handler(track.handler), ...extra('mdia'), media),
	);
}

export const movieHeader = fullBox(
	'mvhd',
	...[0, 'SEC1', 'SEC2', u32(1000), u32(1000), u32(0x10000), new Uint8Array(72), u32(9)],
);
export const brands = box('ftyp', 'isom', u32(512), 'isommp42');

export interface BuiltMovie {
	readonly tracks: readonly BuiltTrack[];
	/** Boxes in the moov, before the traks. */
	readonly extra?: readonly Uint8Array[];
	/** Boxes of the file before the mdat. */
	readonly before?: readonly Uint8Array[];
	/** Bytes in the mdat that are no sample's, behind each chunk. */
	readonly gap?: Uint8Array;
	readonly header?: Uint8Array;
	readonly mdatHeader?: (length: number) => Uint8Array;
}

/** A movie with its index at the end, chunks of the tracks in turn. */
export function buildMovie(movie: BuiltMovie): Bytes {
	const start = concatBytes(brands, ...(movie.before ?? []));
	const offsets = movie.tracks.map((): number[] => []);
	const content: Uint8Array[] = [];
	const head = (length: number) => movie.mdatHeader?.(length) ?? bytesOf(u32(length + 8), 'mdat');
	let at = start.length + head(0).length;
	const put = (bytes: Uint8Array) => {
		content.push(bytes);
		at += bytes.length;
	};
	const rounds = Math.max(...movie.tracks.map(({ chunks }) => chunks.length));
	for (let round = 0; round < rounds; round++)
		for (const [i, { chunks }] of movie.tracks.entries()) {
			const samples = chunks[round];
			if (samples === undefined) continue;
			offsets[i]?.push(at);
			for (const sample of samples) put(sample);
			put(movie.gap ?? new Uint8Array(0));
		}
	const media = concatBytes(...content);
	const traks = movie.tracks.map((track, i) => trak(track, offsets[i] ?? []));
	const index = box('moov', movie.header ?? movieHeader, ...(movie.extra ?? []), ...traks);
	return concatBytes(start, head(media.length), media, index);
}

/** The cleaned movie, or undefined; checks that the parts lie in the file, and how much is read. */
export async function clean(movie: Uint8Array): Promise<Bytes | undefined> {
	let wasRead = 0;
	const plan = await planCleanMovie({
		size: movie.length,
		read: async (start, end) => {
			if (!(start >= 0 && start <= end && end <= movie.length)) throw new Error('read outside');
			wasRead += end - start;
			return Uint8Array.from(movie.subarray(start, end));
		},
	});
	if (wasRead > 2 * movie.length + 64 * 1024) throw new Error('read too much');
	if (plan === undefined) return undefined;
	return concatBytes(
		...plan.map((part) => {
			if (part instanceof Uint8Array) return part;
			if (!(part.start >= 0 && part.start < part.end && part.end <= movie.length))
				throw new Error('part outside');
			return movie.subarray(part.start, part.end);
		}),
	);
}

/** Boxes of bytes, by a reader that shares nothing with ours. */
export function boxes(bytes: Uint8Array): { type: string; content: Buffer; at: number }[] {
	const buffer = Buffer.from(bytes);
	const list = [];
	for (let at = 0; at < buffer.length; ) {
		const short = buffer.readUInt32BE(at);
		const head = short === 1 ? 16 : 8;
		const size = short === 1 ? Number(buffer.readBigUInt64BE(at + 8)) : short || buffer.length - at;
		if (size < head || at + size > buffer.length) throw new Error(`bad box at ${at}`);
		const type = buffer.toString('latin1', at + 4, at + 8);
		list.push({ type, content: buffer.subarray(at + head, at + size), at });
		at += size;
	}
	return list;
}

export function find(bytes: Uint8Array, ...path: string[]): Buffer | undefined {
	let content: Buffer | undefined = Buffer.from(bytes);
	for (const name of path)
		content = content && boxes(content).find(({ type }) => type === name)?.content;
	return content;
}

/** All samples by track number, read by way of the tables (stsz or stz2, stsc, stco or co64). */
export function samplesOf(movie: Uint8Array): Map<number, Buffer[]> {
	const file = Buffer.from(movie);
	const tracks = new Map<number, Buffer[]>();
	for (const { type, content } of boxes(find(movie, 'moov') ?? new Uint8Array(0))) {
		if (type !== 'trak') continue;
		const id = find(content, 'tkhd')?.readUInt32BE(12) ?? 0;
		const table = find(content, 'mdia', 'minf', 'stbl') ?? new Uint8Array(0);
		const runs = find(table, 'stsc') ?? Buffer.alloc(8);
		const narrow = find(table, 'stco');
		const wide = find(table, 'co64') ?? Buffer.alloc(8);
		const lengths = sampleLengths(table);
		const samples: Buffer[] = [];
		const count = (narrow ?? wide).readUInt32BE(4);
		for (let chunk = 0, run = -1; chunk < count; chunk++) {
			const next = 8 + 12 * (run + 1);
			if (next < runs.length && runs.readUInt32BE(next) === chunk + 1) run += 1;
			let at = narrow?.readUInt32BE(8 + 4 * chunk) ?? Number(wide.readBigUInt64BE(8 + 8 * chunk));
			for (let left = runs.readUInt32BE(12 + 12 * run); left > 0; left--) {
				const length = lengths[samples.length] ?? 0;
				samples.push(file.subarray(at, at + length));
				at += length;
			}
		}
		tracks.set(id, samples);
	}
	return tracks;
}

function sampleLengths(table: Uint8Array): number[] {
	const full = find(table, 'stsz');
	const packed = find(table, 'stz2');
	const content = full ?? packed ?? Buffer.alloc(12);
	const uniform = content.readUInt32BE(4);
	return Array.from({ length: content.readUInt32BE(8) }, (_, i) => {
		if (full) return uniform || full.readUInt32BE(12 + 4 * i);
		if (uniform === 4) return ((content[12 + (i >> 1)] ?? 0) >> (i % 2 ? 0 : 4)) & 15;
		return uniform === 8 ? content.readUInt8(12 + i) : content.readUInt16BE(12 + 2 * i);
	});
}

/** A file of which only some pieces are not zero. */
export function sparse(size: number, pieces: readonly (readonly [number, Uint8Array])[]) {
	return {
		size,
		read: async (start: number, end: number) => {
			const bytes = new Uint8Array(end - start);
			for (const [at, piece] of pieces) {
				const from = Math.max(start, at);
				const to = Math.min(end, at + piece.length);
				if (from < to) bytes.set(piece.subarray(from - at, to - at), from - start);
			}
			return bytes;
		},
	};
}
