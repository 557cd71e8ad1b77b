import { loadOnce } from '../../core/async/load-once.ts';
import { sourceOfBlob } from '../../media/keep-file.ts';

/** Few files are movies or sound. */
const loadCleanMedia = loadOnce(() => import('../../core/formats/clean-media.ts'));

/**
 * A movie or a sound without what it tells of its making, for the type that its first bytes say; undefined for what cannot be
 * cleaned. Nothing of it is copied.
 */
export async function cleanBlob(file: Blob, type: string): Promise<Blob | undefined> {
	const { planCleanMedia } = await loadCleanMedia();
	const parts = await planCleanMedia(sourceOfBlob(file), type);
	return (
		parts &&
		new Blob(
			parts.map((part) => (part instanceof Uint8Array ? part : file.slice(part.start, part.end))),
		)
	);
}
