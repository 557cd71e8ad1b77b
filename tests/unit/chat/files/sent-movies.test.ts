import { describe, expect, it } from 'vitest';
import { prepareFile } from '../../../../src/chat/files/prepare-file.ts';
import { concatBytes } from '../../../../src/core/bytes.ts';
import {
	type BuiltMovie,
	type BuiltTrack,
	box,
	brands,
	buildMovie,
	fullBox,
	samplesOf,
	soundEntry,
	u16,
	u32,
	u64,
	videoEntry,
} from '../../core/movie-support.ts';
import { bytesOf, noise, type Part } from '../../core/support.ts';

/** What each of them knows: place, day, maker, name. None of it may be left, in whatever form it was. */
const PLACE = '+48.2082+016.3738+171.000/';
const TOLD = [
	...['+48.2082', '48.2082', '16.3738', '2024-05-06', '2024:05:06', 'GEHEIM', 'SECR', 'Apple'],
	...['iPhone', 'Samsung', 'samsung', 'GoPro', 'DJI', 'Canon', 'NIKON', 'Panasonic', 'SONY'],
	...['HERO', 'Mavic', 'Core Media', 'SMTA', 'SEFT', 'GPS', 'gps'],
];
const DEGREES = bytesOf(u32(482_082_000), u32(163_738_000));

const video: BuiltTrack = {
	id: 1,
	handler: 'vide',
	chunks: [[noise(500, 1), noise(300, 2)], [noise(200, 3)]],
};
const sound: BuiltTrack = { id: 2, handler: 'soun', chunks: [[noise(90, 4)], [noise(80, 5)]] };
/** A track of its own, sample by sample beside the pictures. */
const timed = (handler: string, entry: Uint8Array, ...words: Part[]): BuiltTrack => ({
	id: 3,
	handler,
	entry,
	chunks: [[bytesOf(...words)], [bytesOf(...words), bytesOf(DEGREES)]],
	references: box('tref', box('cdsc', u32(1))),
});
const entry = (format: string, ...parts: Part[]) =>
	box(format, new Uint8Array(6), u16(1), ...parts);
/** A word of QuickTime's old kind. */
const word = (type: string, text: string) => box(type, u16(text.length), u16(0x15c7), text);

/** Keys and values as Apple writes them. */
function metaKeys(values: Readonly<Record<string, string>>): Uint8Array {
	const entries = Object.entries(values);
	return box(
		'meta',
		fullBox('hdlr', 0, u32(0), 'mdta', new Uint8Array(12), 0),
		fullBox('keys', 0, u32(entries.length), ...entries.map(([key]) => box('mdta', key))),
		box(
			'ilst',
			...entries.map(([, value], i) =>
				bytesOf(u32(24 + value.length), u32(i + 1), box('data', u32(1), u32(0), value)),
			),
		),
	);
}
const IPHONE = metaKeys({
	'com.apple.quicktime.location.ISO6709': PLACE,
	'com.apple.quicktime.make': 'Apple',
	'com.apple.quicktime.model': 'iPhone 15 Pro',
	'com.apple.quicktime.software': '17.4.1',
	'com.apple.quicktime.creationdate': '2024-05-06T07:08:09+0200',
	'com.apple.quicktime.content.identifier': 'GEHEIM-6F12-4B1C',
	'com.apple.quicktime.live-photo.auto': '1',
});
const quicktime = box('ftyp', 'qt  ', u32(0), 'qt  ');
const gpmf = bytesOf('DEVC', u32(64), 'DVNM', 'c', u16(1), 'HERO11 Black', 'GPS5', DEGREES);

/** A movie under other brands, or none. */
function under(head: Uint8Array, movie: BuiltMovie): Uint8Array {
	const by = head.length - brands.length;
	const tracks = movie.tracks.map((track) => ({
		...track,
		offsets: (old: readonly number[]) =>
			fullBox('stco', 0, u32(old.length), ...old.map((offset) => u32(offset + by))),
	}));
	return concatBytes(head, buildMovie({ ...movie, tracks }).subarray(brands.length));
}

