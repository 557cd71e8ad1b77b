import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bytes, concatBytes } from '../../../../../src/core/bytes.ts';
import { planCleanMovie } from '../../../../../src/core/formats/movies/clean-movie.ts';
import { times } from '../../../../what-runs.ts';
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
	soundEntry,
	sparse,
	trak,
	u32,
	u64,
	videoEntry,
} from '../../movie-support.ts';
import { bytesOf, noise } from '../../support.ts';

const SECRET = 'SECRET N 48.2082 E 16.3738';
const holds = (bytes: Uint8Array | undefined, text: string | Uint8Array) =>
	Buffer.from(bytes ?? []).includes(typeof text === 'string' ? text : Buffer.from(text));

const track = (id: number, handler: string): BuiltTrack => ({ id, handler, chunks: [] });
const extend = (id: number, size = 0) =>
	fullBox('trex', 0, u32(id), u32(1), u32(1), u32(size), u32(0));
/** Track 1 are pictures, 2 is sound of even size, 3 is GPS. */
const index = (...extra: Uint8Array[]) =>
	box(
		'moov',
		movieHeader,
		...[track(1, 'vide'), track(2, 'soun'), track(3, 'meta')].map((one) => trak(one, [])),
		box('mvex', extend(1), extend(2, 20), extend(3, 9), ...extra),
		...extra,
	);

interface Run {
	readonly track: number;
	readonly samples: readonly Uint8Array[];
	/** Without sizes of their own. */
	readonly even?: boolean;
}
type Base = 'moof' | 'file' | 'none';

/** A moof and its mdat, at this place in the file. */
function fragment(at: number, runs: readonly Run[], base: Base, ...extra: Uint8Array[]): Bytes {
	const build = (moofLength: number) => {
		let data = moofLength + 8;
		const trafs = runs.map(({ track, samples, even }) => {
			const flags = base === 'moof' ? 0x20000 : base === 'file' ? 1 : 0;
			const header = fullBox(
				'tfhd',
				...[flags, u32(track), ...(base === 'file' ? [u64(at + data)] : [])],
			);
			const offset = base === 'moof' ? data : 0;
			const isFirst = base === 'none' && data === moofLength + 8;
			const hasOffset = base === 'moof' || isFirst;
			data += samples.reduce((sum, sample) => sum + sample.length, 0);
			const run = fullBox(
				'trun',
				(hasOffset ? 1 : 0) + 4 + 0x100 + (even ? 0 : 0x200),
				u32(samples.length),
				...(hasOffset ? [u32(isFirst ? moofLength + 8 : offset)] : []),
				u32(0),
				...samples.flatMap((sample) => [u32(1), ...(even ? [] : [u32(sample.length)])]),
				// Behind the run, where nobody looks.
				SECRET,
			);
			return box('traf', header, ...extra, fullBox('tfdt', 0, u32(0)), run, ...extra);
		});
		return box('moof', fullBox('mfhd', 0, u32(1)), ...extra, ...trafs);
	};
	const moof = build(build(0).length);
	return concatBytes(moof, box('mdat', ...runs.flatMap(({ samples }) => samples), SECRET));
}

const pictures = { track: 1, samples: [noise(70, 1), noise(50, 2), noise(3, 3)] };
const sound = { track: 2, samples: [noise(20, 4), noise(20, 5)], even: true };
const place = { track: 3, samples: [bytesOf(SECRET), bytesOf(SECRET, SECRET)] };

function fragmented(orders: readonly (readonly Run[])[], base: Base, ...extra: Uint8Array[]) {
	let movie = concatBytes(brands, index(...extra));
	for (const runs of orders)
		movie = concatBytes(
			movie,
			...extra,
			fragment(movie.length + sizeOf(extra), runs, base, ...extra),
		);
	return movie;
}
const sizeOf = (parts: readonly Uint8Array[]) => parts.reduce((sum, part) => sum + part.length, 0);

/** All that was a kept sample lies where it lay, and nothing else of the media is left. */
function expectInPlace(movie: Bytes, cleaned: Bytes | undefined) {
	if (cleaned === undefined) throw new Error('refused');
	expect(holds(cleaned, 'SECR')).toBe(false);
	for (const sample of [...pictures.samples, ...sound.samples])
		for (let at = indexOf(movie, sample, 0); at >= 0; at = indexOf(movie, sample, at + 1))
			expect(indexOf(cleaned, sample, at)).toBe(at);
	const before = boxes(movie).map(({ type, at }) => [type === 'uuid' ? 'free' : type, at]);
	const after = boxes(cleaned).map(({ type, at }) => [type, at]);
	expect(after).toEqual(before.slice(0, after.length));
	expect(before.slice(after.length).every(([type]) => type === 'free' || type === 'mfra')).toBe(
		true,
	);
}
const indexOf = (bytes: Uint8Array, wanted: Uint8Array, from: number) =>
	Buffer.from(bytes).indexOf(Buffer.from(wanted), from);

