import { describe, expect, it } from 'vitest';
import { type Bytes, concatBytes } from '../../../../../src/core/bytes.ts';
import { planCleanMovie } from '../../../../../src/core/formats/movies/clean-movie.ts';
import {
	type BuiltTrack,
	box,
	boxes,
	brands,
	buildMovie,
	clean,
	find,
	fullBox,
	movieHeader,
	samplesOf,
	soundEntry,
	sparse,
	trak,
	u16,
	u32,
	u64,
	videoEntry,
} from '../../movie-support.ts';
import { bytesOf, noise } from '../../support.ts';

const SECRET = 'SECRET N 48.2082 E 16.3738';
const secret = (type: string) => box(type, SECRET);
const holds = (bytes: Uint8Array | undefined, text: string) =>
	Buffer.from(bytes ?? []).includes(text);

/** Chunks of samples of these lengths. */
const chunks = (seed: number, ...lengths: number[][]) =>
	lengths.map((chunk, i) => chunk.map((length, j) => noise(length, seed + 31 * i + 7 * j)));
const video: BuiltTrack = {
	id: 1,
	handler: 'vide',
	chunks: chunks(11, [50, 60, 70], [80, 90], [30, 5]),
};
const sound: BuiltTrack = { id: 2, handler: 'soun', chunks: chunks(12, [8, 9], [7], [6, 5, 4]) };
const place = (id: number, handler: string, format: string): BuiltTrack => ({
	id,
	handler,
	entry: box(format, new Uint8Array(6), u16(1), secret('keys')),
	chunks: [1, 2, 3].map((i) => [bytesOf(`GPS5 ${i} `, SECRET), bytesOf('ACCL', SECRET)]),
});
const gopro = place(3, 'meta', 'gpmd');

/** Both are as one, sample by sample. */
async function expectKept(movie: Uint8Array, ...tracks: readonly BuiltTrack[]): Promise<Bytes> {
	const cleaned = (await clean(movie)) ?? new Uint8Array(0);
	expect(holds(cleaned, 'SECR'), 'secret').toBe(false);
	const types = boxes(cleaned).map(({ type }) => type);
	expect(types).toEqual(['ftyp', 'moov', 'mdat']);
	const samples = samplesOf(cleaned);
	expect([...samples.keys()]).toEqual(tracks.map(({ id }) => id));
	for (const { id, chunks } of tracks)
		expect(samples.get(id)?.map((sample) => sample.toString('hex'))).toEqual(
			chunks.flat().map((sample) => Buffer.from(sample).toString('hex')),
		);
	const length = tracks
		.flatMap(({ chunks }) => chunks.flat())
		.reduce((sum, s) => sum + s.length, 0);
	expect(find(cleaned, 'mdat')?.length).toBe(length);
	return cleaned;
}

