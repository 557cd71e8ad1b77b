import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { SECRETS } from './corpus.ts';

type Fields = Readonly<Record<string, unknown>>;
/** Boxes and elements that tell how something is seen or heard. */
const BOXES = 'mdcv clli dvvC dvcC vexu hfov st3d sv3d pasp colr alac dac3 dec3 sgpd'.split(' ');
/** Larger than any file of the corpus but the one whose size is what is tried. */
const MAX_HEAD = 2 ** 28;
/** What differs without a loss: where it lies, what it is called, and what was to go. */
const NO_LOSS = [
	...['index', 'id', 'tags', 'bit_rate', 'codec_tag', 'codec_tag_string', 'extradata_hash'],
	...['time_base', 'duration_ts', 'start_pts', 'nb_frames'],
];

/** What a cleaned file lost, and what it still tells; empty where nothing is to be said. */
export function losses(before: string, after: string): string[] {
	const found: string[] = [];
	const [was, is] = [streamsOf(before), streamsOf(after)];
	if (was.length !== is.length) found.push(`${is.length} of ${was.length} streams`);
	for (const [i, stream] of is.entries()) {
		const old = was[i] ?? {};
		for (const key of new Set([...Object.keys(old), ...Object.keys(stream)])) {
			const [one, other] = [JSON.stringify(old[key]), JSON.stringify(stream[key])];
			if (one !== other && !NO_LOSS.includes(key)) found.push(`${key} ${one} → ${other}`);
		}
	}
	const [packets, now] = [packetsOf(before), packetsOf(after)];
	if (packets.map(({ hash }) => hash).join() !== now.map(({ hash }) => hash).join())
		found.push(`packets ${packets.length} → ${now.length}`);
	else if (packets.map(({ time }) => time).join() !== now.map(({ time }) => time).join()) {
		const at = packets.findIndex(({ time }, i) => time !== now[i]?.time);
		found.push(`times, the first ${packets[at]?.time} → ${now[at]?.time}`);
	}
	if (decoded(before) !== decoded(after))
		found.push(`decoded otherwise: ${decoded(before)} → ${decoded(after)}`);
	const [bytes, made] = [readHead(before), readHead(after)];
	const lost = BOXES.filter((box) => bytes.includes(box) && !made.includes(box));
	if (lost.length > 0) found.push(`without ${lost.join(' ')}`);
	const tags = run(
		'ffprobe',
		'-show_entries',
		'format_tags=creation_time:stream_tags=creation_time',
		after,
	);
	if (tags.includes('creation_time')) found.push('TELLS the time');
	const told = SECRETS.filter((secret) => made.includes(secret));
	if (told.length > 0) found.push(`TELLS ${told.join(' ')}`);
	return found;
}

/** Of a file of any size. */
function readHead(file: string): Buffer {
	const handle = openSync(file, 'r');
	const head = Buffer.alloc(MAX_HEAD);
	const length = readSync(handle, head, 0, MAX_HEAD, 0);
	closeSync(handle);
	return head.subarray(0, length);
}

function run(program: string, ...args: string[]): string {
	return execFileSync(program, ['-v', 'fatal', ...args], {
		maxBuffer: 2 ** 28,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
}

/** Pictures and sound; a cover, subtitles and time codes are to go. */
function streamsOf(file: string): Fields[] {
	const { streams } = JSON.parse(
		run('ffprobe', '-of', 'json', '-show_data_hash', 'MD5', '-show_streams', file),
	) as { streams: (Fields & { codec_type: string; disposition: Fields })[] };
	return streams
		.filter(
			({ codec_type, disposition }) =>
				['video', 'audio'].includes(codec_type) && disposition['attached_pic'] === 0,
		)
		.map((stream) => ({ ...stream, extradata: stream['extradata_hash'] }));
}

const KEPT = ['-map', '0:V?', '-map', '0:a?'];

/** Hash and time in seconds of each packet, by stream. */
function packetsOf(file: string): { hash: string; time: string }[] {
	const lines = run('ffmpeg', '-i', file, ...KEPT, '-c', 'copy', '-f', 'framemd5', '-').split('\n');
	const bases = new Map<string, number>();
	const packets: { stream: string; hash: string; time: string }[] = [];
	for (const line of lines) {
		const [, name = '', over = 0, under = 1] = /^#tb (\d+): (\d+)\/(\d+)/.exec(line) ?? [];
		if (name !== '') bases.set(name, Number(over) / Number(under));
		if (!/^\d/.test(line)) continue;
		const [stream = '', , pts = '', duration = '', , hash = ''] = line.split(/, */);
		const seconds = (ticks: string) => (Number(ticks) * (bases.get(stream) ?? 1)).toFixed(3);
		const time = `${stream}@${seconds(pts)}+${seconds(duration)}`;
		packets.push({ stream, hash: `${stream}${hash}`, time });
	}
	return packets.sort((a, b) => Number(a.stream) - Number(b.stream));
}

/** Samples of the sound, frames of the pictures, and what they are. */
function decoded(file: string): string {
	const hash = (...options: string[]) => {
		try {
			return run('ffmpeg', '-i', file, ...options, '-f', 'md5', '-')
				.trim()
				.slice(4, 12);
		} catch {
			return 'none';
		}
	};
	let length = 0;
	try {
		length =
			execFileSync(
				'ffmpeg',
				['-v', 'fatal', '-i', file, '-map', '0:a:0', '-ac', '1', '-f', 's16le', '-'],
				{ maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'] },
			).length / 2;
	} catch {
		// no sound
	}
	return `${hash('-map', '0:V')} ${hash('-map', '0:a')} ${length} samples`;
}
