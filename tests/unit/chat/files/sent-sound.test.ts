import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { prepareFile } from '../../../../src/chat/files/prepare-file.ts';
import { planCleanMedia } from '../../../../src/core/formats/clean-media.ts';
import { sniffMediaType } from '../../../../src/core/formats/media-type.ts';
import { writeOggOpus } from '../../../../src/core/formats/sound/ogg-opus.ts';
import { readWebmOpus } from '../../../../src/core/formats/sound/webm-opus.ts';
import { bytesOf, noise, type Part } from '../../core/support.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-sound-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = (program: string, ...args: string[]) =>
	execFileSync(program, ['-v', 'error', ...args], { maxBuffer: 1e8 });

const TAGS = [
	...['title=GEHEIM Title', 'artist=GEHEIM Artist', 'comment=GEHEIM', 'date=2024-05-06'],
	...['location=+52.5200+013.4050/', 'copyright=GEHEIM', 'encoder=GEHEIM Recorder'],
].flatMap((tag) => ['-metadata', tag]);
const TOLD = ['GEHEIM', 'SECRET', '52.52', '2024', 'Lavf', 'Exif'];

/** Noise of two seconds with all tags that ffmpeg writes there, and a cover where one fits. */
function made(name: string, ...options: string[]): Buffer {
	const file = path.join(folder, name);
	const sound = ['-f', 'lavfi', '-i', 'anoisesrc=d=2:a=0.2:r=48000'];
	run('ffmpeg', '-y', ...sound, ...options, ...TAGS, file);
	return readFileSync(file);
}
const video = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10:d=2'];