const CORPUS: Record<string, { bytes: Uint8Array; tracks?: readonly BuiltTrack[]; name?: string }> =
	{
		'an iPhone’s MOV': {
			bytes: under(quicktime, {
				tracks: [video, sound, timed('meta', entry('mebx', box('keys', 'GEHEIM')), PLACE)],
				extra: [IPHONE],
				before: [box('wide')],
			}),
			name: 'IMG_0001.MOV',
		},
		'the movie of a Live Photo': {
			bytes: under(quicktime, {
				tracks: [
					{ ...video, extra: { trak: [IPHONE] } },
					sound,
					timed('meta', entry('mebx', 'com.apple.quicktime.still-image-time', 'GEHEIM'), 'GEHEIM'),
				],
				extra: [IPHONE],
			}),
			name: 'IMG_0002.MOV',
		},
		'an Android’s MP4': {
			bytes: buildMovie({
				tracks: [video, sound],
				extra: [
					box(
						'udta',
						word('\xa9xyz', PLACE),
						box('SMTA', 'GEHEIM'),
						box('auth', u32(0), 'Samsung'),
					),
					box('meta', fullBox('hdlr', 0, u32(0), 'mdta', 'com.android.version', 'GEHEIM')),
				],
			}),
			name: 'VID_20240506.mp4',
		},
		'an Android’s with a slow-motion mark and a trailer': {
			bytes: concatBytes(
				buildMovie({
					tracks: [video, sound, timed('camm', entry('camm'), u16(0), u16(6), DEGREES, 'GEHEIM')],
					extra: [box('udta', box('SMLK', 'GEHEIM'), word('\xa9xyz', PLACE))],
				}),
				box('sefd', bytesOf('SEFHe', PLACE, 'Samsung GEHEIM'), 'SEFT'),
			),
			name: 'slow.mp4',
		},
		'a Samsung’s trailer that is no box': {
			bytes: concatBytes(
				buildMovie({ tracks: [video, sound] }),
				bytesOf('Samsung', PLACE, u32(1), 'SEFH', u32(9), 'SEFT'),
			),
			name: 'samsung.mp4',
		},
		'a GoPro': {
			bytes: buildMovie({
				tracks: [
					video,
					sound,
					timed('meta', entry('gpmd', 'GoPro MET'), gpmf),
					{ ...timed('tmcd', entry('tmcd', u32(0), box('name', 'GoPro TCD')), 'GEHEIM'), id: 4 },
				],
				extra: [
					box('udta', box('FIRM', 'HERO11'), box('CAME', noise(16)), box('GPMF', gpmf)),
					box('uuid', noise(16), 'GoPro GEHEIM'),
				],
			}),
			name: 'GX010001.MP4',
		},
		'a DJI': {
			bytes: buildMovie({
				tracks: [
					{ ...video, extra: { trak: [box('udta', word('\xa9mdl', 'DJI Mavic'))] } },
					timed('text', entry('text'), `GPS(16.3738,48.2082,171) 2024-05-06`),
					{ ...timed('meta', entry('djmd', 'GEHEIM'), 'DJI GEHEIM', DEGREES), id: 4 },
					{ ...timed('sbtl', entry('tx3g'), `[latitude: 48.2082] [longitude: 16.3738]`), id: 5 },
				],
				extra: [
					box('udta', word('\xa9xyz', PLACE), word('\xa9gpt', PLACE), word('\xa9csn', 'GEHEIM')),
					box('meta', fullBox('hdlr', 0, u32(0), 'mdir'), box('ilst', box('\xa9too', 'DJI'))),
				],
			}),
			name: 'DJI_0001.MP4',
		},
		'a Canon': {
			bytes: under(box('ftyp', 'mp42', u32(1), 'mp42', 'avc1', 'CAEP'), {
				tracks: [video, sound],
				extra: [
					box(
						'udta',
						box('CNCV', 'CanonHEVC001/10'),
						box('CNMN', 'Canon EOS R5'),
						box('CNTH', 'SECR'),
					),
					box('uuid', noise(16), 'Canon GPS', DEGREES),
					box('free', 'Canon GEHEIM'),
				],
				before: [box('uuid', noise(16), box('CNTH', 'Exif Canon 2024:05:06'))],
			}),
			name: 'MVI_0001.MP4',
		},
		'a Nikon': {
			bytes: under(box('ftyp', 'niko', u32(7), 'niko', 'mp42', 'avc1'), {
				tracks: [video, sound],
				extra: [box('udta', box('NCDT', box('NCTG', 'NIKON Z 6', PLACE), box('NCTH', 'SECR')))],
			}),
			name: 'DSC_0001.MP4',
		},
		'a Sony': {
			bytes: under(box('ftyp', 'XAVC', u32(0), 'XAVC', 'mp42', 'iso2'), {
				tracks: [video, sound, timed('meta', entry('rtmd', 'SONY'), 'SONY', DEGREES)],
				extra: [
					box('meta', fullBox('hdlr', 0, u32(0), 'nrtm'), box('xml ', u32(0), '<Device SONY/>')),
					box('uuid', 'PROF', noise(12), 'SONY'),
				],
			}),
			name: 'C0001.MP4',
		},
		'a Panasonic': {
			bytes: under(box('ftyp', 'pana', u32(0), 'isom', 'pana'), {
				tracks: [video, sound],
				extra: [box('udta', box('PANA', 'Panasonic DC-GH5', 'Exif', DEGREES))],
			}),
			name: 'P0001.MP4',
		},
		'old QuickTime': {
			bytes: bytesOf(
				...['wide', 'skip', 'free'].map((type) => box(type)),
				under(new Uint8Array(24), {
					tracks: [
						{
							...video,
							dref: fullBox('dref', 0, u32(1), box('alis', u32(1), 'GEHEIM disk:GEHEIM folder')),
						},
						{
							...sound,
							entry: soundEntry('sowt'),
							sizes: (l) => fullBox('stsz', 0, u32(0), u32(l.length), ...l.map(u32)),
						},
					],
					extra: [
						box(
							'udta',
							word('\xa9mak', 'NIKON'),
							word('\xa9day', '2024-05-06'),
							word('\xa9xyz', PLACE),
							u32(0),
						),
						box('clip', box('crgn', 'SECR')),
					],
				}).subarray(24),
			),
			name: 'DSCN0001.MOV',
		},
		'old QuickTime behind a preview': {
			bytes: bytesOf(
				box('pnot', u32(0xd1234567), u16(0), 'PICT', u16(1)),
				box('PICT', 'GEHEIM', noise(90)),
				under(new Uint8Array(118 + 6), { tracks: [video] }).subarray(118 + 6),
			),
			tracks: [video],
			name: 'MOV0001.MOV',
		},
		'a dashcam that hides its way in free boxes': {
			bytes: buildMovie({
				tracks: [video, sound],
				extra: [
					box('gps ', u32(1), u32(1), u32(9000), u32(400)),
					box('udta', box('free', 'GEHEIM')),
				],
				before: [box('free', 'freeGPS ', DEGREES, PLACE), box('skip', 'GPS', DEGREES)],
				gap: bytesOf(u32(34), 'free', 'GPS ', PLACE.slice(0, 22)),
			}),
			name: 'dashcam.mp4',
		},
		'a dashcam that hides it behind tables': {
			bytes: buildMovie({
				tracks: [
					{
						...video,
						entry: videoEntry(box('GPS ', DEGREES), box('avcC', 'setup')),
						sizes: (all) => fullBox('stsz', 0, u32(0), u32(all.length), ...all.map(u32), PLACE),
						offsets: (all) => fullBox('stco', 0, u32(all.length), ...all.map(u32), PLACE, 'GPS'),
					},
					sound,
				],
			}),
			name: 'hidden.mp4',
		},
		'a camera all around': {
			bytes: concatBytes(
				buildMovie({
					tracks: [
						{
							...video,
							entry: videoEntry(
								fullBox('st3d', 0, 1),
								box(
									'sv3d',
									fullBox('svhd', 0, 'GEHEIM', 0),
									box('proj', fullBox('equi', 0, u64(0), u64(0))),
								),
							),
						},
						sound,
					],
				}),
				bytesOf('GEHEIM gyroscope', DEGREES, '8db42d694ccc418790edff439fe026bf'),
			),
			name: 'around.mp4',
		},
		'a voice memo': {
			bytes: under(box('ftyp', 'M4A ', u32(0), 'M4A ', 'mp42', 'isom'), {
				tracks: [sound],
				extra: [
					box(
						'udta',
						word('date', '2024-05-06'),
						box('meta', u32(0), box('ilst', box('\xa9nam', 'GEHEIM'))),
					),
					IPHONE,
				],
			}),
			tracks: [sound],
			name: 'memo.m4a',
		},
	};

