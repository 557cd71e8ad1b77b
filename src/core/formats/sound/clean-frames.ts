import type { FilePart, ReadableFile } from '../file-part.ts';
import { refuse, unlessRefused } from '../file-refused.ts';
import { makePartList } from '../part-list.ts';
import { readAhead } from '../read-ahead.ts';
import { id3Length } from './id3-tag.ts';
import { FRAME_HEADER, type SoundFrame } from './sound-frame.ts';

/** Fewer may be anything. */
const MIN_FRAMES = 3;
/** Bytes of an ID3 header, and more than that of a frame. */
const GLANCE = 10;
/** Tags and runs of padding; of more a file is made to keep us busy. */
const MAX_GAPS = 2 ** 16;

/** Most bytes of padding that are looked at together: one by one a few megabytes of it would stop the page. */
const MAX_ZEROS = 32 * 1024;

/**
 * Plans MP3 or AAC of its frames alone: tags go, wherever they stand, zeros between a tag and the sound, and a last frame that is
 * cut. undefined where anything else stands between frames. `frameAt` tells a frame from its header.
 */
export async function planCleanFrames(
	file: ReadableFile,
	start: number,
	end: number,
	frameAt: (bytes: Uint8Array, at: number) => SoundFrame | undefined,
): Promise<readonly FilePart[] | undefined> {
	return unlessRefused(async () => {
		const read = readAhead(file);
		const parts = makePartList();
		let frames = 0;
		let gaps = 0;
		let looked = GLANCE;
		for (let at = start; at + FRAME_HEADER <= end; ) {
			const head = await read(at, Math.min(end, at + GLANCE));
			const length = frameAt(head, 0)?.length;
			if (length !== undefined) {
				if (at + length > end) break;
				parts.keep(at, at + length);
				at += length;
				frames += 1;
			} else if (++gaps > MAX_GAPS) refuse();
			else if (id3Length(head, 0) > 0) at += id3Length(head, 0);
			else if (head[0] === 0) {
				const bytes = await read(at, Math.min(end, at + looked));
				const zeros = zerosIn(bytes);
				at += zeros;
				// Only as much more as there was: otherwise much is read again behind each of many short ones.
				looked = zeros === bytes.length ? Math.min(MAX_ZEROS, 2 * looked) : GLANCE;
			} else refuse();
		}
		return frames < MIN_FRAMES ? refuse() : parts.list;
	});
}

/** How many zeros the bytes begin with. */
function zerosIn(bytes: Uint8Array): number {
	const first = bytes.findIndex((byte) => byte !== 0);
	return first < 0 ? bytes.length : first;
}
