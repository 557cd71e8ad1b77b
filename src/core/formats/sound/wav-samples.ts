import { mpegSamples } from './mpeg-samples.ts';
import { behindChunk, CHUNK_HEADER, RIFF_HEADER, readChunk, type WavChunk } from './wav-chunks.ts';

/** Of more channels decoding takes more room than anybody's voice needs. */
const MAX_CHANNELS = 2;
const EXTENSIBLE = 0xfffe;
const EXTENSION = 24;
/** PCM, float, A-law, mu-law, and ADPCM of Microsoft and IMA (RFC 2361): samples of each channel in a byte at most. */
const IN_BYTE: Record<number, number> = { 1: 1, 3: 1, 6: 1, 7: 1, 2: 2, 17: 2 };
const MPEG = [0x50, 0x55];

/**
 * The most samples of each channel that decoding a WAV file can make: what it holds may be coded in many ways, and what it says
 * of its length is its sender's word. Infinity where it cannot be told.
 */
export function wavSamples(bytes: Uint8Array): number {
	let coding: number | undefined;
	let samples = 0;
	let at = RIFF_HEADER;
	while (at + CHUNK_HEADER <= bytes.length) {
		const chunk = readChunk(bytes.subarray(at, at + CHUNK_HEADER), at, bytes.length);
		if (chunk.type === 'fmt ') {
			// Which of two a player takes is anybody's guess.
			if (coding !== undefined) return Infinity;
			coding = codingOf(bytes, chunk);
			if (coding === undefined) return Infinity;
		}
		if (chunk.type === 'data') {
			// A length of nothing, as of a recorder that was stopped: players go on to the end.
			const sound = bytes.subarray(chunk.start);
			if (coding === undefined) return Infinity;
			samples += MPEG.includes(coding) ? mpegSamples(sound) : sound.length * (IN_BYTE[coding] ?? 0);
			return samples;
		}
		at = behindChunk(chunk);
	}
	return Infinity;
}

/** The number of the coding that is known, of one channel or two. */
function codingOf(bytes: Uint8Array, { start, end }: WavChunk): number | undefined {
	if (end - start < 16) return undefined;
	const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
	const number = view.getUint16(0, true);
	const isExtended = number === EXTENSIBLE && end - start > EXTENSION + 2;
	const coding = isExtended ? view.getUint16(EXTENSION, true) : number;
	const isKnown = coding in IN_BYTE || MPEG.includes(coding);
	return isKnown && view.getUint16(2, true) <= MAX_CHANNELS ? coding : undefined;
}
