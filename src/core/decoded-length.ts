import { mpegSamples } from './mpeg-samples.ts';
import { oggOpusSamples } from './ogg-opus.ts';
import { opusSamples } from './opus.ts';
import { wavSamples } from './wav-samples.ts';
import { readWebmOpus } from './webm-opus.ts';

/** Samples in an AAC frame, doubled by SBR (ISO/IEC 14496-3). */
const AAC_FRAME = 2048;
const STSD = 0x73747364;
const MP4A = 0x6d703461;
const STSZ = 0x7374737a;
const TRUN = 0x7472756e;
const CMOV = 0x636d6f76;
const STZ2 = 0x73747a32;

/**
 * The most samples of each channel that decoding a whole file can make: a few kilobytes may hold days of silence, and
 * browsers decode all of it. Infinity where it cannot be told. `type` is the one found by magic bytes.
 */
export function decodedLength(bytes: Uint8Array, type: string): number {
	switch (type) {
		case 'audio/ogg':
			return oggOpusSamples(bytes);
		case 'audio/webm':
		case 'video/webm':
			return (
				readWebmOpus(bytes)?.packets.reduce((sum, packet) => sum + opusSamples(packet), 0) ??
				Infinity
			);
		case 'audio/mp4':
		case 'video/mp4':
			return mp4Samples(bytes);
		case 'audio/mpeg':
			return mpegSamples(bytes);
		case 'audio/wav':
			return wavSamples(bytes);
		default:
			return Infinity;
	}
}

/**
 * Every table of samples is counted, wherever it stands: parsers find their way into boxes that no standard nests so.
 * Boxes: ISO/IEC 14496-12.
 */
function mp4Samples(bytes: Uint8Array): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	let frames = 0;
	let tracks = 0;
	for (let at = 0; at + 20 <= bytes.length; at++)
		switch (view.getUint32(at)) {
			case STSD:
				tracks += 1;
				if (view.getUint32(at + 8) !== 1 || view.getUint32(at + 16) !== MP4A) return Infinity;
				break;
			case STSZ:
				frames += view.getUint32(at + 12);
				break;
			case TRUN:
				frames += view.getUint32(at + 8);
				break;
			// A compressed index, and a table of another kind: what they hide is not counted.
			case CMOV:
			case STZ2:
				return Infinity;
		}
	return tracks === 1 ? frames * AAC_FRAME : Infinity;
}
