import { createStore, reconcile } from 'solid-js/store';
import { loadOnce } from '../../core/async/load-once.ts';
import { asMediaError, MediaError, type MediaErrorCode } from '../../core/errors.ts';
import { SNIFF_LENGTH, sniffMediaType } from '../../core/formats/media-type.ts';
import { savePath } from '../../core/http/media-path.ts';
import type { MediaStatus, PageMessage } from '../../core/http/page-messages.ts';
import { parseAesgcmUri } from '../../core/links/aesgcm-uri.ts';
import type { FileLink } from '../../core/links/media-message.ts';
import { LINKS, type MediaRecord, type Settings } from '../../vault/media-record.ts';
import type { SaveMode } from '../../vault/save-tokens.ts';
import type { StorageUsage } from '../../vault/storage-usage.ts';
import type { Vault } from '../../vault/vault.ts';
import { LEFT, makeLeftRemovals } from './left-removals.ts';
import { itemOf, type MediaItem } from './media-item.ts';
import { makePicturePreviews, type PicturePreviews } from './picture-previews.ts';
import type { Removals } from './removals.ts';
import { navigateHidden, saveBlob } from './save-media.ts';
import { makeWorkerChannel } from './worker-channel.ts';

/** Milliseconds between two signs of life to the worker: Firefox ends it after thirty seconds. */
const PING_INTERVAL = 8000;

/** Bytes of a file that are read at once to find its size. */
const PIECE = 64 * 1024;
/** It is the worker's; a page needs it only where there is none. */
const loadEngine = loadOnce(() => import('../../media/download-whole.ts'));
const loadOwners = loadOnce(() => import('./media-owners.ts'));
/** Nobody removes anything to sign in. */
const loadRemovals = loadOnce(() => import('./removals.ts'));
const loadPictureCheck = loadOnce(() => import('../../media/picture-check.ts'));

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
export interface MediaLibrary extends MediaOwners {
	readonly state: LibraryState;
	readonly previews: PicturePreviews;
	/**
	 * Opens a link for an account or LINKS; its id. With a `limit`, in bytes, its size is asked for first, and what is larger
	 * waits until it is activated. Throws MediaError `uri-invalid`.
	 */
	open(link: FileLink, owner: string, limit?: number): Promise<string>;
	/**
	 * Shows an item of the vault to its account, from its file as long as there is one; false if it is no more, or not of that
	 * account. To be called for what a message of the account names: an old record that has no owner is that account's then.
	 */
	adopt(id: string, account: string, file?: Blob): Promise<boolean>;
	/** Lets an item load that was opened earlier. */
	activate(id: string): void;
	/** Somebody plays it, or seeks in it. */
	wanted(id: string): void;
	verify(id: string): void;
	cancel(id: string): void;
	retry(id: string): void;
	remove(id: string): Promise<void>;
	/** Hides it now, and removes it unless it is brought back within some seconds. */
	removeSoon(id: string): void;
	/** Brings back what was removed so, one or all. */
	undoRemoval(id?: string): void;
	/** Waits with it as long as somebody is about to choose. */
	holdRemoval(isHeld: boolean): void;
	/** Verifies, then saves under the item's name. */
	save(id: string): Promise<void>;
	/** Saves while loading; the last part waits for the tag. */
	saveWhileLoading(id: string): Promise<void>;
	/** Downloads and verifies in the page, where no worker serves it. */
	downloadHere(id: string): Promise<void>;
	/** A picture was loaded, and is so many pixels large as it is shown. */
	measured(id: string, width: number, height: number): void;
	/** A player has told how long sound or a video is, in seconds. */
	timed(id: string, duration: number): void;
	/** Something plays, or has stopped. */
	playing(id: string, plays: boolean): void;
	/** Where somebody stopped listening, in seconds; `kept`: also for the next time that the app is opened. */
	setPosition(id: string, position: number, kept: boolean): Promise<void>;
	/** For every voice message from now on. */
	setVoiceSpeed(speed: number): Promise<void>;
	setVerifyFirst(on: boolean): Promise<void>;
	/** Which files load by themselves. */
	setLoading(
		patch: Partial<Pick<Settings, 'loadLimit' | 'loadKinds' | 'loadMetered'>>,
	): Promise<void>;
	persist(): Promise<void>;
	refreshUsage(): Promise<void>;
	/** Removes the opened links, and all files of the account that is signed in. */
	clear(): Promise<void>;
	close(): void;
}