describe('a movie in fragments', () => {
	const orders = [
		[pictures, sound, place],
		[pictures, place, sound],
		[place, sound, pictures],
		[place],
		[sound],
	];
	it.each(['moof', 'file'] as const)(
		'keeps its layout, with zeros for places (%s)',
		async (base) => {
			const movie = fragmented(orders, base);
			expectInPlace(movie, await clean(movie));
		},
	);

	it('loses boxes that tell, wherever they lie', async () => {
		const told = box('uuid', SECRET);
		const movie = fragmented(orders, 'moof', told);
		const cleaned = await clean(concatBytes(movie, told, bytesOf(SECRET)));
		expectInPlace(movie, cleaned);
		expect(cleaned?.length).toBe(movie.length);
	});

	it('whose last index a recorder wrote twice loses the first one, which has no media', async () => {
		const start = fragmented([[pictures, sound]], 'moof');
		const one = fragment(start.length, [sound], 'moof');
		const last = one.subarray(0, one.length - box('mdat', ...sound.samples, SECRET).length);
		const movie = concatBytes(start, last, fragment(start.length + last.length, [sound], 'moof'));
		const cleaned = await clean(movie);
		expect(holds(cleaned, 'SECR')).toBe(false);
		expect(cleaned?.length).toBe(movie.length);
		const types = boxes(cleaned ?? new Uint8Array(0)).map(({ type }) => type);
		expect(types).toEqual(['ftyp', 'moov', 'moof', 'mdat', 'free', 'moof', 'mdat']);
		const samples = bytesOf(...sound.samples);
		expect(indexOf(cleaned ?? samples, samples, start.length)).toBe(
			indexOf(movie, samples, start.length),
		);
	});

	it('with an index that has no media and is no repetition is refused', async () => {
		const start = fragmented([[pictures, sound]], 'moof');
		const one = fragment(start.length, [pictures], 'moof');
		const last = one.subarray(0, one.length - box('mdat', ...pictures.samples, SECRET).length);
		const end = fragment(start.length + last.length, [sound], 'moof');
		expect(await clean(concatBytes(start, last, end))).toBeUndefined();
	});

	it('that is clean is made of ranges, and zeros where there were zeros', async () => {
		const movie = (await clean(fragmented(orders, 'moof'))) ?? new Uint8Array(0);
		const plan = await planCleanMovie({
			size: movie.length,
			read: async (start, end) => movie.slice(start, end),
		});
		expect(plan?.every((part) => 'start' in part || part.every((byte) => byte === 0))).toBe(true);
	});

	it('that tells no starts can lose what comes last alone', async () => {
		const movie = fragmented([[pictures, sound, place], [sound]], 'none');
		expectInPlace(movie, await clean(movie));
		for (const runs of [
			[pictures, place, sound],
			[place, pictures],
		])
			expect(await clean(fragmented([runs], 'none'))).toBeUndefined();
	});

	it('loses the few bytes behind the last box of another', async () => {
		const ended = box('moov', find(fragmented([], 'moof'), 'moov') ?? '', SECRET.slice(0, 7));
		const start = concatBytes(brands, ended);
		const whole = concatBytes(start, fragment(start.length, [pictures, sound], 'moof'));
		expectInPlace(whole, await clean(whole));
	});

	it('keeps its tables for seeking where no track goes', async () => {
		const two = box(
			'moov',
			movieHeader,
			...[trak(track(1, 'vide'), []), trak(track(2, 'soun'), [])],
			box('mvex', extend(1), extend(2, 20)),
		);
		const seek = box('sidx', 'seek');
		const last = box('mfra', 'seek');
		const start = concatBytes(brands, two, seek);
		const movie = concatBytes(start, fragment(start.length, [pictures, sound], 'moof'), last);
		const cleaned = await clean(movie);
		expectInPlace(movie, cleaned);
		expect(cleaned?.length).toBe(movie.length);
		expect(holds(cleaned, seek) && holds(cleaned, last)).toBe(true);

		const begin = concatBytes(brands, index(), seek);
		const more = concatBytes(begin, fragment(begin.length, [pictures, place], 'moof'), last);
		const without = await clean(more);
		expect(holds(without, 'seek')).toBe(false);
		expect(without?.length).toBe(more.length - last.length);
	});

	it('is refused where more must be zero than memory should hold', async () => {
		const start = concatBytes(brands, index());
		const plan = (free: number) => {
			const at = start.length + free;
			const last = fragment(at, [pictures], 'moof');
			const head = concatBytes(start, u32(free), bytesOf('free'));
			return planCleanMovie(
				sparse(at + last.length, [
					[0, head],
					[at, last],
				]),
			);
		};
		expect(await plan(2 ** 28 - 4096)).toBeDefined();
		expect(await plan(2 ** 28 + 4096)).toBeUndefined();
	});

	it('is refused where runs leave the media, or nothing announces fragments', async () => {
		const movie = fragmented([[pictures, sound]], 'moof');
		const [, moov, moof] = boxes(movie);
		const run = Buffer.from(movie).indexOf('trun');
		for (const offset of [0, 10, 0x7fffffff, 0x80000000]) {
			const changed = Uint8Array.from(movie);
			changed.set(u32(offset), run + 12);
			expect(await clean(changed)).toBeUndefined();
		}
		const lying = Uint8Array.from(movie);
		lying.set(u32(0xffffffff), run + 8);
		expect(await clean(lying)).toBeUndefined();
		const silent = Uint8Array.from(movie);
		silent.set(bytesOf('free'), (moov?.at ?? 0) + (moov?.content.indexOf('mvex') ?? 0) + 8);
		expect(await clean(silent)).toBeUndefined();
		expect(await clean(concatBytes(brands, movie.subarray(moof?.at)))).toBeUndefined();
	});

	it('that is cut keeps what there is, as players do', async () => {
		const movie = fragmented([[pictures, sound, place]], 'moof');
		const second = fragment(movie.length, [place, pictures], 'moof');
		const whole = (await clean(concatBytes(movie, second))) ?? new Uint8Array(0);
		const media = second.length - (find(second, 'moof')?.length ?? 0) - 8;
		for (const length of [1, 30, 100, media - 8, media - 9]) {
			const cut = await clean(concatBytes(movie, second).subarray(0, -length));
			expect(cut).toEqual(whole.subarray(0, -length));
		}
		for (const length of [media + 1, second.length - 20, second.length - 8, second.length - 1])
			expect(await clean(concatBytes(movie, second).subarray(0, -length))).toEqual(
				await clean(movie),
			);
	});
});

