import { isComplete, type MediaItem } from '../../chat/files/media-item.ts';
import { errorText } from '../parts/error-text.ts';
import { formatDuration, formatSize } from '../parts/format.ts';
import { STATE_WORDS, WORDS } from './words.ts';

/** The state of an item, in one line. */
export function stateText(item: MediaItem, plays = false): string {
	const { status } = item;
	const { size, counted } = status;
	const progress = size
		? `${Math.min(100, Math.floor((100 * counted) / size))}%`
		: formatSize(counted);
	if (item.save?.step === 'checking' && !isComplete(status))
		return STATE_WORDS.checkingToSave(progress);
	if (status.verifying && !isComplete(status))
		return status.state === 'unverified'
			? STATE_WORDS.checkingRest(progress)
			: STATE_WORDS.downloading(progress);
	switch (status.state) {
		case 'idle':
			return status.error === 'unasked'
				? errorText(status.error, status.detail)
				: STATE_WORDS.notDownloaded;
		case 'loading':
			return status.sequential ? STATE_WORDS.noSkipping(progress) : WORDS.downloading;
		case 'unverified':
			return plays ? STATE_WORDS.playing : WORDS.notVerified;
		case 'verified':
			return item.save?.step === 'started' ? STATE_WORDS.saving : WORDS.verified;
		default:
			return errorText(status.error ?? stateError(status.state), status.detail);
	}
}

/** How long it is, and how large, as far as that is known. */
export function factsText({
	duration,
	status: { size },
}: Pick<MediaItem, 'status'> & { readonly duration?: number | undefined }): string {
	const length = duration === undefined ? '' : formatDuration(duration);
	return [length, size === undefined ? '' : formatSize(size)].filter(Boolean).join(' · ');
}

/** One word for the badge of a state. */
export function badge(item: MediaItem): string {
	switch (item.status.state) {
		case 'verified':
			return WORDS.verified;
		case 'unverified':
			return WORDS.notVerified;
		case 'tampered':
			return STATE_WORDS.tampered;
		case 'expired':
			return STATE_WORDS.expired;
		case 'blocked':
			return STATE_WORDS.blocked;
		case 'failed':
			return STATE_WORDS.failed;
		default:
			return '';
	}
}

function stateError(state: string) {
	if (state === 'tampered' || state === 'expired') return state;
	return state === 'blocked' ? 'host-refused' : 'internal';
}
