import type { Bytes } from '../../core/bytes.ts';
import { writeOggOpus } from '../../core/formats/sound/ogg-opus.ts';
import { readWebmOpus } from '../../core/formats/sound/webm-opus.ts';

/** A recording in WebM as Ogg, its packets copied; undefined for what is not one whole track of Opus. */
export async function oggVoice(recorded: Blob): Promise<Bytes | undefined> {
	const opus = readWebmOpus(new Uint8Array(await recorded.arrayBuffer()));
	return opus && writeOggOpus(opus);
}