async function sent(bytes: Uint8Array, name = 'a.mp4') {
	const file = new File([Uint8Array.from(bytes)], name);
	const clean = await prepareFile(file, { quality: 'original' });
	return { ...clean, bytes: new Uint8Array(await clean.blob.arrayBuffer()) };
}

describe('what a camera writes', () => {
	it.each(Object.entries(CORPUS))(
		'%s is sent without place, time, maker and names',
		async (_, made) => {
			const { bytes, name, kind } = await sent(made.bytes, made.name);
			for (const told of TOLD) expect(Buffer.from(bytes).includes(told), told).toBe(false);
			expect(Buffer.from(bytes).includes(Buffer.from(DEGREES))).toBe(false);
			const tracks = made.tracks ?? (made.name === 'DJI_0001.MP4' ? [video] : [video, sound]);
			expect([name, kind]).toEqual([made.name, tracks.includes(video) ? 'video' : 'audio']);
			const samples = samplesOf(bytes);
			expect([...samples.keys()]).toEqual(tracks.map(({ id }) => id));
			for (const { id, chunks } of tracks)
				expect(samples.get(id)).toEqual(chunks.flat().map((sample) => Buffer.from(sample)));
			expect(Buffer.from((await sent(bytes, name)).bytes).equals(bytes)).toBe(true);
		},
	);

	it('was made by structure: each of them tells something', () => {
		for (const [what, { bytes }] of Object.entries(CORPUS))
			expect(
				TOLD.some((told) => Buffer.from(bytes).includes(told)),
				what,
			).toBe(true);
	});
});

