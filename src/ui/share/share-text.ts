import type { ShareErrorDetail } from '../../core/share-error.ts';
import { formatSize, formatTime } from '../parts/format.ts';
import { WORDS as COMMON } from '../parts/words.ts';

/** Why a file cannot be sent, for people; undefined for what has nothing to do with files. */
export function shareText(problem: string, detail: ShareErrorDetail = {}): string | undefined {
	const { limit, status, retryAt, text, host = 'The upload server' } = detail;
	const words = text === undefined ? '' : ` It says: “${text}”`;
	switch (problem) {
		case 'no-upload':
			return "Your server doesn't accept files.";
		case 'too-large':
			return limit === undefined
				? `This file is larger than your server allows.${words}`
				: `This file is larger than your server allows (${formatSize(limit)}).`;
		case 'quota':
			return retryAt === undefined
				? `You have reached your server's limit for now.${words}`
				: `You have reached your server's limit until ${formatTime(retryAt)}.`;
		case 'forbidden':
			return `Your server doesn't let you send files.${words}`;
		case 'slot-refused':
			return `Your server doesn't accept this file.${words}`;
		case 'slot-timeout':
			return "Your server isn't accepting uploads right now. Try again later.";
		case 'slot-invalid':
			return "Your server gave an upload address that doesn't work. Ask its operator to fix it.";
		case 'slot-cookie':
			return `${host} requires a cookie for uploads, which web apps can't send.`;
		case 'upload-refused':
			return `${host} refused this file (${status ?? 'no reason'}).${words}`;
		case 'upload-full':
			return `${host} has no space left.`;
		case 'upload-incomplete':
			return `${host} didn't store the whole file.`;
		case 'network':
			return `${host} can't be reached, or doesn't let web apps upload (CORS).`;
		case 'file-empty':
			return 'This file is empty.';
		case 'file-unreadable':
			return "This file can't be read any more. Choose it again.";
		case 'file-changed':
			return 'This file has changed since you chose it. Choose it again.';
		case 'file-lost':
			return 'The page was closed before this file was ready. Choose it again.';
		case 'not-clean':
			return "This file may contain location data that we can't remove.";
		case 'not-encrypted':
			return COMMON.onlyEncrypted;
		case 'storage-full':
			return COMMON.noRoom;
		case 'internal':
			return "Balcony couldn't send this file. Try again, or choose it again.";
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
			: `${left === 1 ? 'The file' : 'The files'} couldn't be received: too large, or no room on this device.`;
	if (left > 0)
		return `${names.length} of ${names.length + left} files. The others were too many or too large, or there was no room.`;
	return names.length === 1 ? first : `${names.length} files`;
}