describe('any movie, changed anywhere or cut', () => {
	const movies = [
		buildMovie({
			tracks: [
				{
					id: 1,
					handler: 'vide',
					chunks: [[noise(40), noise(30)], [noise(50)]],
					entry: videoEntry(box('avcC', 'config')),
				},
				{
					id: 2,
					handler: 'soun',
					chunks: [[noise(9)], [noise(8), noise(7)]],
					entry: soundEntry('mp4a', 1, new Uint8Array(16), box('esds', 'config')),
				},
				{
					id: 3,
					handler: 'meta',
					chunks: [[bytesOf(SECRET)]],
					references: box('tref', box('cdsc', u32(1))),
				},
			],
			extra: [box('udta', SECRET)],
		}),
		fragmented([[pictures, sound, place], [place]], 'moof', box('uuid', SECRET)),
		fragmented([[pictures, sound, place], [sound]], 'file'),
	];

	it('gives a plan that lies in the file, or none; cleaning twice changes nothing', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...movies),
				fc.array(
					fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(0, 1, 7, 8, 0x7f, 0x80, 0xff), fc.nat(255))),
					{ maxLength: 6 },
				),
				fc.oneof(fc.constant(0), fc.nat(2000)),
				async (movie, changes, cut) => {
					const changed = Uint8Array.from(movie.subarray(0, Math.max(0, movie.length - cut)));
					for (const [at, value] of changes) changed[at % movie.length] = value;
					const cleaned = await clean(changed);
					if (cleaned !== undefined) expect(await clean(cleaned)).toEqual(cleaned);
				},
			),
			{ numRuns: times(1000, 200) },
		);
	});

	it('that is cut anywhere holds nothing of what went', async () => {
		for (const movie of movies)
			for (let length = 0; length <= movie.length; length++) {
				const cleaned = await clean(movie.subarray(0, length));
				if (cleaned !== undefined) expect(holds(cleaned, 'SECR')).toBe(false);
			}
	});
});
