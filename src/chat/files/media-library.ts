import { loadOnce } from '../../core/async/load-once.ts';
import type { PageMessage } from '../../core/http/page-messages.ts';
import { LINKS, type MediaRecord } from '../../vault/media-record.ts';
import type { Vault } from '../../vault/vault.ts';
import { watchLeftRemovals } from './left-removals.ts';
import { createLoadLimits } from './load-limits.ts';
import { itemOf, type MediaItem } from './media-item.ts';
import { createMediaItems, type LibraryState } from './media-items.ts';
import { createMediaLoading, type MediaLoading } from './media-loading.ts';
import { createMediaOpening, type MediaOpening } from './media-opening.ts';
import { createMediaPlayback, type MediaPlayback } from './media-playback.ts';
import { createMediaRemoving, type MediaRemoving } from './media-removing.ts';
import { createMediaSaving, type MediaSaving } from './media-saving.ts';
import { createMediaSettings, type MediaSettings } from './media-settings.ts';
import { createPageDownloads } from './page-downloads.ts';
import { makePicturePreviews, type PicturePreviews } from './picture-previews.ts';
import { makeWorkerChannel } from './worker-channel.ts';

/** Milliseconds between two signs of life to the worker: Firefox ends it after thirty seconds. */
const PING_INTERVAL = 8000;

const loadOwners = loadOnce(() => import('./settle-media-owners.ts'));

/** Whose files are shown: nobody but their owner sees them. */
export interface MediaOwners {
	/** From now on files of this account may be shown, bare. */
	enter(account: string): void;
	/** Lets go of all that belongs to it: nothing of it is shown, plays or is loaded any more. */
	leave(): void;
	/** Removes an item with all that is kept of it. */
	remove(id: string): Promise<void>;
}

/** The files that are shown: opened links, and those of the account that is signed in; the one place that changes them. */
export interface MediaLibrary extends MediaOwners, MediaOpening {
	readonly state: LibraryState;
	readonly previews: PicturePreviews;
	readonly loading: MediaLoading;
	readonly saving: MediaSaving;
	readonly playback: MediaPlayback;
	readonly removing: MediaRemoving;
	readonly settings: MediaSettings;
	/** Removes the opened links, and all files of the account that is signed in. */
	clear(): Promise<void>;
	close(): void;
}

