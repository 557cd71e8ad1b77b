import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { box, buildMovie, fullBox, u32 } from '../unit/core/movie-support.ts';
import { bytesOf, noise } from '../unit/core/support.ts';

const MANY = 2 ** 20;
const track = { id: 1, handler: 'soun', chunks: [[noise(400)]] };
const sizes = (uniform: number) => () => fullBox('stsz', 0, u32(uniform), u32(0xffffffff));
const frame = bytesOf(0xff, 0xfb, 0x90, 0x64, new Uint8Array(413));
const opusHead = bytesOf('OpusHead', 1, 1, new Uint8Array(2), 0x80, 0xbb, new Uint8Array(5));
const oggPage = (flags: number, number: number, content: Uint8Array) => {
	const lacing = new Uint8Array(Math.ceil((content.length + 1) / 255)).fill(255);
	lacing[lacing.length - 1] = content.length % 255;
	const numbers = [1, number].map((value) => u32(value).reverse());
	return bytesOf(
		'OggS',
		0,
		flags,
		new Uint8Array(8),
		...numbers,
		u32(0),
		lacing.length,
		lacing,
		content,
	);
};
const webmHead = Buffer.from('1a45dfa3874282847765626d18538067ffffffffffffffff01', 'hex').subarray(
	0,
	24,
);

/** Files that name more than they hold, or hold nothing without end. */
const FILES: Readonly<Record<string, () => Uint8Array>> = {
	'samples-of-one-byte.mp4': () => buildMovie({ tracks: [{ ...track, sizes: sizes(1) }] }),
	'samples-without-bytes.mp4': () => buildMovie({ tracks: [{ ...track, sizes: sizes(0) }] }),
	'boxes-without-end.mp4': () =>
		bytesOf(buildMovie({ tracks: [track] }), Buffer.alloc(8 * MANY, box('free'))),
	'tracks-without-end.mp4': () =>
		buildMovie({ tracks: Array.from({ length: 5000 }, (_, i) => ({ ...track, id: i + 1 })) }),
	'elements-without-end.webm': () => bytesOf(webmHead, Buffer.alloc(8 * MANY, bytesOf(0xec, 0x80))),
	'zeros-between-frames.mp3': () =>
		bytesOf(frame, frame, frame, Buffer.alloc(32 * MANY), frame, frame),
	'comments-without-end.opus': () =>
		bytesOf(
			oggPage(2, 0, opusHead),
			...Array.from({ length: 1500 }, (_, i) =>
				oggPage(i === 0 ? 0 : 1, i + 1, Buffer.alloc(254 * 255, 'OpusTags')),
			),
		),
	'blocks-without-end.flac': () =>
		bytesOf('fLaC', 0, 0, 0, 34, new Uint8Array(34), Buffer.alloc(8 * MANY, bytesOf(1, 0, 0, 0))),
};

export function* makeHostile(folder: string): Generator<string> {
	for (const [name, make] of Object.entries(FILES)) {
		const file = path.join(folder, name);
		writeFileSync(file, make());
		yield file;
	}
}
