import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxes, clean } from './movie-support.ts';

const run = promisify(execFile);
let folder = '';

beforeAll(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'balcony-movie-'));
	const subtitles = Array.from({ length: 6 }, (_, i) => {
		const time = (half: number) => `00:00:0${half >> 1},${half % 2 ? '5' : '0'}00`;
		return `${i + 1}\n${time(i)} --> ${time(i + 1)}\nGEHEIM GPS (48.2082, 16.3738) ${i}\n`;
	});
	await writeFile(file('place.srt'), subtitles.join('\n'));
	await writeFile(
		file('chapters.txt'),
		';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=GEHEIM chapter\n',
	);
	await ffmpeg(
		...words('-f lavfi -i testsrc2=s=160x120:r=25:d=3 -f lavfi -i sine=d=3'),
		...['-i', file('place.srt'), ...words('-map 0 -map 0 -map 1 -map 1 -map 2')],
		// Otherwise the encoders write their names into the samples.
		...words('-c:v:0 libx264 -c:v:1 mpeg4 -flags +bitexact -pix_fmt yuv420p -preset ultrafast'),
		...words('-bf 2 -g 20 -x264-params b-adapt=0 -c:a:0 aac -c:a:1 pcm_s16le -c:s srt'),
		file('source.mkv'),
	);
	await ffmpeg('-i', file('source.mkv'), '-frames:v', '1', file('cover.jpg'));
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const file = (name: string) => path.join(folder, name);
const words = (line: string) => line.split(' ');
const ffmpeg = (...args: string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args]);

/** What a camera knows: where, when, with what. */
const TAGS = [
	...['location=+52.5200+013.4050/', 'make=GEHEIM Maker', 'model=GEHEIM Model', 'comment=GEHEIM'],
	...['com.apple.quicktime.location.ISO6709=+48.2082+16.3738/', 'artist=GEHEIM', 'title=GEHEIM'],
	'creation_time=2024-05-06T07:08:09Z',
].flatMap((tag) => ['-metadata', tag]);
const HANDLERS = ['-metadata:s', 'handler_name=GEHEIM Core Media', '-metadata:s', 'encoder=GEHEIM'];
const H264 = ['-map', '0:0', '-map', '0:2'];
const FRAGMENTS = 'frag_keyframe+empty_moov';

const CASES: Record<string, { args: string[]; name: string }> = {
	'a camera’s MOV': {
		args: [...H264, '-timecode', '01:02:03:04', '-movflags', 'use_metadata_tags'],
		name: 'camera.mov',
	},
	'an MP4 with place': { args: H264, name: 'place.mp4' },
	'an MP4 that is turned': { args: [...H264, '-metadata:s:v', 'rotate=90'], name: 'turned.mp4' },
	'several tracks of each kind': {
		args: ['-map', '0:0', '-map', '0:1', '-map', '0:2', '-map', '0:2'],
		name: 'several.mp4',
	},
	'its index in front already': { args: [...H264, '-movflags', 'faststart'], name: 'fast.mp4' },
	'a drone’s subtitles between': {
		args: [...H264, '-map', '0:4', '-c:s', 'mov_text'],
		name: 'sub.mp4',
	},
	'chapters and a cover': {
		args: [
			...['-i', later('chapters.txt'), '-i', later('cover.jpg'), ...H264, '-map', '2:0'],
			...['-map_chapters', '1', '-disposition:v:1', 'attached_pic'],
		],
		name: 'chapters.mp4',
	},
	'a JPEG track beside the video': {
		args: ['-i', later('cover.jpg'), ...H264, '-map', '1:0', '-tag:v:1', 'jpeg'],
		name: 'jpeg.mov',
	},
	'a start cut off by an edit list': { args: ['-ss', '1.3', ...H264], name: 'cut.mp4' },
	'uncompressed sound': { args: ['-map', '0:0', '-map', '0:3'], name: 'pcm.mov' },
	'a voice message': { args: ['-map', '0:2'], name: 'voice.m4a' },
	fragments: { args: [...H264, '-movflags', FRAGMENTS], name: 'fragments.mp4' },
	'fragments that count from their own start': {
		args: [...H264, '-movflags', `${FRAGMENTS}+default_base_moof`],
		name: 'own.mp4',
	},
	'fragments that say no start': {
		args: [...H264, '-movflags', `${FRAGMENTS}+omit_tfhd_offset`],
		name: 'omit.mp4',
	},
	'fragments with an index of them': {
		args: [...H264, '-movflags', `${FRAGMENTS}+dash+global_sidx`],
		name: 'dash.mp4',
	},
	'fragments behind a start that is none': {
		args: [...H264, '-movflags', 'frag_keyframe'],
		name: 'hybrid.mp4',
	},
	'fragments with a time code': {
		args: [...H264, '-timecode', '01:02:03:04', '-movflags', `${FRAGMENTS}+default_base_moof`],
		name: 'timecode.mp4',
	},
	'fragments with a drone’s subtitles': {
		args: [
			...H264,
			'-map',
			'0:4',
			'-c:s',
			'mov_text',
			'-movflags',
			`${FRAGMENTS}+default_base_moof`,
		],
		name: 'drone.mp4',
	},
};

