import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../../src/core/bytes.ts';
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
	trak,
	u32,
	videoEntry,
} from './movie-support.ts';
import { bytesOf, noise } from './support.ts';

const SECRET = 'SECRET N 48.2082 E 16.3738';
const video: BuiltTrack = {
	id: 1,
	handler: 'vide',
	chunks: [[noise(50, 1), noise(60, 2)], [noise(70, 3)], [noise(80, 4), noise(90, 5)]],
};
const gps: BuiltTrack = {
	id: 2,
	handler: 'meta',
	entry: box('gpmd', new Uint8Array(8)),
	chunks: [[bytesOf(SECRET)], [bytesOf(SECRET)], [bytesOf(SECRET)]],
};
const samples = video.chunks.flat().map((sample) => Buffer.from(sample));
const tables = ['moov', 'trak', 'mdia', 'minf', 'stbl'];

async function cleaned(movie: Uint8Array): Promise<Uint8Array> {
	const made = await clean(movie);
	if (made === undefined) throw new Error('refused');
	expect(Buffer.from(made).includes('SECR')).toBe(false);
	expect(await clean(made)).toEqual(made);
	return made;
}
const count = (movie: Uint8Array, table: string, at: number) =>
	find(movie, ...tables, table)?.readUInt32BE(at);

describe('tables that do not agree are put right', () => {
	const offsets = (more: readonly number[]) => (old: readonly number[]) =>
		fullBox('stco', 0, u32(old.length + more.length), ...[...old, ...more].map(u32));

	it.each([1, 2, 500])('%i chunks behind the last sample go', async (more) => {
		const track = { ...video, offsets: offsets(Array(more).fill(0xc000009d)) };
		const made = await cleaned(buildMovie({ tracks: [gps, track] }));
		expect(samplesOf(made).get(1)).toEqual(samples);
		expect(count(made, 'stco', 4)).toBe(3);
		expect(find(made, ...tables, 'stco')?.length).toBe(8 + 3 * 4);
	});

	it('runs of chunks that are not there go', async () => {
		const track = { ...video, chunks: [...video.chunks, [noise(1)], [noise(1)]] };
		const sizes = (all: readonly number[]) =>
			fullBox('stsz', 0, u32(0), u32(5), ...all.slice(0, 5).map(u32));
		const made = await cleaned(buildMovie({ tracks: [{ ...track, sizes }, gps] }));
		expect(samplesOf(made).get(1)).toEqual(samples);
		expect(count(made, 'stsc', 4)).toBe(3);
	});

	it('samples without a chunk go', async () => {
		for (const more of [1, 3, 1000]) {
			const sizes = (all: readonly number[]) =>
				fullBox('stsz', 0, u32(0), u32(5 + more), ...all.map(u32), ...Array(more).fill(u32(9)));
			const made = await cleaned(buildMovie({ tracks: [gps, { ...video, sizes }] }));
			expect(samplesOf(made).get(1)).toEqual(samples);
			expect(count(made, 'stsz', 8)).toBe(5);
		}
		const even = { ...video, chunks: [[noise(20, 1)], [noise(20, 2)]] };
		const sizes = () => fullBox('stsz', 0, u32(20), u32(0xffffffff));
		const made = await cleaned(buildMovie({ tracks: [gps, { ...even, sizes }] }));
		expect(count(made, 'stsz', 8)).toBe(2);
	});

	it('a last chunk may have fewer samples than its run says', async () => {
		const sizes = (all: readonly number[]) =>
			fullBox('stsz', 0, u32(0), u32(4), ...all.slice(0, 4).map(u32));
		const made = await cleaned(buildMovie({ tracks: [gps, { ...video, sizes }] }));
		expect(samplesOf(made).get(1)?.slice(0, 4)).toEqual(samples.slice(0, 4));
	});

	it('words behind tables and headers go', async () => {
		const sizes = (all: readonly number[]) =>
			fullBox('stsz', 0, u32(0), u32(all.length), ...all.map(u32), SECRET);
		const header = fullBox('tkhd', 3, u32(0), u32(0), u32(1), u32(0), new Uint8Array(64), SECRET);
		const media = { minf: [fullBox('vmhd', 1, new Uint8Array(8), SECRET)] };
		await cleaned(buildMovie({ tracks: [{ ...video, sizes, header, extra: media }, gps] }));
	});

	it('lists may end with zeros', async () => {
		for (const zeros of [4, 8, 12, 40]) {
			const end = new Uint8Array(zeros);
			const traks = trak(video, [60, 170, 240]);
			const index = box('moov', movieHeader, box('udta', SECRET), traks, end);
			const media = box('mdat', noise(400));
			const at = brands.length + index.length + 8;
			const moved = trak(video, [at, at + 110, at + 180]);
			const movie = box('moov', movieHeader, box('udta', SECRET), moved, end);
			const made = await cleaned(concatBytes(brands, movie, media));
			expect(samplesOf(made).get(1)?.length).toBe(5);
		}
	});
});

