import type { CleanFile } from '../../chat/files/prepare-file.ts';
import { loadPrepareFile } from '../share/load-prepare-file.ts';
import { COMPOSER_WORDS } from './words.ts';

/** A text that is too long for a message, as a file: UTF-8, named by the day. Throws ShareError `too-large`, see `limit`. */
export async function textFile(text: string, limit: number | undefined): Promise<CleanFile> {
	const now = new Date();
	const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
	const day = parts.map((part) => `${part}`.padStart(2, '0')).join('-');
	const file = new File([text], COMPOSER_WORDS.fileName(day), { type: 'text/plain' });
	const { prepareFile } = await loadPrepareFile();
	return prepareFile(file, { quality: 'original', asItIs: true, limit });
}
