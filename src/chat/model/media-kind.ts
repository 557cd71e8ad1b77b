import { extensionOf } from '../../core/text/file-name.ts';

/** How a file is shown. */
export type MediaKind = 'image' | 'audio' | 'video' | 'file' | 'unknown';

const KINDS: Record<string, MediaKind> = {};
for (const name of ['jpg', 'jpeg', 'png', 'gif', 'webp', 'avif']) KINDS[name] = 'image';
for (const name of ['m4a', 'mp3', 'ogg', 'oga', 'opus', 'weba', 'wav', 'flac', 'aac'])
	KINDS[name] = 'audio';
for (const name of ['mp4', 'm4v', 'mov', 'webm', 'ogv']) KINDS[name] = 'video';

/** The kind that a file name suggests. */
export function guessKind(name: string): MediaKind {
	return KINDS[extensionOf(name)] ?? 'unknown';
}