describe('a movie whose index comes first', () => {
	const whole = async () => (await clean(buildMovie({ tracks: [video] }))) ?? new Uint8Array(0);

	it('may be cut in its media', async () => {
		const movie = await whole();
		for (const length of [1, 90, 200, 240, 299]) {
			const cut = await cleaned(movie.subarray(0, -length));
			const left = (samplesOf(cut).get(1) ?? []).filter(({ length: bytes }) => bytes > 0);
			expect(left).toEqual(samples.slice(0, left.length));
			const whole = Buffer.concat(samples).length - length;
			expect(whole - Buffer.concat(left).length).toBeLessThan(samples[left.length]?.length ?? 0);
			expect(find(cut, 'mdat')).toEqual(Buffer.concat(left));
		}
		expect(await clean(movie.subarray(0, -310))).toBeUndefined();
	});

	it('may have anything behind it', async () => {
		const movie = await whole();
		for (const tail of [box('free', SECRET), bytesOf(u32(1e6), 'free', SECRET), bytesOf(SECRET)])
			expect(await cleaned(concatBytes(movie, tail))).toEqual(movie);
	});
});

describe('what it is, is told by its brands', () => {
	const named = (...names: string[]) =>
		concatBytes(
			box('ftyp', names[0] ?? '', u32(7), names.slice(1).join('')),
			trailing(8 + 8 + 4 * (names.length - 1)),
		);
	const trailing = (length: number) => {
		const at = brands.length;
		const offsets = (old: readonly number[]) =>
			fullBox('stco', 0, u32(old.length), ...old.map((offset) => u32(offset + length + 0 - at)));
		return buildMovie({ tracks: [{ ...video, offsets }] }).subarray(at);
	};

	it.each([
		[['qt  ', 'qt  ']],
		[['mp42', 'isom', 'mp42']],
		[['3gp4', '3gp4', 'isom']],
		[['M4V ', 'M4V ', 'mp42']],
		[['dash', 'iso6', 'mp41']],
	])('%j stays', async (names) => {
		const movie = named(...names);
		const made = await cleaned(movie);
		expect(boxes(made)[0]?.content).toEqual(boxes(movie)[0]?.content);
	});

	it.each([
		[['crx ', 'crx ', 'isom']],
		[['isom', 'crx ']],
		[['heic', 'mif1', 'isom']],
		[['mp42', 'mif1', 'heic']],
		[['avif', 'mif1', 'isom']],
		[['jp2 ', 'jp2 ']],
		[['what', 'isom', 'mp42']],
		[['<svg', 'isom']],
	])('%j is not altered', async (names) => {
		expect(await clean(named(...names))).toBeUndefined();
	});

	it.each([
		[['CAEP', 'CAEP', 'isom', 'mp42']],
		[['pana', 'isom', 'pana']],
		[['niko', 'niko', 'mp42']],
		[['mp42', 'XAVC', 'mp42', 'GEHE']],
	])('%j says no longer whose camera it was', async (names) => {
		const made = Buffer.from(await cleaned(named(...names)));
		for (const maker of ['CAEP', 'pana', 'niko', 'XAVC', 'GEHE'])
			expect(made.includes(maker)).toBe(false);
		expect(made.toString('latin1', 8, 12)).toBe(names[0] === 'mp42' ? 'mp42' : 'isom');
		expect(samplesOf(made).get(1)).toEqual(samples);
	});

	it('raw pictures in a movie’s form are not altered', async () => {
		for (const [codec, handler] of [
			['CRAW', 'vide'],
			['brxq', 'vide'],
			['aprn', 'vide'],
			['encv', 'vide'],
			['what', 'soun'],
		] as const) {
			const entry = box(codec, new Uint8Array(78), box('CMP1', SECRET));
			const track = { ...video, handler, entry };
			expect(await clean(buildMovie({ tracks: [track, { ...video, id: 7 }] }))).toBeUndefined();
		}
	});
});