/** Opens the library over a vault and listens to the worker until it is closed. */
export function makeMediaLibrary(vault: Vault): MediaLibrary {
	const items = createMediaItems(!vault.durable);
	const { state, setState } = items;
	/** records with their keys, for a worker that cannot find them in storage */
	const records = new Map<string, MediaRecord>();
	const playingIds = new Set<string>();
	/** may still be on a list that is being read */
	const removed = new Set<string>();
	/** the account whose files may be shown */
	let account: string | undefined;
	/** counts up whenever everything is erased: what was read before is not shown any more */
	let erasures = 0;

	const isShown = (owner: string | undefined) =>
		owner !== undefined && (owner === LINKS || owner === account);
	const send = (message: PageMessage) => channel.send(message);

	const channel = makeWorkerChannel((message, port) => {
		if (message.kind === 'need-record') {
			const record = records.get(message.id);
			port?.postMessage(isShown(record?.owner) ? record : undefined);
		} else {
			items.setStatus(message.status);
			limits.decide(message.status);
			saving.statusChanged(message.status.id);
		}
	}, setPresence);
	const ping = setInterval(() => {
		if (playingIds.size > 0 || state.items.some((item) => item.status.verifying))
			send({ kind: 'ping' });
	}, PING_INTERVAL);

	const limits = createLoadLimits(items, send);
	const downloads = createPageDownloads(vault, items, records);
	const loading = createMediaLoading({ vault, items, records, limits, downloads, send });
	const saving = createMediaSaving({
		...{ vault, items, downloads },
		keep(id) {
			loading.ask(id);
			send({ kind: 'keep', id });
		},
	});
	const settings = createMediaSettings(vault, items, send);
	const opening = createMediaOpening({
		...{ vault, items, records, limits, settings, isShown, send },
		isRemoved: (id) => removed.has(id),
		erasures: () => erasures,
	});
	const removing = createMediaRemoving({
		mark: (id, isLeaving) => items.change(id, { isLeaving }),
		remove,
	});

	/** What was sent while nobody controlled the page was lost. */
	function setPresence(isControlled: boolean): void {
		setState('worker', isControlled ? 'ready' : 'absent');
		for (const { id } of [...state.items]) {
			// Where nobody measures it, somebody has to ask.
			if (limits.has(id)) items.change(id, { isMeasured: isControlled });
			send({ kind: limits.has(id) ? 'prime' : 'watch', id });
		}
	}

	/** Nothing of these is shown, plays or is loaded any more; what is kept of them stays. */
	function letGo(isMeant: (item: MediaItem) => boolean): void {
		for (const { id, local } of items.takeOff(isMeant)) {
			if (local !== undefined) URL.revokeObjectURL(local);
			downloads.cancel(id);
			limits.drop(id);
			playingIds.delete(id);
			// Whoever waits for it to be verified finds that it is gone.
			saving.statusChanged(id);
			send({ kind: 'forget', id });
		}
	}

	async function remove(id: string): Promise<void> {
		downloads.cancel(id);
		send({ kind: 'forget', id });
		records.delete(id);
		removed.add(id);
		playingIds.delete(id);
		// First gone, then seen to be gone: a reload in between must not bring it back.
		await vault.media.remove(id);
		letGo((item) => item.id === id);
		await settings.refreshUsage();
	}

	const stopListening = vault.onErased(() => {
		erasures += 1;
		removing.clear();
		records.clear();
		letGo(() => true);
		send({ kind: 'forget-all' });
		void settings.refreshUsage().catch(() => undefined);
	});

	const left = watchLeftRemovals((id) =>
		remove(id).catch((thrown) => {
			removed.delete(id);
			throw thrown;
		}),
	);

	async function load(): Promise<void> {
		await left.removeAll();
		setState({ settings: await vault.settings.get(), loaded: true });
		const before = erasures;
		const links = await earlierLinks(vault);
		if (before !== erasures) return;
		const known = new Set([...removed, ...state.items.map((item) => item.id)]);
		const earlier = links.filter(({ id }) => !known.has(id));
		setState('items', (all) => [...earlier.map((record) => itemOf(record, LINKS, false)), ...all]);
		for (const { id } of earlier) send({ kind: 'watch', id });
		if (vault.durable) await vault.media.sweep().catch(() => undefined);
		await settings.refreshUsage();
	}

	function leave(): void {
		removing.settle();
		account = undefined;
		letGo(({ owner }) => owner !== LINKS);
	}

	load()
		.catch(() => undefined)
		.finally(() => setState({ loaded: true, listed: true }));
	return {
		state,
		previews: makePicturePreviews(vault.previews),
		loading,
		saving,
		playback: createMediaPlayback(vault, items, playingIds),
		removing,
		settings,
		enter(entered) {
			if (entered === account) return;
			leave();
			account = entered;
		},
		leave,
		open: opening.open,
		adopt: opening.adopt,
		remove,
		async clear() {
			removing.clear();
			letGo(() => true);
			for (const [id, { owner }] of records) if (isShown(owner)) records.delete(id);
			const list = await vault.media.list();
			// What belongs to another account is not ours to remove.
			const ours = list.filter(({ owner }) => isShown(owner));
			if (ours.length === list.length) await vault.clear();
			else for (const { id } of ours) await vault.media.remove(id);
			await settings.refreshUsage();
		},
		close() {
			removing.close();
			stopListening();
			left.close();
			clearInterval(ping);
			channel.close();
		},
	};
}

/** The links that were opened without an account, once it is known whose all files are. */
async function earlierLinks(vault: Vault): Promise<MediaRecord[]> {
	let list = await vault.media.list();
	if (list.some(({ owner }) => owner === undefined)) {
		const { settleMediaOwners } = await loadOwners();
		// Without room for it they are shown to nobody for now.
		await settleMediaOwners(vault).catch(() => undefined);
		list = await vault.media.list();
	}
	return list.filter(({ owner }) => owner === LINKS);
}