describe('a movie', () => {
	it('loses whatever may tell, wherever it lies, and nothing else', async () => {
		const told = ['udta', 'meta', 'uuid', 'free', 'skip', 'wide', 'gps ', 'thmb'].map(secret);
		const extra = Object.fromEntries(
			['trak', 'mdia', 'minf', 'stbl'].map((where) => [where, told]),
		);
		const configuration = box('avcC', 'kept config');
		const entry = videoEntry(configuration, ...told, box('pasp', u32(4), u32(3)), u32(0));
		const movie = buildMovie({
			tracks: [{ ...video, extra, entry }, sound],
			extra: told,
			before: told,
		});
		const cleaned = await expectKept(
			concatBytes(movie, ...told, bytesOf('trailer ', SECRET)),
			video,
			sound,
		);
		await expectKept(concatBytes(movie, bytesOf(u32(1), 'SECR')), video, sound);
		expect(holds(cleaned, 'kept config')).toBe(true);
		expect(holds(cleaned, 'pasp')).toBe(true);
		for (const name of ['udta', 'meta', 'uuid', 'skip', 'wide', 'gps ', 'thmb', 'Handler'])
			expect(holds(cleaned, name), name).toBe(false);
	});

	it('keeps which way up it is, its lengths and its language', async () => {
		const movie = buildMovie({ tracks: [video] });
		const cleaned = await expectKept(movie, video);
		const parts: [string[], number][] = [
			[['moov', 'mvhd'], 12],
			[['moov', 'trak', 'tkhd'], 12],
			[['moov', 'trak', 'mdia', 'mdhd'], 12],
		];
		for (const [path, from] of parts) {
			expect(find(cleaned, ...path)?.subarray(from)).toEqual(find(movie, ...path)?.subarray(from));
			expect(find(cleaned, ...path)?.subarray(4, 12)).toEqual(Buffer.alloc(8));
		}
	});

	it('loses times that are 64 bits long', async () => {
		const long = (type: string, ...rest: Uint8Array[]) =>
			box(type, u32(0x1000000), 'SECRET1 ', 'SECRET2 ', ...rest);
		const rest = bytesOf(u32(1), u32(0), u64(1000), noise(60));
		const references = box('tref', box('hint', u32(1)));
		const movie = buildMovie({
			tracks: [{ ...video, header: long('tkhd', rest), references }],
			header: long('mvhd', u32(1000), u64(1000), new Uint8Array(80)),
		});
		const cleaned = (await clean(movie)) ?? movie;
		expect(holds(cleaned, 'SECR')).toBe(false);
		expect(find(cleaned, 'moov', 'trak', 'tkhd')?.subarray(20)).toEqual(Buffer.from(rest));
		expect(find(cleaned, 'moov', 'trak', 'tref', 'hint')).toBeDefined();
	});

	it('keeps its edit list, of either version', async () => {
		for (const [version, entry] of [
			[0, bytesOf(u32(1000), u32(0xffffffff), u32(0x10000))],
			[0x1000000, bytesOf(u64(1000), u64(5), u32(0x10000))],
		] as const) {
			const edits = box('edts', fullBox('elst', version, u32(1), entry, SECRET));
			const movie = buildMovie({ tracks: [{ ...video, extra: { trak: [edits] } }] });
			const list = find(await expectKept(movie, video), 'moov', 'trak', 'edts', 'elst');
			expect(list?.subarray(0, 8 + entry.length)).toEqual(
				Buffer.from(bytesOf(u32(version), u32(1), entry)),
			);
		}
	});

	it('whose list of extensions ends with zeros loses what is behind them', async () => {
		const entry = videoEntry(box('avcC', 'kept config'), bytesOf(u32(0), SECRET));
		const cleaned = await expectKept(buildMovie({ tracks: [{ ...video, entry }] }), video);
		expect(holds(cleaned, 'kept config')).toBe(true);
	});

	it('may have chunks without bytes, which lie anywhere', async () => {
		for (const anywhere of [0, 700, 0xffffffff]) {
			const track = {
				...video,
				chunks: [...video.chunks, [noise(0)]],
				offsets: (old: readonly number[]) =>
					fullBox('stco', 0, u32(old.length), ...old.slice(0, -1).map(u32), u32(anywhere)),
			};
			const cleaned = await expectKept(buildMovie({ tracks: [gopro, track] }), track);
			const table = find(cleaned, 'moov', 'trak', 'mdia', 'minf', 'stbl', 'stco');
			expect(table?.readUInt32BE(table.length - 4)).toBeLessThanOrEqual(cleaned.length);
		}
	});

	it('without brands, as old cameras write it, stays without', async () => {
		const movie = buildMovie({ tracks: [video, gopro] });
		const offset = brands.length;
		const moved = { ...video, offsets: (old: readonly number[]) => offsets(old, -offset) };
		const bare = buildMovie({ tracks: [moved, gopro] }).subarray(offset);
		const cleaned = await clean(bare);
		expect(boxes(cleaned ?? movie).map(({ type }) => type)).toEqual(['moov', 'mdat']);
		expect(samplesOf(cleaned ?? movie)).toEqual(new Map([[1, samplesOf(movie).get(1)]]));
	});

	it('that is clean stays byte for byte', async () => {
		const cleaned = await expectKept(buildMovie({ tracks: [video, sound] }), video, sound);
		expect(await clean(cleaned)).toEqual(cleaned);
	});
});

const offsets = (old: readonly number[], by: number) =>
	fullBox('stco', 0, u32(old.length), ...old.map((offset) => u32(offset + by)));