describe('what cannot be cleaned is asked about, never altered', () => {
	const raw = (...parts: Uint8Array[]) =>
		under(box('ftyp', 'crx ', u32(1), 'crx ', 'isom'), {
			tracks: [video],
			extra: [
				box(
					'uuid',
					Buffer.from('85c0b687820f11e08111f4ce462b6a48', 'hex'),
					box('CNCV', 'CanonCR3_001'),
					box('CMT4', DEGREES),
				),
				...parts,
			],
		});
	it.each([
		['Canon’s raw picture', raw(), 'IMG_0001.CR3'],
		['Canon’s raw movie', raw(box('CMP1', noise(20))), 'A001.CRM'],
		[
			'a raw movie of another maker',
			buildMovie({
				tracks: [{ ...video, entry: box('brxq', new Uint8Array(78), box('bver', u32(1))) }, sound],
			}),
			'A001.braw',
		],
		[
			'ProRes raw',
			buildMovie({ tracks: [{ ...video, entry: box('aprn', new Uint8Array(78)) }] }),
			'a.mov',
		],
		[
			'HEIC',
			concatBytes(box('ftyp', 'heic', u32(0), 'mif1heic'), box('meta', u32(0), PLACE)),
			'a.heic',
		],
		[
			'a movie’s brands on pictures',
			under(box('ftyp', 'mp42', u32(0), 'mif1heic'), { tracks: [video] }),
			'a.mp4',
		],
		[
			'an unknown brand',
			under(box('ftyp', 'SECR', u32(0), 'isommp42'), { tracks: [video] }),
			'a.mp4',
		],
		[
			'a part of a stream',
			concatBytes(box('styp', 'msdh', u32(0), 'msdh'), box('moof', 'SECR')),
			'a.m4s',
		],
		['an index that is elsewhere', box('moov', box('rmra', box('rmda', 'GEHEIM'))), 'a.mov'],
		[
			'a compressed index',
			box('moov', box('cmov', box('dcom', 'zlib'), box('cmvd', 'GEHEIM'))),
			'a.mov',
		],
	])('%s', async (_, bytes, name) => {
		await expect(sent(bytes, name)).rejects.toMatchObject({ code: 'not-clean' });
		const file = new File([Uint8Array.from(bytes)], name);
		const { blob } = await prepareFile(file, { quality: 'original', asItIs: true });
		expect(blob).toBe(file);
	});
});
