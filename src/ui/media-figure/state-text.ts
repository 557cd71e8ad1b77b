import type { MediaItem } from '../../chat/files/media-item.ts';
import { errorText } from '../parts/error-text.ts';
import { formatDuration, formatSize } from '../parts/format.ts';

/** What an item is doing, in one line. */
export function stateText(item: MediaItem, plays = false): string {
	const { status } = item;
	const { size, counted } = status;
	const progress = size
		? `${Math.min(100, Math.floor((100 * counted) / size))}%`
		: formatSize(counted);
	if (item.save?.step === 'checking' && status.state !== 'verified')
		return `Checking before saving… ${progress}`;
	if (status.verifying && status.state !== 'verified')
		return status.state === 'unverified'
			? `Checking the rest… ${progress}`
			: `Loading… ${progress}`;
	switch (status.state) {
		case 'idle':
			return status.error === 'unasked' ? errorText(status.error, status.detail) : 'Not loaded yet';
		case 'loading':
			return status.sequential
				? `Loading… ${progress}. This server cannot skip ahead.`
				: 'Loading…';
		case 'unverified':
			return plays ? 'Playing, not yet verified' : 'Not yet verified';
		case 'verified':
			return item.save?.step === 'started' ? 'Verified. Saving has started.' : 'Verified';
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
			return 'Verified';
		case 'unverified':
			return 'Not yet verified';
		case 'tampered':
			return 'Altered';
		case 'expired':
			return 'Expired';
		case 'blocked':
			return 'Blocked';
		case 'failed':
			return 'Failed';
		default:
			return '';
	}
}

function stateError(state: string) {
	if (state === 'tampered' || state === 'expired') return state;
	return state === 'blocked' ? 'host-refused' : 'internal';
}
