import type { MediaError } from '../core/errors.ts';
import type { MediaState } from '../core/http/page-messages.ts';
import type { MediaRecord } from '../vault/media-record.ts';
import type { MediaPatch } from '../vault/media-records.ts';

/** The state of one item: its record, and values that need not outlive the worker. */
export interface ItemState {
	readonly record: MediaRecord;
	readonly error: MediaError | undefined;
	/** how often the file changed while loading; the second time is final until a retry */
	readonly changes: number;
	/** the browser takes no answer of this server to a Range */
	readonly isPlain: boolean;
	/** the size is that of an answer which ended before it was announced to */
	readonly isGuessed: boolean;
	/** counts how often what was counted was forgotten */
	readonly era: number;
	/** what was counted is being forgotten */
	readonly isPurging: boolean;
	/** how many verifications run */
	readonly verifying: number;
	readonly isTypeChecked: boolean;
	/** somebody is shown some of it before all is verified */
	readonly isReleased: boolean;
	/** each byte of it is verified before it is released, by the file's own table of tags */
	readonly isTagged: boolean;
	/** bytes that were fetched to be shown, while nobody had asked for it */
	readonly fetched: number;
	/** nobody wants it any more: what still works on it must not load it anew */
	readonly isGone: boolean;
}

export type ItemEvent =
	| { readonly kind: 'patched'; readonly change: MediaPatch; readonly cleared: Cleared }
	| { readonly kind: 'failed'; readonly error: MediaError }
	| { readonly kind: 'recovered' }
	| { readonly kind: 'file-changed' }
	| { readonly kind: 'range-refused' }
	| { readonly kind: 'size-guessed' }
	| { readonly kind: 'purge-began' }
	| { readonly kind: 'forgotten' }
	| { readonly kind: 'purge-ended' }
	| { readonly kind: 'verification'; readonly by: 1 | -1 }
	| { readonly kind: 'type-checked' }
	| { readonly kind: 'released' }
	| { readonly kind: 'fetched'; readonly length: number }
	| { readonly kind: 'retried' }
	| { readonly kind: 'gone' };

/** fields that are taken out of the record */
export type Cleared = readonly (keyof MediaPatch)[];

export function initialState(
	record: MediaRecord,
	isReleased: boolean,
	isTagged = false,
): ItemState {
	return {
		record,
		error: undefined,
		changes: 0,
		isPlain: false,
		isGuessed: false,
		era: 0,
		isPurging: false,
		verifying: 0,
		isTypeChecked: false,
		isReleased,
		isTagged,
		fetched: 0,
		isGone: false,
	};
}

/** The state after an event. */
export function reduceItem(state: ItemState, event: ItemEvent): ItemState {
	switch (event.kind) {
		case 'patched': {
			const record = { ...state.record, ...event.change };
			for (const name of event.cleared) delete record[name];
			return { ...state, record };
		}
		case 'failed':
			return { ...state, error: event.error };
		case 'recovered':
			return { ...state, error: undefined };
		case 'file-changed':
			return { ...state, changes: state.changes + 1 };
		case 'range-refused':
			return { ...state, isPlain: true };
		case 'size-guessed':
			return { ...state, isGuessed: true };
		case 'purge-began':
			return { ...state, era: state.era + 1, isPurging: true };
		case 'forgotten':
			return { ...state, isReleased: false, isTypeChecked: false, isGuessed: false };
		case 'purge-ended':
			return { ...state, isPurging: false };
		case 'verification':
			return { ...state, verifying: state.verifying + event.by };
		case 'type-checked':
			return { ...state, isTypeChecked: true };
		case 'released':
			return { ...state, isReleased: true };
		case 'fetched':
			return { ...state, fetched: state.fetched + event.length };
		case 'retried':
			return { ...state, error: undefined, changes: 0 };
		case 'gone':
			return { ...state, isGone: true };
	}
}

/** The state that a figure shows; `busy`: somebody waits for bytes. */
export function shownState(state: ItemState, busy: boolean): MediaState {
	const { record, error, isPurging, isReleased, isTagged, verifying } = state;
	// 'Altered' is said once nothing of it is kept.
	if (isPurging) return 'loading';
	if (record.verdict !== 'none') return record.verdict;
	if (error?.code === 'expired') return 'expired';
	if (error?.code === 'host-refused') return 'blocked';
	const isFailure = !['storage-full', 'unasked', undefined].includes(error?.code);
	if (isFailure) return 'failed';
	if (isReleased) return isTagged ? 'verified' : 'unverified';
	return verifying > 0 || busy ? 'loading' : 'idle';
}
