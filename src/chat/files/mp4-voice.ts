import {
	BlobSource,
	BufferTarget,
	EncodedAudioPacketSource,
	EncodedPacketSink,
	Input,
	type InputAudioTrack,
	MP4,
	Mp4OutputFormat,
	Output,
} from 'mediabunny';
import { cleanBlob, withTablePlace } from './clean-blob.ts';

/** Bytes; twenty minutes. Each packet takes memory of its own: of an hour 400 MiB. */
const MAX_SIZE = 10 * 2 ** 20;
/** Packets between two pauses; a thousand take about 20 ms. */
const PACKETS = 1000;

/**
 * A recording in MP4 in one piece, its index in front: recorders write fragments, of which many players tell no duration. undefined
 * for one that is too long, or not one track of sound of a known codec; rejects for what is no MP4.
 */
export async function mp4Voice(recorded: Blob): Promise<Blob | undefined> {
	if (recorded.size > MAX_SIZE) return undefined;
	// Before: an index that a recorder wrote twice goes, by which noise would be read.
	const clean = await cleanBlob(recorded, 'audio/mp4');
	const whole = clean && (await remux(clean));
	// Behind: the library writes its name and the time.
	const voice = whole && (await cleanBlob(whole, 'audio/mp4'));
	return voice && withTablePlace(voice, 'audio/mp4');
}

async function remux(recorded: Blob): Promise<Blob | undefined> {
	const input = new Input({ source: new BlobSource(recorded), formats: [MP4] });
	try {
		const [track, ...others] = await input.getTracks();
		if (!track?.isAudioTrack() || others.length > 0) return undefined;
		return await copyPackets(track);
	} finally {
		input.dispose();
	}
}

async function copyPackets(track: InputAudioTrack): Promise<Blob | undefined> {
	const codec = await track.getCodec();
	const decoderConfig = await track.getDecoderConfig();
	if (codec === null || decoderConfig === null) return undefined;
	const target = new BufferTarget();
	const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
	const source = new EncodedAudioPacketSource(codec);
	output.addAudioTrack(source);
	await output.start();
	let packets = 0;
	for await (const packet of new EncodedPacketSink(track).packets()) {
		await source.add(packet, { decoderConfig });
		packets += 1;
		if (packets % PACKETS === 0) await letEventsIn();
	}
	await output.finalize();
	return target.buffer === null ? undefined : new Blob([target.buffer]);
}

/** By a message: in a page that nobody looks at a timer waits for a second. */
function letEventsIn(): Promise<void> {
	return new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			port1.close();
			resolve();
		};
		port2.postMessage(undefined);
	});
}
