import { loadOnce } from '../../core/async/load-once.ts';
import { ShareError } from '../../core/share-error.ts';

/** Loads the code that cleans files before they are sent. Throws ShareError `internal`. */
export const loadPrepareFile = loadOnce(() =>
	import('../../chat/files/prepare-file.ts').catch((cause: unknown) => {
		throw new ShareError('internal', { cause });
	}),
);
