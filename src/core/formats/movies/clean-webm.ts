// RFC 9559, https://www.webmproject.org/docs/container/

import type { Bytes } from '../../bytes.ts';
import { ELEMENT_HEADER, readElement, voidHeader } from '../ebml.ts';
import type { FilePart, ReadableFile } from '../file-part.ts';
import { refuse, unlessRefused } from '../file-refused.ts';
import { makePartList } from '../part-list.ts';
import { readAhead } from '../read-ahead.ts';

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const TRACKS = 0x1654ae6b;
const TRACK = 0xae;
const CLUSTER = 0x1f43b675;
const BLOCK_GROUP = 0xa0;
const SEEK_HEAD = 0x114d9b74;
const CUES = 0x1c53bb6b;
/** Children of a Segment (section 5.1), which end a cluster of unknown size: the last are Tags, Attachments and Chapters. */
const TOP = [SEEK_HEAD, INFO, TRACKS, CLUSTER, CUES, 0x1254c367, 0x1941a469, 0x1043a770];
const IN_CLUSTER = [
	// Timestamp, PrevSize, SimpleBlock, and BlockGroup; Position would be wrong once a table stands in front
	...[0xe7, 0xab, 0xa3, BLOCK_GROUP],
	// in that Block, BlockDuration, ReferencePriority, ReferenceBlock, DiscardPadding
	...[0xa1, 0x9b, 0xfa, 0xfb, 0x75a2],
];
/** BlockAdditions: where a track has AlphaMode, how much shows through its pictures. */
const ADDITIONS = 0x75a1;
/** Elements that are read whole, and the children that are kept. */
const LISTS: Readonly<Record<number, readonly number[]>> = {
	// EBMLVersion, EBMLReadVersion, EBMLMaxIDLength, EBMLMaxSizeLength, DocType, DocTypeVersion, DocTypeReadVersion
	[EBML]: [0x4286, 0x42f7, 0x42f2, 0x42f3, 0x4282, 0x4287, 0x4285],
	// Seek
	[SEEK_HEAD]: [0x4dbb],
	// CuePoint
	[CUES]: [0xbb],
};
/** TimestampScale and Duration. */
const IN_INFO = [0x2ad7b1, 0x4489];
/** MuxingApp and WritingApp are required, and become empty. */
const NAMES = [0x4d80, 0x5741];
const VIDEO = 0xe0;
const AUDIO = 0xe1;
const ALPHA_MODE = 0x53c0;
/** Children of a track that are needed to play it; all others are removed. */
const IN_TRACK = [
	// TrackNumber, TrackUID, TrackType, FlagEnabled, FlagDefault, FlagForced, FlagLacing
	...[0xd7, 0x73c5, 0x83, 0xb9, 0x88, 0x55aa, 0x9c],
	// MinCache, MaxCache, DefaultDuration, DefaultDecodedFieldDuration, TrackTimestampScale, MaxBlockAdditionID
	...[0x6de7, 0x6df8, 0x23e383, 0x234e7a, 0x23314f, 0x55ee],
	// Language, LanguageBCP47, CodecID, CodecPrivate, CodecDelay, SeekPreRoll, Video, Audio
	...[0x22b59c, 0x22b59d, 0x86, 0x63a2, 0x56aa, 0x56bb, VIDEO, AUDIO],
];
/** Children that say how video and audio are shown and heard. */
const IN_SETTINGS: Readonly<Record<number, readonly number[]>> = {
	[VIDEO]: [
		// PixelWidth, PixelHeight, PixelCropBottom, -Top, -Left and -Right
		...[0xb0, 0xba, 0x54aa, 0x54bb, 0x54cc, 0x54dd],
		// DisplayWidth, DisplayHeight, DisplayUnit, AspectRatioType, FlagInterlaced, FieldOrder
		...[0x54b0, 0x54ba, 0x54b2, 0x54b3, 0x9a, 0x9d],
		// StereoMode, AlphaMode, Colour, Projection
		...[0x53b8, ALPHA_MODE, 0x55b0, 0x7670],
	],
	// SamplingFrequency, OutputSamplingFrequency, Channels, BitDepth
	[AUDIO]: [0xb5, 0x78b5, 0x9f, 0x6264],
};
/** How packets are compressed or encrypted once more: without it they could not be played, and WebM has it for DRM only. */
const CONTENT_ENCODINGS = 0x6d80;
const TRACK_TYPE = 0x83;
const CODEC_ID = 0x86;
const CODEC_PRIVATE = 0x63a2;
const VORBIS = 'A_VORBIS';
const CODECS = ['V_VP8', 'V_VP9', 'V_AV1', 'A_OPUS', VORBIS];
const MAX_INDEX = 2 ** 20;
/** Blocks of twelve hours. */
const MAX_ELEMENTS = 2 ** 22;

/**
 * Plans a WebM without title, date, tags, attached files, chapters and names of programs and tracks: empty elements of the same
 * length are there instead, so that nothing moves. undefined for other tracks than pictures and sound, for other codecs
 * than WebM's, and for packets that are coded once more.
 */