describe('how it is seen stays', () => {
	const list = (type: string, ...parts: Uint8Array[]) => box(type, ...parts);
	const spatial = [
		list(
			'vexu',
			list(
				'eyes',
				fullBox('stri', 0, 3),
				fullBox('hero', 0, 1),
				list('cams', fullBox('blin', 0, u32(19240))),
			),
			list('proj', fullBox('prji', 0, 'rect')),
		),
		box('hfov', u32(63500)),
		fullBox('st3d', 0, 2),
		list(
			'sv3d',
			list(
				'proj',
				fullBox('prhd', 0, u32(1), u32(2), u32(3)),
				fullBox('equi', 0, u32(0), u32(0), u32(5), u32(6)),
			),
		),
	];

	it('in two pictures, and around', async () => {
		const movie = buildMovie({ tracks: [{ ...video, entry: videoEntry(...spatial) }, gps] });
		const made = Buffer.from(await cleaned(movie));
		for (const kept of spatial) expect(made.includes(Buffer.from(kept))).toBe(true);
	});

	it('without words that ride along', async () => {
		const entry = videoEntry(
			list(
				'vexu',
				list('eyes', fullBox('stri', 0, 3, SECRET), box('note', SECRET)),
				box('uuid', SECRET),
			),
			box('hfov', u32(63500), SECRET),
			fullBox('st3d', 0, 2, SECRET),
			list(
				'sv3d',
				fullBox('svhd', 0, SECRET, 0),
				list('proj', fullBox('equi', 0, new Uint8Array(16), SECRET), bytesOf('SECR')),
			),
		);
		const made = Buffer.from(await cleaned(buildMovie({ tracks: [{ ...video, entry }] })));
		for (const kept of ['vexu', 'eyes', 'stri', 'hfov', 'st3d', 'sv3d', 'svhd', 'equi'])
			expect(made.includes(kept), kept).toBe(true);
	});

	const id = Buffer.from('ffcc8263f8554a938814587a02521fdd', 'hex');
	const xml = (...sayings: string[]) =>
		box(
			'uuid',
			id,
			'<?xml version="1.0"?><rdf:SphericalVideo xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" ',
			'xmlns:GSpherical="http://ns.google.com/videos/1.0/spherical/">',
			...sayings.map((one) => `<GSpherical:${one}</GSpherical:${one.split('>')[0]}>`),
			'</rdf:SphericalVideo>',
		);

	it('by the words of the first version, which are written anew', async () => {
		const said = xml(
			'Spherical>true',
			'Stitched>true',
			`StitchingSoftware>${SECRET}`,
			'ProjectionType>equirectangular',
			'StereoMode>top-bottom',
			'Timestamp>SECRET',
		);
		const made = Buffer.from(
			await cleaned(buildMovie({ tracks: [{ ...video, extra: { trak: [said] } }] })),
		);
		const kept = find(made, 'moov', 'trak', 'uuid')?.subarray(16).toString('latin1').trimEnd();
		expect(kept).toBe(
			Buffer.from(
				xml(
					'Spherical>true',
					'Stitched>true',
					'ProjectionType>equirectangular',
					'StereoMode>top-bottom',
				),
			).toString('latin1', 24),
		);
	});

	it('but no other words', async () => {
		for (const told of [
			xml(`Spherical>${SECRET}`),
			box('uuid', id, SECRET),
			box('uuid', SECRET),
			box('uuid', id),
		]) {
			const extra = { trak: [told] };
			const made = await cleaned(buildMovie({ tracks: [{ ...video, extra }] }));
			expect(find(made, 'moov', 'trak', 'uuid')).toBeUndefined();
		}
	});
});
