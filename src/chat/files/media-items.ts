import { createStore, reconcile, type SetStoreFunction } from 'solid-js/store';
import type { MediaStatus } from '../../core/http/page-messages.ts';
import type { Settings } from '../../vault/media-record.ts';
import type { StorageUsage } from '../../vault/storage-usage.ts';
import type { MediaItem } from './media-item.ts';

/** Whether a worker serves this page's media. */
export type WorkerPresence = 'waiting' | 'ready' | 'absent';

export interface LibraryState {
	/** what was opened as a link, and of the files of the account that is signed in those that were looked at */
	items: MediaItem[];
	/** the settings were read */
	loaded: boolean;
	/** so were the links */
	listed: boolean;
	worker: WorkerPresence;
	/** nothing survives this page: the browser refused to store anything */
	forgetful: boolean;
	settings: Settings;
	usage: StorageUsage;
}

/** The files that are shown, as a page sees them. */
export interface MediaItems {
	readonly state: LibraryState;
	readonly setState: SetStoreFunction<LibraryState>;
	find(id: string): MediaItem | undefined;
	add(item: MediaItem): void;
	change(id: string, patch: Partial<MediaItem>): void;
	setStatus(status: MediaStatus): void;
	/** Takes some off the list; these are returned. */
	takeOff(isMeant: (item: MediaItem) => boolean): readonly MediaItem[];
}

export function createMediaItems(isForgetful: boolean): MediaItems {
	const [state, setState] = createStore<LibraryState>({
		items: [],
		loaded: false,
		listed: false,
		worker: 'waiting',
		forgetful: isForgetful,
		settings: {
			verifyFirst: false,
			persistAsked: true,
			loadLimit: 0,
			loadKinds: [],
			loadMetered: false,
			voiceSpeed: 1,
		},
		usage: { used: 0, quota: 0, persisted: false },
	});
	return {
		state,
		setState,
		find: (id) => state.items.find((item) => item.id === id),
		add: (item) => setState('items', state.items.length, item),
		change: (id, patch) => setState('items', (item) => item.id === id, patch),
		setStatus: (status) =>
			setState(
				'items',
				(item) => item.id === status.id,
				'status',
				// Not merged: an error that is over is no longer there.
				reconcile(status),
			),
		takeOff(isMeant) {
			const gone = state.items.filter(isMeant);
			setState('items', (items) => items.filter((item) => !isMeant(item)));
			return gone;
		},
	};
}
