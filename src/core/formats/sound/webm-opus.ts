import { readNumber } from '../ebml.ts';
import { isOpusHead, type OpusStream } from './opus.ts';

/** Elements that are entered (RFC 9559): Segment, Cluster, BlockGroup, Tracks, TrackEntry. */
const MASTERS = new Set([0x18538067, 0x1f43b675, 0xa0, 0x1654ae6b, 0xae]);
const CODEC_ID = 0x86;
const OPUS = 'A_OPUS';
const CODEC_PRIVATE = 0x63a2;
const BLOCKS = new Set([0xa1, 0xa3]);
/** Packets may be compressed then, or lack their first bytes. */
const CONTENT_ENCODINGS = 0x6d80;
const LACING = 0x06;

/**
 * The one Opus track of a WebM file, also of one that a recorder wrote without sizes and duration; undefined for
 * anything else, and for one that is broken off.
 */
export function readWebmOpus(bytes: Uint8Array): OpusStream | undefined {
	const packets: Uint8Array[] = [];
	let head: Uint8Array | undefined;
	let tracks = 0;
	for (let at = 0; at < bytes.length; ) {
		const id = readNumber(bytes, at, false);
		const size = id && readNumber(bytes, id.end, true);
		if (!id || !size) return undefined;
		at = size.end;
		// Masters are walked through as if they had no end: a recorder does not know it.
		if (MASTERS.has(id.value)) continue;
		const end = at + size.value;
		if (end > bytes.length) return undefined;
		if (id.value === CONTENT_ENCODINGS) return undefined;
		const content = bytes.subarray(at, end);
		if (id.value === CODEC_ID) {
			// Of others a packet may hold any number of samples.
			if (!isNamed(content, OPUS)) return undefined;
			tracks += 1;
		}
		if (id.value === CODEC_PRIVATE) head = content;
		if (BLOCKS.has(id.value)) {
			const track = readNumber(content, 0, true);
			const flags = track && content[track.end + 2];
			if (flags === undefined || (flags & LACING) !== 0) return undefined;
			packets.push(content.subarray((track?.end ?? 0) + 3));
		}
		at = end;
	}
	return tracks === 1 && head !== undefined && isOpusHead(head) ? { head, packets } : undefined;
}

/** Zeros may fill up behind a name (RFC 8794 section 7.4). */
function isNamed(content: Uint8Array, name: string): boolean {
	return content.every((byte, at) => byte === (at < name.length ? name.charCodeAt(at) : 0));
}
