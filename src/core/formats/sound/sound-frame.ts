// ISO/IEC 11172-3 and 13818-3 section 2.4.1.3, ISO/IEC 14496-3 section 1.A.3.2 (ADTS)

/** A frame of sound that tells its own length. */
export interface SoundFrame {
	/** in bytes, with its header */
	readonly length: number;
	/** of each channel */
	readonly samples: number;
}

/** As many bytes are enough to tell. */
export const FRAME_HEADER = 7;

/** In kbit/s. */
const LAYER_II = [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
const LAYER_III = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const LOW = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const RATES = [44_100, 48_000, 32_000];

/** A frame of MPEG audio, layer II or III, that begins there; undefined for none, and for one of a bit rate of its own. */
export function mpegFrame(bytes: Uint8Array, at: number): SoundFrame | undefined {
	const [sync = 0, kind = 0, coding = 0] = bytes.subarray(at, at + 4);
	if (sync !== 0xff || (kind & 0xe0) !== 0xe0) return undefined;
	const version = (kind >> 3) & 3;
	const layer = 4 - ((kind >> 1) & 3);
	if (version === 1 || layer < 2 || layer > 3) return undefined;
	const isFirst = version === 3;
	const rates = isFirst ? (layer === 2 ? LAYER_II : LAYER_III) : LOW;
	const bits = rates[(coding >> 4) - 1];
	const rate = RATES[(coding >> 2) & 3];
	if (bits === undefined || rate === undefined) return undefined;
	const hertz = rate / (isFirst ? 1 : version === 2 ? 2 : 4);
	const samples = layer === 3 && !isFirst ? 576 : 1152;
	const length = Math.floor((samples / 8) * ((bits * 1000) / hertz)) + ((coding >> 1) & 1);
	return { length, samples };
}

/** A frame of AAC in ADTS that begins there. */
export function adtsFrame(bytes: Uint8Array, at: number): SoundFrame | undefined {
	const [sync, kind = 0, rate = 0, high = 0, middle = 0, low = 0, blocks = 0] = bytes.subarray(
		at,
		at + FRAME_HEADER,
	);
	if (sync !== 0xff || (kind & 0xf6) !== 0xf0 || ((rate >> 2) & 15) > 12) return undefined;
	const length = ((high & 3) << 11) | (middle << 3) | (low >> 5);
	return length < FRAME_HEADER ? undefined : { length, samples: ((blocks & 3) + 1) * 1024 };
}