/** Each packet with its time and hash. */
function packets(bytes: Uint8Array, name: string): string {
	const file = path.join(folder, `packets-${name}`);
	writeFileSync(file, bytes);
	const out = run(
		'ffmpeg',
		'-i',
		file,
		'-map',
		'0:a?',
		'-map',
		'0:V?',
		'-c',
		'copy',
		'-f',
		'framemd5',
		'-',
	);
	return out.toString().replaceAll(/^#.*\n|, S=.*$/gm, '');
}
/** As players hear and see it; warns of nothing. */
function decoded(bytes: Uint8Array, name: string): string {
	const file = path.join(folder, `decoded-${name}`);
	writeFileSync(file, bytes);
	return run(
		'ffmpeg',
		'-xerror',
		'-i',
		file,
		'-map',
		'0:a?',
		'-map',
		'0:V?',
		'-f',
		'framemd5',
		'-',
	).toString();
}

async function sent(bytes: Uint8Array, name: string) {
	const file = new File([Uint8Array.from(bytes)], name);
	const clean = await prepareFile(file, { quality: 'original' });
	return { ...clean, bytes: new Uint8Array(await clean.blob.arrayBuffer()) };
}
const asked = async (bytes: Uint8Array, name = 'a') => {
	await expect(sent(bytes, name)).rejects.toMatchObject({ code: 'not-clean' });
	const file = new File([Uint8Array.from(bytes)], name);
	expect((await prepareFile(file, { quality: 'original', asItIs: true })).blob).toBe(file);
};
const expectSilent = (bytes: Uint8Array) => {
	for (const told of TOLD) expect(Buffer.from(bytes).includes(told), told).toBe(false);
};

const CASES: Record<string, string[]> = {
	'a.mp3': ['-c:a', 'libmp3lame', '-write_id3v1', '1'],
	'a.flac': [],
	'a.wav': [],
	'b.wav': ['-c:a', 'adpcm_ima_wav', '-write_bext', '1'],
	'c.wav': ['-c:a', 'pcm_f32le', '-ac', '6'],
	'a.ogg': ['-c:a', 'libvorbis'],
	'a.opus': ['-c:a', 'libopus'],
	'a.spx': ['-c:a', 'libspeex', '-ar', '16000'],
	'b.oga': ['-c:a', 'flac'],
	'a.ogv': [...video, '-c:a', 'libvorbis', '-c:v', 'libtheora'],
	'a.webm': [...video, '-c:a', 'libopus', '-c:v', 'libvpx', '-deadline', 'realtime'],
	'b.webm': ['-c:a', 'libvorbis'],
	'c.webm': ['-c:a', 'libopus', '-f', 'webm', '-live', '1'],
	'd.webm': [
		...video,
		'-c:v',
		'libvpx-vp9',
		'-deadline',
		'realtime',
		'-c:a',
		'libopus',
		'-cues_to_front',
		'1',
	],
};

describe.each(Object.entries(CASES))('%s', (name, options) => {
	it('loses what it tells, and sounds as before', async () => {
		const bytes = made(name, ...options);
		expect(bytes.includes('GEHEIM')).toBe(true);
		const clean = await sent(bytes, name);
		expectSilent(clean.bytes);
		expect(sniffMediaType(clean.bytes).type).toBe(sniffMediaType(bytes).type);
		expect(clean.name).toBe(name);
		expect(packets(clean.bytes, name)).toBe(packets(bytes, name));
		expect(decoded(clean.bytes, name)).toBe(decoded(bytes, name));
		expect(Buffer.from((await sent(clean.bytes, name)).bytes).equals(clean.bytes)).toBe(true);
	});
});

const u32le = (value: number) => Uint8Array.of(value, value >> 8, value >> 16, value >> 24);
const u32be = (value: number) => u32le(value).reverse();
const id3 = (...content: Part[]) => {
	const tag = bytesOf('TIT2', content.length, ...content);
	return bytesOf('ID3', 3, 0, 0, 0, 0, tag.length >> 7, tag.length & 127, tag);
};
const id3v1 = bytesOf('TAG', 'GEHEIM'.padEnd(125));
const apeHead = (length: number, flags: number) =>
	bytesOf('APETAGEX', u32le(2000), u32le(length + 32), u32le(1), 0, 0, 0, flags, new Uint8Array(8));
const ape = (text: string) => bytesOf(apeHead(text.length, 0xa0), text, apeHead(text.length, 0x80));
const lyrics = (text: string) =>
	bytesOf('LYRICSBEGIN', text, `${text.length + 11}`.padStart(6, '0'), 'LYRICS200');

describe('tags around any sound', () => {
	const flac = made('plain.flac');
	const mp3 = made('plain.mp3', '-c:a', 'libmp3lame', '-write_xing', '0');
	const aac = made('plain.aac', '-c:a', 'aac');

	it.each([
		['FLAC', flac, 'flac'],
		['MP3', mp3, 'mp3'],
		['AAC', aac, 'aac'],
	] as const)('%s', async (_, bytes, extension) => {
		const plain = (await sent(bytes, `a.${extension}`)).bytes;
		const before = [[id3('GEHEIM')], [id3('GEHEIM'), id3('SECRET'), id3()], [ape('GEHEIM')]];
		const behind = [[id3v1], [ape('GEHEIM'), id3v1], [lyrics('GEHEIM'), id3v1], [ape('SECRET')]];
		for (const head of [[], ...before])
			for (const tail of [[], ...behind]) {
				const tagged = bytesOf(...head, bytes, ...tail);
				if (sniffMediaType(tagged).kind === 'file') continue;
				const clean = await sent(tagged, `a.${extension}`);
				expect(Buffer.from(clean.bytes).equals(plain)).toBe(true);
				expect(clean.name).toBe(`a.${extension}`);
			}
	});

	it('and pictures in them that are longer than what is looked at', async () => {
		const cover = bytesOf('GEHEIM', noise(9000));
		const tagged = bytesOf(id3(cover), flac);
		expect(sniffMediaType(tagged).type).toBe('audio/mpeg');
		const { bytes, name, kind } = await sent(tagged, 'song.flac');
		expectSilent(bytes);
		expect([name, kind]).toEqual(['song.flac', 'audio']);
	});

	it('and between the frames of what was put together', async () => {
		const frames = (await sent(mp3, 'a.mp3')).bytes;
		const joined = bytesOf(id3('GEHEIM'), new Uint8Array(700), frames, id3('SECRET'), frames);
		const { bytes } = await sent(joined, 'a.mp3');
		expect(Buffer.from(bytes).equals(bytesOf(frames, frames))).toBe(true);
		await asked(bytesOf(frames, 'GEHEIM of another kind', frames));
	});

	it('and padding of any length, without a look at each byte', async () => {
		const frames = (await sent(mp3, 'a.mp3')).bytes;
		const padded = bytesOf(frames, new Uint8Array(8 * 2 ** 20), frames);
		let reads = 0;
		const read = async (start: number, end: number) => {
			reads += 1;
			return padded.slice(start, end);
		};
		const began = performance.now();
		const plan = await planCleanMedia({ size: padded.length, read }, 'audio/mpeg');
		expect(plan?.length).toBe(2);
		expect(reads).toBeLessThan(400);
		expect(performance.now() - began).toBeLessThan(2000);
		await asked(bytesOf(frames, Buffer.alloc(2 ** 20, id3()), frames), 'a.mp3');
	});

	it('of blocks that FLAC has for words, pictures and programs', async () => {
		const block = (kind: number, ...parts: Part[]) => {
			const content = bytesOf(...parts);
			return bytesOf(kind, u32be(content.length).subarray(1), content);
		};
		const plain = (await sent(flac, 'a.flac')).bytes;
		const words = [block(1, 'GEHEIM'), block(2, 'GEHEIM'), block(5, 'GEHEIM'), block(6, 'GEHEIM')];
		const table = block(3, new Uint8Array(18));
		const head = plain.subarray(0, 42);
		const told = bytesOf(head, ...words, table, block(77, 'SECRET'), plain.subarray(42));
		const { bytes } = await sent(told, 'a.flac');
		expect(Buffer.from(bytes).equals(bytesOf(head, table, plain.subarray(42)))).toBe(true);
		await asked(bytesOf('fLaC', ...words, plain.subarray(4)));
		await asked(plain.subarray(0, 50));
	});

	it('of chunks that recorders write into WAV', async () => {
		const wav = made('plain.wav', '-fflags', '+bitexact', '-map_metadata', '-1');
		const plain = (await sent(wav, 'a.wav')).bytes;
		const chunk = (type: string, text: string) => bytesOf(type, u32le(text.length), text);
		const words = ['bext', 'iXML', 'id3 ', 'LIST', '_PMX', 'cue ', 'JUNK', 'SECR'].map((type) =>
			chunk(type, `GEHEIM ${type} 52.5200, 13.4050`.padEnd(40)),
		);
		const [head, rest] = [plain.subarray(0, 12), plain.subarray(12)];
		const { bytes } = await sent(bytesOf(head, ...words, rest, ...words), 'a.wav');
		expect(Buffer.from(bytes).equals(plain)).toBe(true);
		for (const length of [0, 0xffffffff, 0x7fffffff]) {
			const open = Uint8Array.from(plain);
			open.set(u32le(length), plain.length - 192_000 - 4);
			expect(Buffer.from((await sent(open, 'a.wav')).bytes).equals(plain)).toBe(true);
		}
		await asked(bytesOf(head, rest.subarray(0, 24), 'data', u32le(0), ...words));
		await asked(plain.subarray(0, 40));
	});
});

describe('what is made of pages and elements', () => {
	it('loses a cover that takes many pages', async () => {
		const cover = Buffer.concat([Buffer.from('GEHEIM'), noise(200_000)]).toString('base64');
		writeFileSync(
			path.join(folder, 'cover.txt'),
			`;FFMETADATA1\nMETADATA_BLOCK_PICTURE=${cover}\n`,
		);
		for (const [name, codec] of [
			['cover.ogg', 'libvorbis'],
			['cover.opus', 'libopus'],
		] as const) {
			const file = path.join(folder, 'cover.txt');
			const bytes = made(name, '-i', file, '-map', '0:a', '-map_metadata', '1', '-c:a', codec);
			expect(bytes.includes(cover.slice(0, 200))).toBe(true);
			const clean = await sent(bytes, name);
			expect(clean.bytes.length).toBe(bytes.length);
			expect(Buffer.from(clean.bytes).includes(cover.slice(9000, 9100))).toBe(false);
			expect(packets(clean.bytes, name)).toBe(packets(bytes, name));
		}
	});

	it('our own recordings are sent as they are', async () => {
		const live = made('live.webm', '-c:a', 'libopus', '-f', 'webm', '-live', '1');
		const stream = readWebmOpus(live);
		const ours = writeOggOpus(stream ?? { head: noise(19), packets: [] });
		expect(Buffer.from((await sent(ours, 'v.oga')).bytes).equals(ours)).toBe(true);
	});

	it('is asked about where its streams are of other kinds', async () => {
		const page = Buffer.from(made('kate.opus', '-c:a', 'libopus'));
		page.write('fishead\0', page.indexOf('OpusHead'), 'latin1');
		await asked(page);
		await asked(bytesOf(made('junk.opus', '-c:a', 'libopus'), 'GEHEIM'.repeat(99)));
		writeFileSync(path.join(folder, 'place.srt'), '1\n00:00:00,000 --> 00:00:01,000\nGEHEIM\n');
		const subtitles = ['-i', path.join(folder, 'place.srt'), '-map', '0', '-map', '1'];
		await asked(made('sub.webm', ...subtitles, '-c:a', 'libopus', '-c:s', 'webvtt'));
	});

	it('is asked about where its packets are coded once more', async () => {
		const webm = made('coded.webm', '-c:a', 'libopus');
		// In the place of FlagLacing, and as long: empty ContentEncodings.
		const flag = webm.indexOf(bytesOf(0x9c, 0x81, 0));
		expect(flag).toBeGreaterThan(0);
		webm.set([0x6d, 0x80, 0x80], flag);
		await asked(webm);
	});

	it('loses attached files and what hides in unused room', async () => {
		const webm = made('room.webm', '-c:a', 'libopus');
		const attachment = bytesOf(0x19, 0x41, 0xa4, 0x69, 0x40, 20, 'GEHEIM attached file');
		const room = bytesOf(0xec, 0x8f, 'GEHEIM is hidden');
		const cluster = webm.indexOf(bytesOf(0x1f, 0x43, 0xb6, 0x75));
		const told = bytesOf(
			webm.subarray(0, cluster),
			room.subarray(0, 17),
			attachment,
			webm.subarray(cluster),
		);
		// The segment is longer now.
		told.set(
			bytesOf(1, 255, 255, 255, 255, 255, 255, 255),
			webm.indexOf(bytesOf(0x18, 0x53, 0x80, 0x67)) + 4,
		);
		const clean = await sent(told, 'a.webm');
		expectSilent(clean.bytes);
		expect(packets(clean.bytes, 'room.webm')).toBe(packets(webm, 'room.webm'));
	});
});

describe('a WebM', () => {
	const webm = made('long.webm', ...(CASES['a.webm'] ?? []));
	const CLUSTER = bytesOf(0x1f, 0x43, 0xb6, 0x75);
	const SEGMENT = bytesOf(0x18, 0x53, 0x80, 0x67);
	/** With more at the end of the first element of an id; the segment is of unknown length then. */
	const grown = (id: Uint8Array, ...more: Part[]) => {
		// It may be named before, where it says what lies where.
		const at =
			Buffer.from(webm).lastIndexOf(id, webm.indexOf(CLUSTER) + (id === CUES ? webm.length : 0)) +
			id.length;
		const length = Math.clz32(webm[at] ?? 0) - 23;
		const digits = webm.subarray(at, at + length);
		const size = digits.reduce((sum, byte) => sum * 256 + byte, 0) - 2 ** (7 * length);
		const end = at + length + size;
		const added = bytesOf(...more);
		const header = bytesOf(1, 0, 0, 0, u32be(size + added.length));
		const told = bytesOf(
			webm.subarray(0, at),
			header,
			webm.subarray(at + length, end),
			added,
			webm.subarray(end),
		);
		told.set(bytesOf(1, 255, 255, 255, 255, 255, 255, 255), Buffer.from(told).indexOf(SEGMENT) + 4);
		return told;
	};
	const CUES = bytesOf(0x1c, 0x53, 0xbb, 0x6b);
	const room = bytesOf(0xec, 0x8f, 'GEHEIM is hidden').subarray(0, 17);
	const unknown = bytesOf(0x4f, 0xfe, 0x86, 'GEHEIM');

	it.each([
		['clusters whose length is known', grown(CLUSTER, room, unknown)],
		[
			'groups of blocks',
			grown(
				CLUSTER,
				0xa0,
				0x80 | 26,
				0xa1,
				0x85,
				0x82,
				0,
				0,
				0,
				7,
				0x75,
				0xa1,
				0x8d,
				0xa6,
				0x8b,
				0xee,
				0x81,
				4,
				0xa5,
				0x86,
				'GEHEIM',
				0xec,
				0x80,
			),
		],
		['the head of the file', grown(bytesOf(0x1a, 0x45, 0xdf, 0xa3), room)],
		['where its parts lie', grown(CUES, room, unknown)],
		['the list of its tracks', grown(bytesOf(0x16, 0x54, 0xae, 0x6b), room)],
	] as const)('loses what hides in %s', async (where, told) => {
		const clean = await sent(told, 'a.webm');
		expectSilent(clean.bytes);
		expect(clean.bytes.length).toBe(told.length);
		if (where !== 'groups of blocks')
			expect(packets(clean.bytes, 'grown.webm')).toBe(packets(webm, 'long.webm'));
	});

	it('keeps what shows through its pictures', async () => {
		const clear = ['-f', 'lavfi', '-i', 'color=red@0.4:s=64x48:r=10:d=1,format=yuva420p'];
		const bytes = run(
			'ffmpeg',
			...clear,
			'-c:v',
			'libvpx',
			'-auto-alt-ref',
			'0',
			...TAGS,
			'-f',
			'webm',
			'-',
		);
		const shown = (webm: Uint8Array) => {
			const file = path.join(folder, 'alpha.webm');
			writeFileSync(file, webm);
			return run('ffmpeg', '-c:v', 'libvpx', '-i', file, '-f', 'framemd5', '-').toString();
		};
		const clean = await sent(bytes, 'sticker.webm');
		expectSilent(clean.bytes);
		expect(shown(bytes)).toContain(`${64 * 48 * 2.5}`);
		expect(shown(clean.bytes)).toBe(shown(bytes));
	});
});

describe('what is not cleaned is asked about', () => {
	it.each([
		['Matroska', 'a.mkv', ['-c:a', 'flac']],
		['AVI', 'a.avi', ['-c:a', 'pcm_s16le']],
		['AIFF', 'a.aiff', []],
		['CAF', 'a.caf', []],
		['AU', 'a.au', []],
		['Windows Media', 'a.wma', []],
		['a transport stream', 'a.ts', ['-c:a', 'mp2']],
		['a program stream', 'a.mpg', ['-c:a', 'mp2']],
		['long WAV', 'a.w64', []],
		['RF64', 'rf64.wav', ['-rf64', 'always']],
		['Flash', 'a.flv', ['-c:a', 'aac']],
	] as const)('%s', async (_, name, options) => {
		await asked(made(name, ...options), name);
	});

	it('what is no sound and no picture is not', async () => {
		for (const text of ['notes of a day', 'The skip of it', 'AIFF and AVI', 'RIFF', 'ID3 tags']) {
			const file = new File([text], 'a.txt');
			expect((await prepareFile(file, { quality: 'original' })).blob).toBe(file);
		}
	});
});

it('any sound, changed anywhere or cut, gives a plan that lies in the file, or none', async () => {
	const names = ['a.mp3', 'a.flac', 'a.wav', 'a.ogg', 'a.opus', 'a.webm', 'c.webm'];
	const files = names.map((name) => readFileSync(path.join(folder, name)).subarray(0, 20_000));
	await fc.assert(
		fc.asyncProperty(
			fc.constantFrom(...files),
			fc.array(fc.tuple(fc.nat(1200), fc.nat(255)), { maxLength: 4 }),
			fc.integer({ min: 1, max: 20_000 }),
			async (file, changes, length) => {
				const bytes = Uint8Array.from(file.subarray(0, length));
				for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
				const { type } = sniffMediaType(bytes);
				let reads = 0;
				const read = async (start: number, end: number) => {
					expect(start >= 0 && start <= end && end <= bytes.length).toBe(true);
					reads += 1;
					return bytes.slice(start, end);
				};
				const plan = await planCleanMedia({ size: bytes.length, read }, type);
				expect(reads).toBeLessThan(200);
				for (const part of plan ?? [])
					if (!(part instanceof Uint8Array))
						expect(part.start >= 0 && part.start < part.end && part.end <= bytes.length).toBe(true);
			},
		),
		{ numRuns: 300 },
	);
});