describe('a track', () => {
	it.each([
		['meta', 'gpmd'],
		['meta', 'mebx'],
		['camm', 'camm'],
		['text', 'tx3g'],
		['sbtl', 'tx3g'],
		['tmcd', 'tmcd'],
		['vide', 'jpeg'],
	])('of %s (%s) goes with its samples', async (handler, format) => {
		const entry = handler === 'vide' ? { entry: box(format, new Uint8Array(78)) } : {};
		const gone = { ...place(3, handler, format), ...entry };
		for (const tracks of [
			[video, gone, sound],
			[gone, video, sound],
			[video, sound, gone],
		])
			await expectKept(
				buildMovie({ tracks, gap: bytesOf('SECRET') }),
				...tracks.filter((track) => track !== gone),
			);
	});

	it('is found by packed sizes and long offsets', async () => {
		const lengths = [[3, 15, 0], [7, 1], [14]];
		const packed = (bits: number) => (sizes: readonly number[]) => {
			const pairs = sizes.flatMap((size, i) => (i % 2 ? [] : [size * 16 + (sizes[i + 1] ?? 0)]));
			const table = bits === 4 ? pairs : sizes.flatMap((size) => (bits === 8 ? [size] : [0, size]));
			return fullBox('stz2', 0, u32(bits), u32(sizes.length), ...table);
		};
		const wide = (old: readonly number[]) => fullBox('co64', 0, u32(old.length), ...old.map(u64));
		for (const bits of [4, 8, 16]) {
			const track = { ...video, chunks: chunks(5, ...lengths), sizes: packed(bits), offsets: wide };
			const cleaned = await expectKept(buildMovie({ tracks: [gopro, track] }), track);
			expect(holds(cleaned, 'co64')).toBe(true);
		}
	});

	it('whose samples all have one size, and share runs of chunks', async () => {
		const even = {
			...sound,
			chunks: chunks(3, [20, 20], [20, 20], [20]),
			sizes: (lengths: readonly number[]) => fullBox('stsz', 0, u32(20), u32(lengths.length)),
		};
		await expectKept(buildMovie({ tracks: [video, even, gopro] }), video, even);
	});

	const packets = bytesOf(u32(64), u32(34), u32(68), u32(2));
	const long = bytesOf(u32(72), new Uint8Array(24), u32(4), u32(1));
	it.each([
		['plain', soundEntry('sowt'), 10, 40],
		['of a logarithmic kind', soundEntry('ulaw'), 10, 20],
		['in packets', soundEntry('ima4', 1, packets), 128, 136],
		['of the long kind', soundEntry('lpcm', 2, long), 10, 40],
	])('of QuickTime sound, %s, that counts frames', async (_, entry, frames, length) => {
		const samples = chunks(21, [length], [length]);
		const quick = {
			...sound,
			chunks: samples,
			entry,
			sizes: () => fullBox('stsz', 0, u32(1), u32(2 * frames)),
		};
		const movie = buildMovie({ tracks: [video, quick, gopro] });
		// The tables count frames: one run for both chunks.
		const run = Buffer.from(bytesOf(u32(1), u32(1), u32(1), u32(2), u32(1), u32(1)));
		const at = Buffer.from(movie).lastIndexOf(run);
		movie.set(u32(frames), at + 4);
		movie.set(u32(frames), at + 16);
		const cleaned = await clean(movie);
		expect(holds(cleaned, 'SECR')).toBe(false);
		const media = find(cleaned ?? movie, 'mdat');
		for (const [sample] of samples) expect(media?.includes(Buffer.from(sample ?? []))).toBe(true);
		expect(media?.length).toBe(385 + 2 * length);
	});

	it('is no longer referred to when it goes', async () => {
		const references = (...kinds: [string, number[]][]) =>
			box('tref', ...kinds.map(([kind, ids]) => box(kind, ...ids.map(u32))));
		const both = { ...video, references: references(['cdsc', [2, 3]], ['hint', [2]]) };
		const one = { ...sound, references: references(['cdsc', [3]]) };
		const cleaned = await expectKept(buildMovie({ tracks: [both, one, gopro] }), both, one);
		expect(holds(cleaned, 'cdsc')).toBe(false);
		const [first, second] = boxes(find(cleaned, 'moov') ?? cleaned).slice(1);
		expect(find(first?.content ?? cleaned, 'tref')).toEqual(Buffer.from(box('hint', u32(2))));
		expect(find(second?.content ?? cleaned, 'tref')).toBeUndefined();
	});

	it('loses the folders in its data reference', async () => {
		const alias = { ...video, dref: fullBox('dref', 0, u32(1), box('alis', u32(1), SECRET)) };
		await expectKept(buildMovie({ tracks: [alias] }), alias);
	});
});

