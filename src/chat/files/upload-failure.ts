import { MediaError, type MediaErrorCode } from '../../core/errors.ts';
import { ShareError, type ShareErrorCode } from '../../core/share-error.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import { failureKind } from '../people/failure-kind.ts';

/** The reason why a file was stopped. */
export interface UploadFailure {
	/** the reason, for people */
	readonly error: ShareError;
	/** another try may succeed without anybody doing anything */
	readonly passes: boolean;
	/** nobody has foreseen it: a mistake of ours */
	readonly isBug: boolean;
}

/**
 * HTTP statuses after which another try may succeed. 401 and 403: the slot's token may have run out while another file was
 * sent. 409 of Prosody, 403 of ejabberd: a browser sends a request again whose answer was cut off, and the file is there already.
 */
const PASSING_STATUSES = [401, 403, 408, 409, 425, 429, 500, 502, 503, 504];
const PASSING: readonly ShareErrorCode[] = ['network', 'upload-incomplete', 'slot-timeout'];
const OF_MEDIA: Partial<Record<MediaErrorCode, ShareErrorCode>> = {
	'uri-invalid': 'slot-invalid',
	'host-refused': 'slot-invalid',
	'too-large': 'too-large',
	cancelled: 'cancelled',
};

/** Reads whatever was thrown while a file was kept, uploaded or said. */
export function readFailure(thrown: unknown): UploadFailure {
	if (thrown instanceof ShareError) {
		const { code, detail } = thrown;
		const isBusy = code === 'upload-refused' && PASSING_STATUSES.includes(detail.status ?? 0);
		return { error: thrown, passes: isBusy || PASSING.includes(code), isBug: false };
	}
	if (thrown instanceof XmppError) {
		const passes = failureKind(thrown) !== 'permanent';
		const detail = thrown.condition === undefined ? {} : { text: thrown.condition };
		const error = passes
			? new ShareError('slot-timeout', { cause: thrown })
			: new ShareError('slot-refused', { cause: thrown, detail });
		return { error, passes, isBug: false };
	}
	if (isStorageError(thrown))
		return {
			error: new ShareError('storage-full', { cause: thrown }),
			passes: false,
			isBug: false,
		};
	const code = thrown instanceof MediaError ? OF_MEDIA[thrown.code] : undefined;
	const error = new ShareError(code ?? 'internal', { cause: thrown });
	return { error, passes: false, isBug: code === undefined };
}