export async function planCleanWebm(
	file: ReadableFile,
	end: number,
): Promise<readonly FilePart[] | undefined> {
	return unlessRefused(async () => {
		const read = readAhead(file);
		const parts = makePartList();
		let hasTracks = false;
		let hasAlpha = false;
		let isInCluster = false;
		let at = 0;
		for (let count = 0; at + 2 <= end; count++) {
			const head = await read(at, Math.min(end, at + ELEMENT_HEADER));
			const { id, body, size } = readElement(head, 0) ?? refuse();
			const content = at + body;
			if (count === MAX_ELEMENTS || (at === 0) !== (id === EBML)) refuse();
			if (TOP.includes(id)) isInCluster = false;
			const isBlock = IN_CLUSTER.includes(id) || (id === ADDITIONS && hasAlpha);
			if (id === SEGMENT || id === CLUSTER || (isInCluster && id === BLOCK_GROUP)) {
				// What is inside is walked through; a recorder does not know where it ends.
				parts.keep(at, content);
				isInCluster = id !== SEGMENT;
				at = content;
				continue;
			}
			const next = content + (size ?? refuse());
			// A cut file is played as far as it goes; nothing else of a cut element is left.
			if (next > end) {
				if (isInCluster && isBlock) break;
				refuse();
			}
			const list = LISTS[id];
			if (id === INFO || id === TRACKS || list !== undefined) {
				if (next - at > MAX_INDEX) refuse();
				const bytes = await read(at, next);
				if (id === INFO) scrubInfo(bytes, body);
				else if (id === TRACKS) hasAlpha = scrubTracks(bytes, body);
				else scrubList(bytes, body, bytes.length, list);
				hasTracks ||= id === TRACKS;
				parts.add(bytes);
			} else if (isInCluster && isBlock) parts.keep(at, next);
			else {
				const header = voidHeader(next - at);
				parts.add(header);
				parts.zeros(next - at - header.length);
			}
			at = next;
		}
		return hasTracks ? parts.list : refuse();
	});
}

interface Child {
	readonly id: number;
	readonly start: number;
	readonly body: number;
	readonly end: number;
}

function* childrenOf(bytes: Bytes, from: number, end: number): Generator<Child> {
	for (let at = from; at < end; ) {
		const { id, body, size = refuse() } = readElement(bytes, at) ?? refuse();
		if (body + size > end) refuse();
		yield { id, start: at, body, end: body + size };
		at = body + size;
	}
}

function blank(bytes: Bytes, { start, end }: Child): void {
	const header = voidHeader(end - start);
	bytes.fill(0, start, end);
	bytes.set(header, start);
}

function scrubList(bytes: Bytes, from: number, end: number, kept: readonly number[] = []): void {
	for (const child of childrenOf(bytes, from, end))
		if (!kept.includes(child.id)) blank(bytes, child);
}

function scrubInfo(bytes: Bytes, body: number): void {
	for (const child of childrenOf(bytes, body, bytes.length))
		if (NAMES.includes(child.id)) bytes.fill(0, child.body, child.end);
		else if (!IN_INFO.includes(child.id)) blank(bytes, child);
}

/** Whether one of them has blocks that something shows through. */
function scrubTracks(bytes: Bytes, body: number): boolean {
	let hasAlpha = false;
	for (const track of childrenOf(bytes, body, bytes.length)) {
		if (track.id !== TRACK) {
			blank(bytes, track);
			continue;
		}
		const children = [...childrenOf(bytes, track.body, track.end)];
		const textOf = (id: number) => {
			const child = children.find((one) => one.id === id);
			return String.fromCharCode(
				...bytes.subarray(child?.body, Math.min(child?.end ?? 0, (child?.body ?? 0) + 32)),
			);
		};
		const padded = textOf(CODEC_ID);
		const codec = CODECS.find((name) => name.padEnd(padded.length, '\0') === padded);
		const type = textOf(TRACK_TYPE).charCodeAt(0);
		if (codec === undefined || type !== (codec.startsWith('V') ? 1 : 2)) refuse();
		for (const child of children) {
			const settings = IN_SETTINGS[child.id];
			if (child.id === CONTENT_ENCODINGS) refuse();
			else if (!IN_TRACK.includes(child.id)) blank(bytes, child);
			else if (settings !== undefined) {
				scrubList(bytes, child.body, child.end, settings);
				const has = (id: number) =>
					[...childrenOf(bytes, child.body, child.end)].some((one) => one.id === id);
				hasAlpha ||= child.id === VIDEO && has(ALPHA_MODE);
			} else if (child.id === CODEC_PRIVATE && codec === VORBIS)
				scrubVorbis(bytes.subarray(child.body, child.end));
		}
	}
	return hasAlpha;
}

/** Three packets behind their lengths, as in Xiph lacing (section 10.3.2); the second is of comments. */
function scrubVorbis(setup: Uint8Array): void {
	if (setup[0] !== 2) refuse();
	let at = 1;
	const lengths = [0, 1].map(() => {
		let length = 0;
		for (; setup[at] === 255; at++) length += 255;
		return length + (setup[at++] ?? refuse());
	});
	const [first = 0, second = 0] = lengths;
	const comments = setup.subarray(at + first, at + first + second);
	const MAGIC = 7;
	if (comments.length < MAGIC + 9) refuse();
	comments.fill(0, MAGIC);
	comments[MAGIC + 8] = 1;
}