describe('what is refused', () => {
	const refused: [string, Uint8Array][] = [
		['nothing', new Uint8Array(0)],
		['noise', noise(5000)],
		['brands alone', brands],
		['no track that stays', buildMovie({ tracks: [gopro] })],
		['no header', buildMovie({ tracks: [video], header: box('free') })],
		['no samples', buildMovie({ tracks: [{ ...video, chunks: [] }] })],
		['two indexes', concatBytes(buildMovie({ tracks: [video] }), box('moov'))],
		['one number for two tracks', buildMovie({ tracks: [video, { ...sound, id: 1 }] })],
		['encrypted', buildMovie({ tracks: [{ ...video, entry: box('encv', new Uint8Array(78)) }] })],
		[
			'media elsewhere',
			buildMovie({ tracks: [{ ...video, dref: fullBox('dref', 0, u32(1), fullBox('url ', 0)) }] }),
		],
		[
			'two tables of one kind',
			buildMovie({ tracks: [{ ...video, extra: { stbl: [fullBox('stts', 0, u32(0))] } }] }),
		],
		[
			'a cut mdat',
			buildMovie({ tracks: [video], mdatHeader: (n) => bytesOf(u32(n + 9999), 'mdat') }),
		],
	];
	const lies: Record<string, BuiltTrack> = {
		'2^32 - 1 sizes that are not there': {
			...video,
			sizes: () => fullBox('stsz', 0, u32(0), u32(0xffffffff)),
		},
		'2^32 - 1 packed sizes': { ...video, sizes: () => fullBox('stz2', 0, u32(4), u32(0xffffffff)) },
		'2^32 - 1 chunks': { ...video, offsets: () => fullBox('stco', 0, u32(0xffffffff)) },
		'2^32 - 1 long chunks': { ...video, offsets: () => fullBox('co64', 0, u32(0xffffffff)) },
		'chunks in the index': { ...video, offsets: (old) => offsets(old, 700) },
		'chunks in the brands': { ...video, offsets: (old) => offsets(old, -30) },
		'chunks behind the file': { ...video, offsets: (old) => offsets(old, 1e9) },
		'a box without end': { ...video, extra: { stbl: [bytesOf(u32(0), 'stts')] } },
		'a box beyond its parent': { ...video, extra: { stbl: [bytesOf(u32(1e6), 'udta')] } },
		'a box shorter than its header': { ...video, extra: { stbl: [bytesOf(u32(7), 'udta')] } },
		'a long box beyond all': {
			...video,
			extra: { stbl: [bytesOf(u32(1), 'udta', u64(2 ** 53 - 1), SECRET)] },
		},
		'a table longer than its box': {
			...video,
			extra: { stbl: [fullBox('ctts', 0, u32(0xffffffff))] },
		},
	};
	it.each([
		...refused,
		...Object.entries(lies).map(
			([what, track]) => [what, buildMovie({ tracks: [track] })] as const,
		),
	])('%s', async (_, movie) => {
		expect(await clean(movie)).toBeUndefined();
	});

	it('an index that is too long is not read', async () => {
		const head = bytesOf(brands, u32(2 ** 27), 'moov');
		const plan = planCleanMovie({
			size: head.length + 2 ** 27,
			read: async (start, end) => {
				expect(end - start).toBeLessThanOrEqual(2 ** 16);
				const bytes = new Uint8Array(end - start);
				bytes.set(head.subarray(start, end));
				return bytes;
			},
		});
		expect(await plan).toBeUndefined();
	});

	it('too many boxes, in the file and in the index, quickly', async () => {
		const many = new Uint8Array(8 * 200_000);
		for (let at = 0; at < many.length; at += 8) many.set(bytesOf(u32(8), 'free'), at);
		const movie = buildMovie({ tracks: [video] });
		expect(await clean(concatBytes(movie, many))).toBeUndefined();
		expect(await clean(buildMovie({ tracks: [video], extra: [many] }))).toBeUndefined();
	});

	it('what reading throws is thrown', async () => {
		const error = new RangeError('gone');
		const read = () => Promise.reject(error);
		await expect(planCleanMovie({ size: 100, read })).rejects.toBe(error);
	});
});

