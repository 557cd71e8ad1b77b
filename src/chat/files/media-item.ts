import type { MediaStatus } from '../../core/http/page-messages.ts';
import { extensionOf } from '../../core/text/file-name.ts';
import type { MediaRecord } from '../../vault/media-record.ts';
import { guessKind, type MediaKind } from '../model/media-kind.ts';

export { LINKS } from '../../vault/media-record.ts';

/** How far a save has come. */
export type SaveState =
	| { readonly step: 'checking' }
	| { readonly step: 'started' }
	/** the quota cannot hold the file; it can still be saved while it loads */
	| { readonly step: 'too-large' }
	| { readonly step: 'failed' };

/** One file as the page shows it; nothing in it is secret. */
export interface MediaItem {
	id: string;
	/** whose it is: an account, bare, or LINKS */
	owner: string;
	name: string;
	host: string;
	createdAt: number;
	/** by the name, until the first bytes are known */
	guess: MediaKind;
	extension: string;
	/** a data URI that the sender gave */
	thumbnail?: string;
	/** of a picture as it is shown, in pixels; known once it was loaded */
	width?: number;
	height?: number;
	/** seconds of sound or video, known once a part of it was loaded */
	duration?: number;
	status: MediaStatus;
	/** it may be downloaded automatically: opened just now, or kept whole */
	active: boolean;
	/** it is downloaded automatically, as little of it as is needed to show what it is */
	isUnasked?: boolean;
	/** its size is being asked for: that decides whether it is downloaded automatically */
	isMeasured?: boolean;
	/** it was removed, and may still be brought back: it is not shown */
	isLeaving?: boolean;
	save?: SaveState | undefined;
	/** seconds: where somebody stopped listening */
	position?: number;
	/** made in the page, where no worker serves it */
	local?: string;
	/** what `local` leads to: the page's policy lets nobody fetch that */
	file?: Blob;
}

/** The item of a record, before the worker has sent its status. */
export function itemOf(
	record: MediaRecord,
	owner: string,
	isNew: boolean,
	thumbnail?: string,
): MediaItem {
	const extension = extensionOf(record.name);
	const { id, size, type, label, verdict, width, height, duration, position } = record;
	const status: MediaStatus = {
		id,
		state: verdict === 'none' ? 'idle' : verdict,
		complete: verdict === 'verified',
		counted: verdict === 'verified' ? (size ?? 0) : 0,
		verifying: false,
		sequential: record.sequential ?? false,
		...(size === undefined ? {} : { size }),
		...(type === undefined ? {} : { type }),
		...(label === undefined ? {} : { label }),
	};
	return {
		id,
		owner,
		name: record.name,
		host: record.url === '' ? '' : new URL(record.url).hostname,
		createdAt: record.createdAt,
		guess: guessKind(record.name),
		extension: extension === '' ? 'bin' : extension,
		status,
		active: isNew || verdict === 'verified',
		...(width === undefined || height === undefined ? {} : { width, height }),
		...(record.unasked === undefined ? {} : { isUnasked: true }),
		...(duration === undefined ? {} : { duration }),
		...(thumbnail === undefined ? {} : { thumbnail }),
		...(position === undefined ? {} : { position }),
	};
}

/** All of it is here, and is what was sent: not only what is shown of it. */
export function isComplete({ complete, state }: MediaStatus): boolean {
	return complete ?? state === 'verified';
}

/** How to show it: by the worker's type, which is by magic bytes, otherwise by the name. */
export function kindOf({ status, guess }: Pick<MediaItem, 'status' | 'guess'>): MediaKind {
	if (status.type === undefined) return guess;
	const [kind = ''] = status.type.split('/');
	// Recorders put voice messages into video containers; what the sender calls audio stays audio.
	if (kind === 'video' && guess === 'audio') return 'audio';
	return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
}
