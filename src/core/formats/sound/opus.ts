/** Opus as containers carry it: the header (RFC 7845 section 5.1) and the packets in their order. */
export interface OpusStream {
	readonly head: Uint8Array;
	readonly packets: readonly Uint8Array[];
}

/** Samples a second that Opus counts in, whatever was recorded (RFC 7845 section 4). */
export const OPUS_RATE = 48_000;

const OPUS_HEAD = 'OpusHead';
/** No packet lasts longer than 120 ms (RFC 6716 section 3.2.5). */
const MAX_SAMPLES = 5760;

/** Whether bytes begin as Opus' own header does, of one channel or two: with 255, silence of a second takes 50 MB. */
export function isOpusHead(bytes: Uint8Array): boolean {
	const channels = bytes[OPUS_HEAD.length + 1] ?? 0;
	const name = String.fromCharCode(...bytes.subarray(0, OPUS_HEAD.length));
	return bytes.length >= 19 && name === OPUS_HEAD && channels <= 2;
}

/** How many samples of each channel a packet holds, at OPUS_RATE, by its first two bytes (RFC 6716 section 3.1). */
export function opusSamples(packet: Uint8Array): number {
	const [toc = 0, count = 0] = packet;
	const config = toc >> 3;
	// In units of 2.5 ms: SILK and hybrid frames last 10 ms and more, those of CELT 2.5 ms and more.
	const silk = [4, 8, 16, 24][config & 3] ?? 0;
	const frame = config < 12 ? silk : config < 16 ? 4 << (config & 1) : 1 << (config & 3);
	const frames = [1, 2, 2][toc & 3] ?? count & 63;
	return Math.min(MAX_SAMPLES, frames * frame * (OPUS_RATE / 400));
}
