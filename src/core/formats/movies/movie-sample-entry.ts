// ISO/IEC 14496-12 sections 8.5.2 and 12, QuickTime File Format "Media Data Atom Types"

import type { Bytes } from '../../bytes.ts';
import { refuse } from '../file-refused.ts';
import { type Box, blankBox, boxesIn, putUint, readHeader, uint, uint32 } from './movie-box.ts';
import { isSpatial, scrubSpatial } from './movie-spatial.ts';

/** Boxes that a decoder or a screen needs: the codec's setup (avcC, hvcC ...), sound layouts, colours, shape, rate. */
const KEPT =
	/^(?:...C|esds|wave|chan|chnl|alac|glbl|d263|jp2h|ddts|dmlp|d(?:amr|apa|ac[34]|ec3|Ops|fLa)|SA3D|iacb|srat|colr|pasp|clap|fiel|gama|mdcv|clli|SmDm|CoLL|amve|btrt|ccst)$/;
/** Of other kinds, as camera raw in a movie's form, it is not known what they need, nor what their samples tell. */
const VIDEO = new Set([
	...['avc1', 'avc2', 'avc3', 'avc4', 'hvc1', 'hev1', 'hvc2', 'hev2', 'vvc1', 'vvi1', 'av01'],
	...['dvh1', 'dvhe', 'dva1', 'dvav', 'dav1', 'vp08', 'vp09', 'mp4v', 's263', 'h263', 'H263'],
	...['jpeg', 'mjpa', 'mjpb', 'png ', 'raw ', 'rle ', 'rpza', 'smc ', 'cvid', 'SVQ1', '2vuy'],
	...['apch', 'apcn', 'apcs', 'apco', 'ap4h', 'ap4x', 'dvc ', 'dvcp', 'dvpp', 'mp1v', 'm2v1'],
	...['XVID', 'DIVX', 'DX50', 'FMP4', '3IV2', 'yuv2', 'v210'],
]);
const SOUND = new Set([
	...['mp4a', 'alac', 'samr', 'sawb', 'sawp', 'ac-3', 'ec-3', 'ac-4', 'Opus', 'fLaC', '.mp3'],
	...['sowt', 'twos', 'ulaw', 'alaw', 'lpcm', 'ipcm', 'fpcm', 'in24', 'in32', 'fl32', 'fl64'],
	...['raw ', 'NONE', 'ima4', 'MAC3', 'MAC6', 'QDM2', 'QDMC', 'agsm', 'apac', 'iamf', 'mlpa'],
	...['dtsc', 'dtse', 'dtsh', 'dtsl', 'mha1', 'mha2', 'mhm1', 'mhm2', 'ms\0\x02', 'ms\0\x11'],
	'ms\0U',
]);
/** Of the block that describes a stream of FLAC (RFC 9639 section 8.2), and with it from the beginning of the box's content. */
const STREAMINFO_LENGTH = 34;
const FLAC_INFO = 4 + 4 + STREAMINFO_LENGTH;
const VIDEO_FIELDS = 86;
export const SOUND_FIELDS = [36, 52, 72];

/** Blanks in place what the descriptions in an stsd say beyond how to decode. */
export function scrubSampleEntries(bytes: Bytes, stsd: Box, isVideo: boolean): void {
	const version = uint(bytes, stsd.body, 1);
	const count = uint32(bytes, stsd.body + 4);
	let at = stsd.body + 8;
	for (let i = 0; i < count; i++) {
		const { type, size, head } = readHeader(bytes, at);
		const end = at + size;
		if (head !== 8 || end > stsd.end || !(isVideo ? VIDEO : SOUND).has(type)) refuse();
		const fields = isVideo ? VIDEO_FIELDS : soundFields(bytes, at, version);
		if (fields === undefined || size < fields) refuse();
		// The vendor, and the compressor's name.
		bytes.fill(0, at + 20, at + 24);
		if (isVideo) bytes.fill(0, at + 50, at + 82);
		scrubExtensions(bytes, at + fields, end);
		at = end;
	}
	bytes.fill(0, at, stsd.end);
}

/** QuickTime's later versions are longer; in an stsd of version 1 that number is ISO's and adds nothing. */
function soundFields(bytes: Bytes, entry: number, stsdVersion: number): number | undefined {
	return SOUND_FIELDS[stsdVersion === 0 ? uint(bytes, entry + 16, 2) : 0];
}

function scrubExtensions(bytes: Bytes, start: number, end: number): void {
	let at = start;
	// QuickTime may end the list with a zero.
	while (at + 8 <= end && uint32(bytes, at) !== 0) {
		const [box] = boxesIn(bytes, at, end);
		if (box === undefined) break;
		if (isSpatial(box)) scrubSpatial(bytes, box);
		else if (box.type === 'dfLa') scrubFlac(bytes, box);
		else if (!KEPT.test(box.type)) blankBox(bytes, box);
		at = box.end;
	}
	bytes.fill(0, at, end);
}

/** Of FLAC's blocks the first is needed, and is the last then: others have comments and covers ("FLAC in ISOBMFF"). */
function scrubFlac(bytes: Bytes, { body, end }: Box): void {
	if (body + FLAC_INFO > end || uint32(bytes, body + 4) % 2 ** 31 !== STREAMINFO_LENGTH) refuse();
	putUint(bytes, body + 4, 1, 0x80);
	bytes.fill(0, body + FLAC_INFO, end);
}

/**
 * Bytes of a sound's frame where the table of sizes says 1: QuickTime then counts frames of uncompressed sound, or of packets
 * of a fixed size, and the description tells how long they are.
 */
export function soundFrame(bytes: Bytes, stsd: Box): number {
	const entry = stsd.body + 8;
	const channels = uint(bytes, entry + 24, 2);
	const version = uint(bytes, stsd.body, 1) === 0 ? uint(bytes, entry + 16, 2) : 0;
	if (version === 1) {
		const packet = uint32(bytes, entry + 36);
		const frame = uint32(bytes, entry + 44);
		if (packet > 0 && frame > 0) return frame / packet;
	}
	if (version === 2) {
		const packet = uint32(bytes, entry + 64);
		const frames = uint32(bytes, entry + 68);
		return packet > 0 && frames > 0 ? packet / frames : refuse();
	}
	const type = readHeader(bytes, entry).type;
	// Their description says 16 bits all the same.
	if (type === 'ulaw' || type === 'alaw') return channels;
	return channels * Math.ceil(uint(bytes, entry + 26, 2) / 8);
}