/** The folder is known only when the tests run. */
function later(name: string): string {
	return `FOLDER/${name}`;
}

describe.each(Object.entries(CASES))('%s', (_, { args, name }) => {
	it('loses what it tells, and plays as before', async () => {
		const given = args.map((arg) => arg.replace('FOLDER', folder));
		const inputs = given.lastIndexOf('-i') + 2;
		const [more, rest] = given.includes('-i')
			? [given.slice(0, inputs), given.slice(inputs)]
			: [[], given];
		const before = file(name);
		const codecs = ['-c', 'copy', ...rest, ...TAGS, ...HANDLERS];
		await ffmpeg('-i', file('source.mkv'), ...more, ...codecs, before);
		const original = await readFile(before);
		expect(original.includes('GEHEIM')).toBe(true);

		const cleaned = (await clean(original)) ?? new Uint8Array(0);
		const after = file(`clean-${name}`);
		await writeFile(after, cleaned);

		const types = boxes(cleaned).map(({ type }) => type);
		expect(types[0]).toBe('ftyp');
		expect(types).toContain('moov');
		expect(types.indexOf('moov')).toBeLessThan(types.indexOf('mdat'));
		for (const told of [
			'GEHEIM',
			'52.52',
			'48.20',
			'Apple',
			'Lavf',
			'Lavc5',
			'Handler',
			'udta',
			'meta',
		])
			expect(Buffer.from(cleaned).includes(told), told).toBe(false);

		const was = await probe(before);
		const is = await probe(after);
		expect(is.tags).not.toMatch(/creation_time|location|comment|encoder|handler|timecode|Maker/);
		expect(is.streams.length).toBeGreaterThan(0);
		expect(is.packets.length).toBeGreaterThan(40);
		expect(is.streams).toEqual(was.streams);
		expect(is.packets).toEqual(was.packets);
		const { stderr } = await ffmpeg('-xerror', '-i', after, '-map', '0', '-f', 'null', '-');
		expect(stderr).toBe('');

		expect(Buffer.from((await clean(cleaned)) ?? []).equals(cleaned)).toBe(true);
	});
});

/** The streams that should stay, how they are shown, and each packet with its times. */
async function probe(name: string) {
	const args = [
		'-v',
		'error',
		'-of',
		'json',
		'-show_data_hash',
		'MD5',
		'-show_streams',
		'-show_format',
	];
	const { stdout } = await run('ffprobe', [...args, name]);
	const { streams, format } = JSON.parse(stdout) as {
		streams: (Record<string, unknown> & { tags?: Record<string, unknown> })[];
		format: { tags?: unknown };
	};
	const kept = streams.filter(
		({ codec_type, codec_name, disposition }) =>
			['video', 'audio'].includes(String(codec_type)) &&
			codec_name !== 'mjpeg' &&
			(disposition as { attached_pic: number }).attached_pic === 0,
	);
	const maps = kept.flatMap(({ index }) => ['-map', `0:${index}`]);
	const packets = await run(
		'ffmpeg',
		['-v', 'error', '-i', name, ...maps, '-c', 'copy', '-f', 'framemd5', '-'],
		{
			maxBuffer: 1e8,
		},
	);
	return {
		tags: JSON.stringify([format.tags, streams.map(({ tags }) => tags)]),
		streams: kept.map(({ index: _, tags, ...stream }) => ({
			...stream,
			language: tags?.['language'],
			rotate: tags?.['rotate'],
		})),
		packets: packets.stdout.split('\n').filter((line) => !line.startsWith('#')),
	};
}
