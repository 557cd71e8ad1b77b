import { aesgcmUri } from '../../tools/encrypt-file.ts';
import type { HostBehaviour, UploadHost } from '../../tools/upload-host.ts';
import { tagMovie } from '../tagged-bytes.ts';

/** A movie on the host as Balcony sends it, with its table of tags. */
export interface SharedTagged {
	readonly uri: string;
	readonly path: string;
	/** as it is for whoever receives it */
	readonly plain: Buffer;
}

let files = 0;

export async function shareTagged(
	host: UploadHost,
	movie: Uint8Array,
	behaviour: HostBehaviour = {},
): Promise<SharedTagged> {
	const tagged = await tagMovie(movie);
	files += 1;
	const path = `/tagged/${files}/movie.mp4`;
	const uri = aesgcmUri(host.put(path, tagged.bytes, behaviour), tagged);
	return { uri, path, plain: tagged.plain };
}
