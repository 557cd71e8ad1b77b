import { MediaError } from '../core/errors.ts';

/** What IndexedDB ends a read or a write with where it is the browser's storage that gave way. */
const NAMES = [
	'AbortError',
	'InvalidStateError',
	'NotReadableError',
	'QuotaExceededError',
	'TimeoutError',
	'TransactionInactiveError',
	'UnknownError',
	'VersionError',
];

/** Whether a write or a read failed for want of room or because the browser's storage gave way: it may work later. */
export function isStorageError(thrown: unknown): boolean {
	if (thrown instanceof MediaError)
		return thrown.code === 'storage-full' || thrown.code === 'storage-unavailable';
	return thrown instanceof DOMException && NAMES.includes(thrown.name);
}