/** Opens the library over a vault and listens to the worker until it is closed. */
export function makeMediaLibrary(vault: Vault): MediaLibrary {
	const [state, setState] = createStore<LibraryState>({
		items: [],
		loaded: false,
		listed: false,
		worker: 'waiting',
		forgetful: !vault.durable,
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
	/** records with their keys, for a worker that cannot find them in storage */
	const records = new Map<string, MediaRecord>();
	const playingIds = new Set<string>();
	/** may still be on a list that is being read */
	const removed = new Set<string>();
	const downloads = new Map<string, AbortController>();
	/** what loads by itself if it is no larger than so many bytes */
	const limits = new Map<string, number>();
	/** the account whose files may be shown */
	let account: string | undefined;
	/** counts up whenever everything is erased: what was read before is not shown any more */
	let erasures = 0;

	const isShown = (owner: string | undefined) =>
		owner !== undefined && (owner === LINKS || owner === account);
	const change = (id: string, patch: Partial<MediaItem>) =>
		setState('items', (item) => item.id === id, patch);
	const setStatus = (status: MediaStatus) =>
		setState(
			'items',
			(item) => item.id === status.id,
			'status',
			// Not merged: an error that is over is no longer there.
			reconcile(status),
		);
	const find = (id: string) => state.items.find((item) => item.id === id);
	const send = (message: PageMessage) => channel.send(message);

	/** Nobody has asked for it: it loads once it is known to be no larger than was allowed. */
	function decide({ id, size, error, state: media }: MediaStatus): void {
		const limit = limits.get(id);
		if (limit === undefined || (size === undefined && error === undefined)) return;
		limits.delete(id);
		// What is here already need not be asked for.
		const isAllowed = media === 'verified' || (error === undefined && (size ?? 0) <= limit);
		change(id, { isMeasured: false, active: isAllowed });
		if (isAllowed || error !== undefined) return;
		send({ kind: 'forget', id });
		send({ kind: 'watch', id });
	}

	/** Somebody has asked for it. */
	function ask(id: string): void {
		limits.delete(id);
		// Whatever its size turns out to be.
		change(id, { isUnasked: false, isMeasured: false });
		const known = records.get(id);
		if (known !== undefined) {
			const { unasked: _, ...record } = known;
			records.set(id, record);
		}
		// For a worker that is not there to hear of it.
		void vault.media.patch(id, {}, ['unasked']).catch(() => undefined);
	}

	const waiting = new Map<string, () => void>();
	const channel = makeWorkerChannel((message, port) => {
		if (message.kind === 'need-record') {
			const record = records.get(message.id);
			port?.postMessage(isShown(record?.owner) ? record : undefined);
		} else {
			setStatus(message.status);
			decide(message.status);
			waiting.get(message.status.id)?.();
		}
	}, setPresence);
	const ping = setInterval(() => {
		if (playingIds.size > 0 || state.items.some((item) => item.status.verifying))
			send({ kind: 'ping' });
	}, PING_INTERVAL);

	/** What was sent while nobody controlled the page was lost. */
	function setPresence(isControlled: boolean): void {
		setState('worker', isControlled ? 'ready' : 'absent');
		for (const { id } of [...state.items]) {
			// Where nobody measures it, somebody has to ask.
			if (limits.has(id)) change(id, { isMeasured: isControlled });
			send({ kind: limits.has(id) ? 'prime' : 'watch', id });
		}
	}

	async function askToPersist(): Promise<void> {
		if (state.settings.persistAsked) return;
		await vault.settings.set({ persistAsked: true });
		setState('settings', { persistAsked: true });
		await library.persist();
	}

	/** Downloads, checks and keeps a file in this page; false if that was not possible. */
	async function download(id: string): Promise<boolean> {
		const record = records.get(id) ?? (await vault.media.get(id));
		if (record === undefined || downloads.has(id)) return false;
		const abort = new AbortController();
		downloads.set(id, abort);
		const status = (patch: Partial<MediaStatus>) => {
			const before = find(id)?.status;
			if (before !== undefined) setStatus({ ...before, ...patch });
		};
		status({ state: 'loading', verifying: true });
		try {
			const { downloadInPage } = await loadEngine();
			const blob = await downloadInPage(record, {
				signal: abort.signal,
				origin: vault,
				onProgress: (counted, size) => status({ counted, ...(size === undefined ? {} : { size }) }),
			});
			if (find(id) === undefined) return false;
			change(id, { local: URL.createObjectURL(blob), file: blob, active: true });
			status({ state: 'verified', verifying: false, type: blob.type });
			return true;
		} catch (thrown) {
			const { code, detail } = asMediaError(thrown);
			if (code === 'cancelled') status({ state: 'idle', verifying: false });
			else status({ state: stateOfError(code), verifying: false, error: code, detail });
			return false;
		} finally {
			downloads.delete(id);
		}
	}

	/** Resolves once the item is verified and kept, and rejects with what keeps it from being so. */
	function verified(id: string): Promise<void> {
		return new Promise((resolve, reject) => {
			const look = () => {
				const status = find(id)?.status;
				const done = status?.state === 'verified';
				const error =
					status === undefined ? 'cancelled' : status.verifying ? undefined : status.error;
				const stopped = started && status?.verifying === false;
				started ||= status?.verifying === true;
				if (!done && error === undefined && !stopped) return;
				waiting.delete(id);
				if (done) resolve();
				else reject(new MediaError(error ?? 'cancelled'));
			};
			let started = false;
			waiting.set(id, look);
			ask(id);
			send({ kind: 'keep', id });
			if (find(id)?.status.state === 'verified') look();
		});
	}

	async function startSave(id: string, mode: SaveMode): Promise<void> {
		navigateHidden(savePath(id, await vault.saves.issue(id, mode)));
		change(id, { save: { step: 'started' } });
	}

	function add(item: MediaItem): void {
		setState('items', state.items.length, item);
	}

	/** Nothing of these is shown, plays or is loaded any more; what is kept of them stays. */
	function letGo(isMeant: (item: MediaItem) => boolean): void {
		const gone = state.items.filter(isMeant);
		setState('items', (items) => items.filter((item) => !isMeant(item)));
		for (const { id, local } of gone) {
			if (local !== undefined) URL.revokeObjectURL(local);
			downloads.get(id)?.abort();
			limits.delete(id);
			playingIds.delete(id);
			// Whoever waits for it to be verified finds that it is gone.
			waiting.get(id)?.();
			send({ kind: 'forget', id });
		}
	}

	const stopListening = vault.onErased(() => {
		erasures += 1;
		void removals?.then((all) => all.clear());
		records.clear();
		letGo(() => true);
		send({ kind: 'forget-all' });
		void library.refreshUsage().catch(() => undefined);
	});

	const left = makeLeftRemovals();
	/** What cannot be deleted now is tried again at the next start. */
	async function removeLeft(): Promise<void> {
		for (const id of left.ids()) {
			try {
				await library.remove(id);
				left.drop([id]);
			} catch {
				removed.delete(id);
			}
		}
	}
	// Another page was left; the last page of this tab may have lived in another process, and be heard of late.
	const onStored = ({ key, newValue }: StorageEvent) => {
		if (key === LEFT && newValue !== null) void removeLeft();
	};
	globalThis.addEventListener?.('storage', onStored);

	async function load(): Promise<void> {
		await removeLeft();
		setState({ settings: await vault.settings.get(), loaded: true });
		const before = erasures;
		let list = await vault.media.list();
		if (list.some(({ owner }) => owner === undefined)) {
			const { settleOwners } = await loadOwners();
			// Without room for it they are shown to nobody for now.
			await settleOwners(vault).catch(() => undefined);
			list = await vault.media.list();
		}
		if (before !== erasures) return;
		const known = new Set(state.items.map((item) => item.id));
		const earlier = list.filter(
			({ id, owner }) => owner === LINKS && !known.has(id) && !removed.has(id),
		);
		setState('items', (items) => [
			...earlier.map((record) => itemOf(record, LINKS, false)),
			...items,
		]);
		for (const { id } of earlier) send({ kind: 'watch', id });
		if (vault.durable) await vault.media.sweep().catch(() => undefined);
		await library.refreshUsage();
	}

	let removals: Promise<Removals> | undefined;
	function removing(): Promise<Removals> {
		removals ??= loadRemovals().then(({ makeRemovals }) =>
			makeRemovals({
				mark: (id, isLeaving) => change(id, { isLeaving }),
				remove: library.remove,
			}),
		);
		return removals;
	}

	const library: MediaLibrary = {
		state,
		previews: makePicturePreviews(vault.previews),
		enter(entered) {
			if (entered === account) return;
			library.leave();
			account = entered;
		},
		leave() {
			void removals?.then((all) => all.settle());
			account = undefined;
			letGo(({ owner }) => owner !== LINKS);
		},
		async open({ uri, thumbnail }, owner, limit) {
			const before = erasures;
			const record = await vault.media.add(parseAesgcmUri(uri), owner, limit);
			// It was erased while it was written down.
			if (before !== erasures) {
				await vault.media.remove(record.id);
				throw new MediaError('cancelled');
			}
			records.set(record.id, record);
			// Its account is left: it is shown the next time.
			if (!isShown(owner)) return record.id;
			if (limit !== undefined) limits.set(record.id, limit);
			send({ kind: 'prime', id: record.id });
			const isMeasured = limit !== undefined && state.worker !== 'absent';
			add({ ...itemOf(record, owner, limit === undefined, thumbnail), isMeasured });
			void askToPersist().catch(() => undefined);
			return record.id;
		},
		async adopt(id, owner, file) {
			const known = find(id);
			if (known !== undefined) return known.owner === owner;
			const record = await vault.media.get(id);
			if (record === undefined || (record.owner ?? owner) !== owner) return false;
			// Without room for it, it is written down the next time.
			if (record.owner === undefined) await vault.media.own(id, owner).catch(() => undefined);
			// Ours, while they are on their way; what was opened earlier waits until it is asked for, or is here already.
			const item = itemOf(record, owner, record.url === '');
			/** Others may have been shown it meanwhile, or its account was left. */
			const show = (made: MediaItem) => {
				if (!isShown(owner) || removed.has(id)) return false;
				if (find(id) === undefined) add(made);
				return true;
			};
			if (file === undefined) {
				const isTaken = show(item);
				if (isTaken && record.url !== '') send({ kind: 'watch', id });
				return isTaken;
			}
			const read = await file
				.slice(0, SNIFF_LENGTH)
				.arrayBuffer()
				.catch(() => undefined);
			// It is gone, or has changed: its message will say so.
			if (read === undefined) return false;
			const head = new Uint8Array(read);
			const { kind, ...found } = sniffMediaType(head);
			// Not drawn here either where others do not draw it.
			const label = kind === 'image' ? await objectionTo(file, found.type) : undefined;
			const type = label === undefined ? found : { type: 'application/octet-stream', label };
			const status = { ...item.status, ...type, size: file.size, counted: file.size };
			const local = URL.createObjectURL(file);
			const isTaken = show({ ...item, status: { ...status, state: 'verified' }, local, file });
			if (find(id)?.local !== local) URL.revokeObjectURL(local);
			return isTaken;
		},
		activate(id) {
			ask(id);
			change(id, { active: true });
			send({ kind: 'load', id });
		},
		wanted(id) {
			if (find(id)?.isUnasked === true) library.activate(id);
		},
		verify(id) {
			ask(id);
			change(id, { active: true });
			send({ kind: 'verify', id });
		},
		cancel(id) {
			downloads.get(id)?.abort();
			send({ kind: 'cancel', id });
		},
		retry(id) {
			ask(id);
			send({ kind: 'retry', id });
			send({ kind: 'prime', id });
			change(id, { active: true });
		},
		async remove(id) {
			downloads.get(id)?.abort();
			send({ kind: 'forget', id });
			records.delete(id);
			removed.add(id);
			playingIds.delete(id);
			// First gone, then seen to be gone: a reload in between must not bring it back.
			await vault.media.remove(id);
			letGo((item) => item.id === id);
			await library.refreshUsage();
		},
		removeSoon: (id) => void removing().then((all) => all.add(id)),
		undoRemoval: (id) => void removals?.then((all) => all.undo(id)),
		holdRemoval: (isHeld) => void removals?.then((all) => all.hold(isHeld)),
		async save(id) {
			const item = find(id);
			if (item?.save?.step === 'checking') return;
			if (item?.local !== undefined) return saveBlob(item.local, item.name);
			// The worker could not find the token for a save: this page does it.
			if (!vault.durable) {
				const local = (await download(id)) ? find(id)?.local : undefined;
				if (local !== undefined) saveBlob(local, find(id)?.name ?? 'file');
				return;
			}
			change(id, { save: { step: 'checking' } });
			try {
				await verified(id);
				await startSave(id, 'verified');
			} catch (thrown) {
				const { code } = asMediaError(thrown);
				const step = code === 'storage-full' ? 'too-large' : 'failed';
				change(id, { save: code === 'cancelled' ? undefined : { step } });
			}
		},
		saveWhileLoading: (id) => startSave(id, 'streamed'),
		async downloadHere(id) {
			await download(id);
		},
		measured(id, width, height) {
			const item = find(id);
			if (item?.width === width && item.height === height) return;
			change(id, { width, height });
			void vault.media.patch(id, { width, height }).catch(() => undefined);
		},
		timed(id, duration) {
			const isNews = Math.abs((find(id)?.duration ?? 0) - duration) > 0.5;
			if (!isNews || !Number.isFinite(duration)) return;
			change(id, { duration });
			void vault.media.patch(id, { duration }).catch(() => undefined);
		},
		playing(id, plays) {
			if (plays) playingIds.add(id);
			else playingIds.delete(id);
		},
		async setPosition(id, position, kept) {
			change(id, { position });
			if (kept) await vault.media.patch(id, { position });
		},
		async setVoiceSpeed(voiceSpeed) {
			setState('settings', { voiceSpeed });
			await vault.settings.set({ voiceSpeed });
		},
		async setLoading(patch) {
			setState('settings', patch);
			await vault.settings.set(patch);
		},
		async setVerifyFirst(on) {
			setState('settings', { verifyFirst: on });
			await vault.settings.set({ verifyFirst: on });
			send({ kind: 'forget-all' });
		},
		async persist() {
			await vault.persist();
			await library.refreshUsage();
		},
		async refreshUsage() {
			setState('usage', await vault.usage());
		},
		async clear() {
			void removals?.then((all) => all.clear());
			letGo(() => true);
			for (const [id, { owner }] of records) if (isShown(owner)) records.delete(id);
			const list = await vault.media.list();
			// What belongs to another account is not ours to remove.
			const ours = list.filter(({ owner }) => isShown(owner));
			if (ours.length === list.length) await vault.clear();
			else for (const { id } of ours) await vault.media.remove(id);
			await library.refreshUsage();
		},
		close() {
			void removals?.then((all) => all.close());
			stopListening();
			globalThis.removeEventListener?.('storage', onStored);
			clearInterval(ping);
			channel.close();
		},
	};
	load()
		.catch(() => undefined)
		.finally(() => setState({ loaded: true, listed: true }));
	return library;
}

function stateOfError(code: MediaErrorCode): MediaStatus['state'] {
	if (code === 'tampered' || code === 'expired') return code;
	return code === 'host-refused' ? 'blocked' : 'failed';
}

/** What to call a picture of ours that must not be decoded; undefined if it may be. */
async function objectionTo(file: Blob, type: string): Promise<string | undefined> {
	const { pictureObjection } = await loadPictureCheck();
	const read = async (offset: number) =>
		new Uint8Array(await file.slice(offset, offset + PIECE).arrayBuffer());
	return pictureObjection(type, file.size, read).catch(() => 'Picture');
}
