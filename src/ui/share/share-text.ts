import type { ShareErrorDetail } from '../../core/share-error.ts';
import { formatSize, formatTime } from '../parts/format.ts';
import { WORDS as COMMON } from '../parts/words.ts';

/** Why a file cannot be sent, for people; undefined for what has nothing to do with files. */
export function shareText(problem: string, detail: ShareErrorDetail = {}): string | undefined {
	const { limit, status, retryAt, text, host = 'The upload server' } = detail;
	const words = text === undefined ? '' : ` It says: “${text}”`;
	switch (problem) {
		case 'no-upload':
			return 'Your server takes no files.';
		case 'too-large':
			return limit === undefined
				? `This is larger than your server takes.${words}`
				: `This is larger than your server takes (${formatSize(limit)}).`;
		case 'quota':
			return retryAt === undefined
				? `You have sent as much as your server takes for now.${words}`
				: `You have sent as much as your server takes until ${formatTime(retryAt)}.`;
		case 'forbidden':
			return `Your server does not let you send files.${words}`;
		case 'slot-refused':
			return `Your server does not take this file.${words}`;
		case 'slot-timeout':
			return "Your server isn't accepting uploads right now. Try again later.";
		case 'slot-invalid':
			return "Your server gave an upload address that doesn't work. Ask its operator to fix it.";
		case 'slot-cookie':
			return `${host} wants a cookie for uploads, and web apps cannot send one.`;
		case 'upload-refused':
			return `${host} refused this file (${status ?? 'no reason'}).${words}`;
		case 'upload-full':
			return `${host} has no room left.`;
		case 'upload-incomplete':
			return `${host} did not store all of it.`;
		case 'network':
			return `${host} cannot be reached, or does not let web apps upload (CORS).`;
		case 'file-empty':
			return 'This file is empty.';
		case 'file-unreadable':
			return 'This file cannot be read any more. Choose it again.';
		case 'file-changed':
			return 'This file has changed meanwhile. Choose it again.';
		case 'file-lost':
			return 'The page was closed before this file was ready. Choose it again.';
		case 'not-clean':
			return "This file may contain location data that we can't remove.";
		case 'not-encrypted':
			return COMMON.onlyEncrypted;
		case 'storage-full':
			return COMMON.noRoom;
		case 'internal':
			return 'Balcony could not send this file. Try again, or choose it again.';
		default:
			return undefined;
	}
}

/** A line about the files that another app handed over, and about those that are missing; undefined if there is nothing to say. */
export function handedOverText(names: readonly string[], left: number): string | undefined {
	const [first] = names;
	if (first === undefined)
		return left === 0
			? undefined
			: `${left === 1 ? 'The file' : 'The files'} couldn't be taken over. Too large, or no room on this device.`;
	if (left > 0)
		return `${names.length} of ${names.length + left} files. The others were too many or too large, or there was no room.`;
	return names.length === 1 ? first : `${names.length} files`;
}
