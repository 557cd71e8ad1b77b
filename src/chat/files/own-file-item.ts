import { loadOnce } from '../../core/async/load-once.ts';
import { SNIFF_LENGTH, sniffMediaType } from '../../core/formats/media-type.ts';
import type { MediaItem } from './media-item.ts';

/** Bytes of a file that are read at once to find its size. */
const PIECE = 64 * 1024;
const loadPictureCheck = loadOnce(() => import('../../media/picture-check.ts'));

/** An item of ours as its file, which is here, says; undefined if that is gone, or has changed. */
export async function ownFileItem(
	item: MediaItem,
	file: Blob,
): Promise<(MediaItem & { readonly local: string }) | undefined> {
	const read = await file
		.slice(0, SNIFF_LENGTH)
		.arrayBuffer()
		.catch(() => undefined);
	if (read === undefined) return undefined;
	const { kind, ...found } = sniffMediaType(new Uint8Array(read));
	// Not drawn here either where others do not draw it.
	const label = kind === 'image' ? await objectionTo(file, found.type) : undefined;
	const type = label === undefined ? found : { type: 'application/octet-stream', label };
	const status = { ...item.status, ...type, size: file.size, counted: file.size };
	const local = URL.createObjectURL(file);
	return { ...item, status: { ...status, state: 'verified', complete: true }, local, file };
}

/** The reason, in words, why a picture of ours must not be decoded; undefined if it may be. */
async function objectionTo(file: Blob, type: string): Promise<string | undefined> {
	const { pictureObjection } = await loadPictureCheck();
	const read = async (offset: number) =>
		new Uint8Array(await file.slice(offset, offset + PIECE).arrayBuffer());
	return pictureObjection(type, file.size, read).catch(() => 'Photo');
}
