import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bytes, concatBytes } from '../../../../../src/core/bytes.ts';
import { planCleanMedia } from '../../../../../src/core/formats/clean-media.ts';
import { readElement } from '../../../../../src/core/formats/ebml.ts';
import { sniffMediaType } from '../../../../../src/core/formats/media-type.ts';
import { planTable } from '../../../../../src/core/formats/tables/plan-table.ts';
import { TABLE_REACH, tablePlace } from '../../../../../src/core/formats/tables/table-place.ts';
import { segmentSizeOf, tableLength } from '../../../../../src/core/formats/tables/table-size.ts';
import { boxes, buildMovie, find, samplesOf } from '../../movie-support.ts';
import { noise } from '../../support.ts';

const run = promisify(execFile);
let folder = '';
const file = (name: string) => path.join(folder, name);
const words = (line: string) => line.split(' ');
const ffmpeg = (...args: string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args]);

/** All but bits that compress, so that each is above 1 MiB. */
const NOISE = '-f lavfi -i testsrc2=s=320x240:r=25:d=6,noise=alls=60:allf=t -f lavfi -i sine=d=6';

beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'balcony-table-'));
	const h264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v 3M -g 25 -bf 2 -c:a aac';
	await ffmpeg(...words(NOISE), ...words(h264), file('source.mp4'));
	const vp8 = '-c:v libvpx -deadline realtime -cpu-used 16 -g 25 -b:v 3M -c:a libopus';
	await ffmpeg(...words(NOISE), ...words(vp8), file('source.webm'));
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const FRAGMENTS = '-movflags frag_keyframe+empty_moov';
const CASES: readonly [string, string, string, string][] = [
	['its index at the end', 'source.mp4', 'end.mp4', ''],
	['its index in front', 'source.mp4', 'front.mp4', '-movflags faststart'],
	['QuickTime', 'source.mp4', 'camera.mov', ''],
	['fragments', 'source.mp4', 'fragments.mp4', FRAGMENTS],
	['fragments from their own start', 'source.mp4', 'own.mp4', `${FRAGMENTS}+default_base_moof`],
	['fragments that say no start', 'source.mp4', 'omit.mp4', `${FRAGMENTS}+omit_tfhd_offset`],
	['fragments with an index', 'source.mp4', 'dash.mp4', `${FRAGMENTS}+dash+global_sidx`],
	['sound alone', 'source.mp4', 'sound.m4a', '-vn -c:a alac -ar 192000'],
	['WebM', 'source.webm', 'cues.webm', ''],
	['WebM with its index in front', 'source.webm', 'front.webm', '-cues_to_front 1'],
	['WebM as it is recorded', 'source.webm', 'live.webm', '-live 1'],
	['sound in WebM', 'source.webm', 'sound.webm', '-vn -c:a libopus -b:a 256k -vbr off'],
];

function readable(bytes: Bytes) {
	return { size: bytes.length, read: async (a: number, b: number) => bytes.slice(a, b) };
}

function assemble(bytes: Bytes, plan: Awaited<ReturnType<typeof planTable>>): Bytes {
	const parts = (plan ?? []).map((part) =>
		part instanceof Uint8Array ? part : bytes.subarray(part.start, part.end),
	);
	return concatBytes(...parts);
}

async function cleanFile(bytes: Bytes): Promise<Bytes> {
	const { type } = sniffMediaType(bytes.subarray(0, 4096));
	return assemble(bytes, await planCleanMedia(readable(bytes), type));
}

async function withPlace(bytes: Bytes): Promise<Bytes> {
	const { type } = sniffMediaType(bytes.subarray(0, 4096));
	return assemble(bytes, await planTable(readable(bytes), type));
}

describe.each(CASES)('%s', (_, source, name, args) => {
	it('has a place for a table, and plays and seeks as before', async () => {
		const codec = /-c:/.test(args) ? [] : ['-c', 'copy'];
		const long = /-vn/.test(args) ? ['-stream_loop', '9'] : [];
		const more = args === '' ? [] : words(args);
		await ffmpeg(...long, '-i', file(source), ...codec, ...more, file(`made-${name}`));
		const before = await cleanFile(Uint8Array.from(await readFile(file(`made-${name}`))));
		expect(before.length).toBeGreaterThan(2 ** 20);
		await writeFile(file(`clean-${name}`), before);
		const after = await withPlace(before);
		await writeFile(file(name), after);

		const place = tablePlace(after.subarray(0, TABLE_REACH)) ?? { offset: 0, length: 0 };
		const { offset, length } = place;
		expect(length).toBe(tableLength(before.length));
		expect(length).toBeGreaterThanOrEqual(
			64 + 16 * Math.ceil(after.length / segmentSizeOf(after.length)),
		);
		expect(after.subarray(offset, offset + length).every((byte) => byte === 0)).toBe(true);
		expect(tablePlace(before.subarray(0, TABLE_REACH))).toBeUndefined();

		// A table that is there is full of what looks random.
		const filled = Uint8Array.from(after);
		filled.set(noise(length), offset);
		await writeFile(file(`filled-${name}`), filled);
		for (const seek of [[], ['-ss', '3.2']]) {
			const was = await frames(file(`clean-${name}`), seek);
			expect(was.split('\n').length).toBeGreaterThan(20);
			expect(await frames(file(`filled-${name}`), seek)).toBe(was);
		}
		const { stderr } = await ffmpeg('-xerror', '-i', file(`filled-${name}`), '-f', 'null', '-');
		expect(stderr).toBe('');
		if (name.endsWith('.webm')) checkPlaces(after);

		// Whoever sends it on with a new key sends no table that is not its own.
		const again = await cleanFile(filled);
		expect(again.length).toBeGreaterThan(2 ** 20);
		expect(Buffer.from(again).includes(Buffer.from(noise(64)))).toBe(false);
	});
});

