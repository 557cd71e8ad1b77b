import type { FilePart, ReadableFile } from './file-part.ts';
import { SNIFF_LENGTH, sniffMediaType } from './media-type.ts';
import { planCleanMovie } from './movies/clean-movie.ts';
import { planCleanWebm } from './movies/clean-webm.ts';
import { planCleanFlac } from './sound/clean-flac.ts';
import { planCleanFrames } from './sound/clean-frames.ts';
import { planCleanOgg } from './sound/clean-ogg.ts';
import { planCleanWav } from './sound/clean-wav.ts';
import { adtsFrame, mpegFrame } from './sound/sound-frame.ts';
import { untagged } from './sound/sound-tags.ts';

/**
 * Plans a movie or a sound without what it tells of its making, for the type that its first bytes say; undefined for what cannot
 * be cleaned. Throws nothing but what `read` throws.
 */
export async function planCleanMedia(
	file: ReadableFile,
	type: string,
): Promise<readonly FilePart[] | undefined> {
	switch (type) {
		case 'video/mp4':
		case 'audio/mp4':
			return planCleanMovie(file);
		case 'video/webm':
		case 'audio/webm':
			return planCleanWebm(file, file.size);
		default:
			return type.startsWith('audio/') || type === 'video/ogg' ? planCleanSound(file) : undefined;
	}
}

/** Tags stand before and behind any kind of sound: what is between them tells which it is. */
async function planCleanSound(file: ReadableFile): Promise<readonly FilePart[] | undefined> {
	const { start, end } = await untagged(file);
	const { type } = sniffMediaType(await file.read(start, Math.min(end, start + SNIFF_LENGTH)));
	switch (type) {
		case 'audio/flac':
			return planCleanFlac(file, start, end);
		case 'audio/wav':
			return planCleanWav(file, start, end);
		case 'audio/ogg':
		case 'video/ogg':
			return planCleanOgg(file, start, end);
		case 'audio/aac':
			return planCleanFrames(file, start, end, adtsFrame);
		default:
			// Zeros may stand before the first frame, and then nothing tells.
			return planCleanFrames(file, start, end, mpegFrame);
	}
}
