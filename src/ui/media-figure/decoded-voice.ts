import { waveform } from '../../core/waveform.ts';
import { BARS } from './waveform.tsx';

/** Samples of each channel that are decoded at most: ten minutes, 115 MB in one channel. */
const MOST_SAMPLES = 600 * 48_000;
/** Samples a second are enough to draw. */
const RATE = 8000;
/** So many items are remembered. */
const MOST_KNOWN = 500;

/** What decoding tells of a voice message. */
export interface DecodedVoice {
	/** bars, 0 to 1, BARS of them */
	readonly levels: readonly number[];
	readonly seconds: number;
}

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
		if (isWanted()) return read(file ?? (await fetched(src)), type);
		known.delete(src);
		return undefined;
	});
	const safe = voice.catch(() => undefined);
	last = safe;
	const [oldest] = known.keys();
	if (known.size >= MOST_KNOWN && oldest !== undefined) known.delete(oldest);
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
): Promise<DecodedVoice | undefined> {
	const file = await from?.arrayBuffer();
	if (file === undefined) return undefined;
	// Not needed to sign in.
	const { decodedLength } = await import('../../core/decoded-length.ts');
	if (decodedLength(new Uint8Array(file), type) > MOST_SAMPLES) return undefined;
	const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(file);
	return { levels: waveform(sound.getChannelData(0), BARS), seconds: sound.duration };
}