async function frames(name: string, seek: readonly string[]): Promise<string> {
	const args = ['-v', 'error', ...seek, '-i', name, '-c', 'copy', '-f', 'framemd5', '-'];
	return (await run('ffmpeg', args, { maxBuffer: 1e8 })).stdout;
}

/** Each place that a SeekHead or Cues tells is where such an element begins. */
function checkPlaces(bytes: Bytes): void {
	const found: number[] = [];
	let seek = 0;
	const walk = (from: number, end: number, content: number): void => {
		let at = from;
		while (at + 2 <= end) {
			const element = readElement(bytes, at);
			if (element === undefined) throw new Error(`no element at ${at}`);
			const { id, body } = element;
			const next = body + (element.size ?? (id === 0x1f43b675 ? 0 : end - body));
			const value = () => bytes.subarray(body, next).reduce((sum, byte) => sum * 256 + byte, 0);
			if (id === 0x53ab) seek = value();
			if (id === 0x53ac || id === 0xf1) {
				found.push(value());
				const there = readElement(bytes, content + value());
				// What was taken out has left nothing behind but its length.
				expect(id === 0xf1 ? [0x1f43b675] : [seek, 0xec]).toContain(there?.id);
			}
			if ([0x18538067, 0x114d9b74, 0x4dbb, 0x1c53bb6b, 0xbb, 0xb7].includes(id))
				walk(body, next, id === 0x18538067 ? body : content);
			at = next;
		}
		expect(at).toBe(end);
	};
	walk(0, bytes.length, 0);
	if (!Buffer.from(bytes).includes(Buffer.from([0x1c, 0x53, 0xbb, 0x6b]))) return;
	expect(found.length).toBeGreaterThan(3);
}

const samples = (id: number) =>
	Array.from({ length: 6 }, (_, i) => [noise(100_000, id + i), noise(150_000, id + 50 + i)]);
const movie = (more = {}) =>
	buildMovie({ tracks: [{ id: 1, handler: 'vide', chunks: samples(1) }], ...more });

describe('a movie', () => {
	it('keeps its samples, and gets brands where it has none', async () => {
		const bytes = movie();
		const placed = await withPlace(bytes);
		expect(samplesOf(placed)).toEqual(samplesOf(bytes));
		const rest = bytes.slice(boxes(bytes)[1]?.at ?? 0);
		const moov = boxes(rest);
		expect(moov[0]?.type).toBe('mdat');
		const old = assemble(rest, await planTable(readable(rest), 'video/mp4'));
		expect(boxes(old).map(({ type }) => type)).toEqual(['ftyp', 'uuid', 'mdat', 'moov']);
		expect(tablePlace(old.subarray(0, TABLE_REACH))).toBeDefined();
	});

	it('has its table of fragments moved', async () => {
		await ffmpeg('-i', file('source.mp4'), '-c', 'copy', ...words(FRAGMENTS), file('mfra.mp4'));
		const bytes = Uint8Array.from(await readFile(file('mfra.mp4')));
		const placed = await withPlace(bytes);
		const places = (movie: Uint8Array) => {
			const table = find(movie, 'mfra', 'tfra');
			const count = table?.readUInt32BE(12) ?? 0;
			const step = 16 + 3;
			return Array.from({ length: count }, (_, i) =>
				Number(table?.readBigUInt64BE(16 + i * step + 8)),
			);
		};
		const gain = placed.length - bytes.length;
		expect(places(placed)).toEqual(places(bytes).map((place) => place + gain));
		const starts = boxes(placed).filter(({ type }) => type === 'moof');
		expect(places(placed).length).toBeGreaterThan(2);
		for (const place of places(placed)) expect(starts.map(({ at }) => at)).toContain(place);
	});

	it.each<[string, () => Bytes]>([
		['is small', () => movie().slice(0, 2 ** 20)],
		['has brands twice', () => concatBytes(movie(), movie().slice(0, 28))],
		['is no movie', () => noise(2 ** 21)],
		['ends in its index', () => movie().slice(0, -40)],
	])('has no place for one where it %s', async (_, make) => {
		const bytes = make();
		expect(await planTable(readable(bytes), 'video/mp4')).toBeUndefined();
		expect(await planTable(readable(bytes), 'video/webm')).toBeUndefined();
	});

	it('has none that is not behind its brands, or is not whole', () => {
		expect(tablePlace(new Uint8Array(0))).toBeUndefined();
		expect(tablePlace(noise(TABLE_REACH))).toBeUndefined();
		const bytes = movie();
		for (let length = 0; length < 200; length++)
			expect(tablePlace(bytes.subarray(0, length))).toBeUndefined();
	});
});