describe('a mdat', () => {
	it.each([
		['of a length in 64 bits', (n: number) => bytesOf(u32(1), 'mdat', u64(n + 16))],
		['of the usual length', (n: number) => bytesOf(u32(n + 8), 'mdat')],
	])('%s is read', async (_, mdatHeader) => {
		await expectKept(buildMovie({ tracks: [video, gopro], mdatHeader }), video);
	});

	it('to the end of the file is read', async () => {
		const cleaned = await expectKept(buildMovie({ tracks: [video, sound] }), video, sound);
		const at = boxes(cleaned).at(-1)?.at ?? 0;
		const open = concatBytes(cleaned);
		open.set(u32(0), at);
		await expectKept(concatBytes(open, bytesOf(SECRET)), video, sound);
	});

	it('may be one of several', async () => {
		const [first, second] = [noise(40, 1), noise(50, 2)];
		const at = brands.length + 8;
		const track = { ...video, chunks: [[first], [second]] };
		const movie = concatBytes(
			...[brands, box('mdat', first, SECRET), secret('free'), box('mdat', SECRET, second)],
			box('moov', movieHeader, trak(track, [at, at + 56 + 3 * SECRET.length])),
		);
		await expectKept(movie, track);
	});
});

describe('above 4 GiB', () => {
	const GIB = 2 ** 30;
	const evenly = (size: number, count: number) => () => fullBox('stsz', 0, u32(size), u32(count));
	/** Two chunks of a sample each, the second as long as it takes. */
	function huge(last: number) {
		const at = brands.length + 16;
		const sizes = () => fullBox('stsz', 0, u32(0), u32(2), u32(4 * GIB - 200), u32(last));
		const track = { ...video, chunks: [[noise(1)], [noise(1)]], sizes };
		const index = box('moov', movieHeader, trak(track, [at, at + 4 * GIB - 200]));
		const end = at + 4 * GIB - 200 + last;
		const head = bytesOf(brands, u32(1), 'mdat', u64(end - brands.length));
		return {
			at,
			end,
			file: sparse(end + index.length, [
				[0, head],
				[end, index],
			]),
		};
	}

	it('chunk offsets grow where the index in front moves them over it', async () => {
		const { at, end, file } = huge(5000);
		const plan = (await planCleanMovie(file)) ?? [];
		expect(plan[2]).toEqual({ start: at, end });
		const index = plan[1] instanceof Uint8Array ? plan[1] : new Uint8Array(0);
		const base = brands.length + index.length;
		const offsets = find(index.subarray(0, -16), 'moov', 'trak', 'mdia', 'minf', 'stbl', 'co64');
		expect(offsets).toEqual(
			Buffer.from(bytesOf(u32(0), u32(2), u64(base), u64(base + 4 * GIB - 200))),
		);
		expect(index.subarray(-16)).toEqual(bytesOf(u32(1), 'mdat', u64(16 + 4 * GIB - 200 + 5000)));
	});

	it('they get short again never, but may lie near', async () => {
		const wide = () => fullBox('co64', 0, u32(1), u64(6 * GIB));
		const track = { ...video, chunks: [[noise(9)]], sizes: evenly(9, 1), offsets: wide };
		const index = box('moov', movieHeader, trak(track, []));
		const head = bytesOf(brands, u32(1), 'mdat', u64(7 * GIB - brands.length));
		const plan =
			(await planCleanMovie(
				sparse(7 * GIB + index.length, [
					[0, head],
					[7 * GIB, index],
				]),
			)) ?? [];
		expect(plan.at(-1)).toEqual({ start: 6 * GIB, end: 6 * GIB + 9 });
		expect(plan.length).toBe(3);
	});
});
