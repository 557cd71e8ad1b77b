import { type Bytes, concatBytes } from '../../bytes.ts';
import { FIRST_PAGE, LAST_PAGE, MAX_SEGMENTS, PAGE_HEAD, sealPage } from './ogg-page.ts';
import { isOpusHead, OPUS_RATE, type OpusStream, opusSamples } from './opus.ts';

/** Samples in a page of ours: one second, the most that RFC 7845 section 6 advises. */
const PAGE_SAMPLES = OPUS_RATE;

/**
 * An Ogg file with one Opus stream (RFC 7845), of which every player knows the duration and where to seek. Throws
 * RangeError for a packet that no page of ours holds (64 KiB: no Opus packet is as long).
 */
export function writeOggOpus({ head, packets }: OpusStream): Bytes {
	const serial = new DataView(crypto.getRandomValues(new Uint8Array(4)).buffer).getUint32(0);
	const pages: Bytes[] = [];
	const put = (flags: number, samples: number, content: readonly Uint8Array[]) =>
		pages.push(page({ flags, samples, serial, number: pages.length }, content));
	put(FIRST_PAGE, 0, [head]);
	// No vendor and no comments: what made it is nobody's business.
	put(0, 0, [new TextEncoder().encode(`OpusTags${'\0'.repeat(8)}`)]);
	let samples = 0;
	let began = 0;
	let waiting: Uint8Array[] = [];
	let segments = 0;
	for (const packet of packets) {
		const wanted = lacing(packet).length;
		if (
			waiting.length > 0 &&
			(segments + wanted > MAX_SEGMENTS || samples - began >= PAGE_SAMPLES)
		) {
			put(0, samples, waiting);
			waiting = [];
			segments = 0;
			began = samples;
		}
		waiting.push(packet);
		segments += wanted;
		samples += opusSamples(packet);
	}
	put(LAST_PAGE, samples, waiting);
	return concatBytes(...pages);
}

/**
 * How many samples of each channel the one Opus stream of an Ogg file decodes to, at 48 kHz; Infinity for any other
 * Ogg file. Counted packet by packet: what the file says of itself is its sender's word.
 */
export function oggOpusSamples(bytes: Uint8Array): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	let samples = 0;
	let pages = 0;
	for (let at = 0; at + PAGE_HEAD <= bytes.length; pages++) {
		const flags = bytes[at + 5] ?? 0;
		const isFirst = (flags & FIRST_PAGE) !== 0;
		if (view.getUint32(at) !== 0x4f676753 || isFirst !== (pages === 0)) return Infinity;
		const segments = bytes.subarray(at + PAGE_HEAD, at + PAGE_HEAD + (bytes[at + 26] ?? 0));
		at += PAGE_HEAD + segments.length;
		if (pages === 0 && !isOpusHead(bytes.subarray(at))) return Infinity;
		// What goes on from the page before counts again: only some pages' word says that it does.
		let begins = true;
		for (const length of segments) {
			// The two headers are counted too, which is harmless.
			if (begins) samples += opusSamples(bytes.subarray(at, at + Math.min(2, length)));
			begins = length < 255;
			at += length;
		}
	}
	return pages === 0 ? Infinity : samples;
}

function page(
	{
		flags,
		samples,
		serial,
		number,
	}: { flags: number; samples: number; serial: number; number: number },
	content: readonly Uint8Array[],
): Bytes {
	const segments = content.flatMap(lacing);
	if (segments.length > MAX_SEGMENTS) throw new RangeError('a packet is too long');
	const head = new Uint8Array(PAGE_HEAD + segments.length);
	const view = new DataView(head.buffer);
	view.setUint32(0, 0x4f676753);
	head[5] = flags;
	view.setBigUint64(6, BigInt(samples), true);
	view.setUint32(14, serial, true);
	view.setUint32(18, number, true);
	head[26] = segments.length;
	head.set(segments, PAGE_HEAD);
	const whole = concatBytes(head, ...content);
	sealPage(whole);
	return whole;
}

/** Lengths of a packet's segments: as many 255s as fit, and what is left (RFC 3533 section 5). */
function lacing(packet: Uint8Array): number[] {
	const whole = Math.floor(packet.length / 255);
	return [...new Array<number>(whole).fill(255), packet.length % 255];
}
