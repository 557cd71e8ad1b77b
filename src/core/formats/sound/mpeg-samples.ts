import { behindId3 } from './id3-tag.ts';
import { mpegFrame } from './sound-frame.ts';

/** Samples in a byte of MPEG audio, at the lowest bit rate that there is (24 kHz, 8 kbit/s). */
const MAX_IN_BYTE = 24;
/** Of so many frames in a row at its beginning every player takes a file for MPEG audio, whatever else it may look like. */
const SURE = 7;

/**
 * The most samples of each channel that decoding a file of MPEG audio can make; Infinity for another kind of sound, as may
 * stand behind an ID3 tag: silence in FLAC takes a byte for 5000 samples.
 */
export function mpegSamples(bytes: Uint8Array): number {
	let at = behindId3(bytes);
	let frames = 0;
	let samples = 0;
	for (let frame = mpegFrame(bytes, at); frame !== undefined; frame = mpegFrame(bytes, at)) {
		samples += frame.samples;
		frames += 1;
		at += frame.length;
	}
	if (frames < SURE) return Infinity;
	// Players look for more frames behind what is none.
	return samples + Math.max(0, bytes.length - at) * MAX_IN_BYTE;
}
