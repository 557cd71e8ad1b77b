import { mpegSamples } from './sound/mpeg-samples.ts';
import { oggOpusSamples } from './sound/ogg-opus.ts';
import { opusSamples } from './sound/opus.ts';
import { wavSamples } from './sound/wav-samples.ts';
import { readWebmOpus } from './sound/webm-opus.ts';

/**
 * The most samples of each channel that decoding a whole file can make: a few kilobytes may hold days of silence, and
 * browsers decode all of it. Infinity where it cannot be told, as of AAC: see `aacSlices`. `type` is the one found by magic bytes.
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
		case 'audio/mpeg':
			return mpegSamples(bytes);
		case 'audio/wav':
			return wavSamples(bytes);
		default:
			return Infinity;
	}
}
