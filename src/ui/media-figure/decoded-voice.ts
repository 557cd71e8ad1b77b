import { loadOnce } from '../../core/async/load-once.ts';
import type { Bytes } from '../../core/bytes.ts';
import { loudness, waveform } from '../../core/formats/sound/waveform.ts';
import { BARS } from './waveform.tsx';

/** The longest sound that is drawn. */
const MAX_SECONDS = 600;
/** Samples of each channel that are decoded at once at most: 115 MB in one channel. */
const MAX_SAMPLES = MAX_SECONDS * 48_000;
/** Bytes of AAC that are decoded at once: four of them can make 2,048 samples. */
const SLICE = 2 ** 15;
/** Samples a second are enough to draw. */
const RATE = 8000;
/** So many samples are kept as one loudness. */
const WINDOW = 8;
/** So many items are remembered. */
const MAX_KNOWN = 500;

/** A voice message, decoded: its waveform and its length. */
export interface DecodedVoice {
	/** bars, 0 to 1, BARS of them */
	readonly levels: readonly number[];
	readonly seconds: number;
}

const loadSlices = loadOnce(() => import('../../core/formats/movies/aac-slices.ts'));
const loadLength = loadOnce(() => import('../../core/formats/decoded-length.ts'));
const known = new Map<string, Promise<DecodedVoice | undefined>>();
let last: Promise<unknown> = Promise.resolve();

/**
 * A verified item, by its path, or of `file` where no worker serves that; undefined for what cannot be decoded. Decoded
 * once, and one after the other: a conversation may be full of them.
 */
export function decodedVoice(
	src: string,
	file: Blob | undefined,
	type: string,
	isWanted: () => boolean,
): Promise<DecodedVoice | undefined> {
	const before = known.get(src);
	if (before !== undefined) return before;
	const voice = last.then(async () => {
		const decoded = isWanted() && (await read(file ?? (await fetched(src)), type, isWanted));
		if (decoded) return decoded;
		if (!isWanted()) known.delete(src);
		return undefined;
	});
	const safe = voice.catch(() => undefined);
	last = safe;
	const [oldest] = known.keys();
	if (known.size >= MAX_KNOWN && oldest !== undefined) known.delete(oldest);
	known.set(src, safe);
	return safe;
}

async function fetched(src: string): Promise<Response | undefined> {
	const response = await fetch(src);
	return response.ok ? response : undefined;
}

async function read(
	from: Blob | Response | undefined,
	type: string,
	isWanted: () => boolean,
): Promise<DecodedVoice | undefined> {
	const file = await from?.arrayBuffer();
	const slices = file && (await slicesOf(new Uint8Array(file), type));
	if (slices === undefined) return undefined;
	const levels: number[] = [];
	let seconds = 0;
	for (const { buffer } of slices) {
		if (!isWanted()) return undefined;
		const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(buffer);
		seconds += sound.duration;
		if (seconds > MAX_SECONDS) return undefined;
		const samples = sound.getChannelData(0);
		for (let at = 0; at < samples.length; at += WINDOW)
			levels.push(loudness(samples, at, Math.min(at + WINDOW, samples.length)));
	}
	return { levels: waveform(levels, BARS), seconds };
}

/** The file in pieces, each of which can be decoded without filling the memory; undefined where there is none to be sure of. */
async function slicesOf(file: Bytes, type: string): Promise<readonly Bytes[] | undefined> {
	if (type === 'audio/mp4' || type === 'video/mp4') {
		const { aacSlices } = await loadSlices();
		return aacSlices(file, SLICE);
	}
	const { decodedLength } = await loadLength();
	return decodedLength(file, type) > MAX_SAMPLES ? undefined : [file];
}
