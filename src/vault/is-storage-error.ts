import { MediaError } from '../core/errors.ts';

/** Names of errors that IndexedDB ends a read or a write with when the browser's storage gives way. */
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
