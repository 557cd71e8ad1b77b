import { createStore, reconcile } from 'solid-js/store';
import { parseAesgcmUri } from '../core/aesgcm-uri.ts';
import { asMediaError, MediaError, type MediaErrorCode } from '../core/errors.ts';
import { loadOnce } from '../core/load-once.ts';
import { parseMediaMessage } from '../core/media-message.ts';
import { savePath } from '../core/media-path.ts';
import { SNIFF_LENGTH, sniffMediaType } from '../core/media-type.ts';
import type { MediaStatus, PageMessage } from '../core/messages.ts';
import type { MediaRecord, Settings } from '../vault/media-record.ts';
import type { SaveMode } from '../vault/save-tokens.ts';
import type { StorageUsage } from '../vault/storage-usage.ts';
import type { Vault } from '../vault/vault.ts';
import { itemOf, type MediaItem } from './media-item.ts';
import { makePicturePreviews, type PicturePreviews } from './picture-previews.ts';
import { navigateHidden, saveBlob } from './save-media.ts';
import { makeWorkerChannel } from './worker-channel.ts';

/** Milliseconds between two signs of life to the worker: Firefox ends it after thirty seconds. */
const PING_INTERVAL = 8000;

/** Bytes of a file that are read at once to find its size. */
const PIECE = 64 * 1024;
/** It is the worker's; a page needs it only where there is none. */
const loadEngine = loadOnce(() => import('../media/download-whole.ts'));
const loadPictureCheck = loadOnce(() => import('../media/picture-check.ts'));

/** Whether a worker serves this page's media. */
export type WorkerPresence = 'waiting' | 'ready' | 'absent';

export interface LibraryState {
	items: MediaItem[];
	loaded: boolean;
	worker: WorkerPresence;
	/** nothing survives this page: the browser refused to store anything */
	forgetful: boolean;
	settings: Settings;
	usage: StorageUsage;
}

/** The opened links; the one place that changes them. */
export interface MediaLibrary {
	readonly state: LibraryState;
	readonly previews: PicturePreviews;
	/**
	 * Opens a link, or the body of a message with one; its id. With a `limit`, in bytes, its size is asked for first, and what
	 * is larger waits until it is activated. Throws MediaError `uri-invalid`.
	 */
	open(text: string, limit?: number): Promise<string>;
	/** Shows an item of the vault, from its file as long as there is one; false if it is no more. */
	adopt(id: string, file?: Blob): Promise<boolean>;
	/** Lets an item load that was opened earlier. */
	activate(id: string): void;
	verify(id: string): void;
	cancel(id: string): void;
	retry(id: string): void;
	remove(id: string): Promise<void>;
	/** Verifies, then saves under the item's name. */
	save(id: string): Promise<void>;
	/** Saves while loading; the last part waits for the tag. */
	saveWhileLoading(id: string): Promise<void>;
	/** Downloads and verifies in the page, where no worker serves it. */
	downloadHere(id: string): Promise<void>;
	/** A picture was loaded, and is so many pixels large as it is shown. */
	measured(id: string, width: number, height: number): void;
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
	clear(): Promise<void>;
	close(): void;
}

/** Opens the library over a vault and listens to the worker until it is closed. */
export function makeMediaLibrary(vault: Vault): MediaLibrary {
	const [state, setState] = createStore<LibraryState>({
		items: [],
		loaded: false,
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
		if (message.kind === 'need-record') port?.postMessage(records.get(message.id));
		else {
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

	async function load(): Promise<void> {
		const [list, settings] = await Promise.all([vault.media.list(), vault.settings.get()]);
		const known = new Set(state.items.map((item) => item.id));
		const earlier = list.filter(({ id }) => !known.has(id) && !removed.has(id));
		setState({
			items: [...earlier.map((record) => itemOf(record, false)), ...state.items],
			settings,
			loaded: true,
		});
		for (const { id } of earlier) send({ kind: 'watch', id });
		if (vault.durable) await vault.media.sweep().catch(() => undefined);
		await library.refreshUsage();
	}

	const library: MediaLibrary = {
		state,
		previews: makePicturePreviews(vault.previews),
		async open(text, limit) {
			const body = text.trim();
			const message = parseMediaMessage(body);
			const uri = message?.uri ?? parseAesgcmUri(body);
			const record = await vault.media.add(uri, limit);
			records.set(record.id, record);
			if (limit !== undefined) limits.set(record.id, limit);
			send({ kind: 'prime', id: record.id });
			const isMeasured = limit !== undefined && state.worker !== 'absent';
			const item = { ...itemOf(record, limit === undefined, message?.thumbnail), isMeasured };
			setState('items', state.items.length, item);
			void askToPersist().catch(() => undefined);
			return record.id;
		},
		async adopt(id, file) {
			if (find(id) !== undefined) return true;
			const record = await vault.media.get(id);
			if (record === undefined) return false;
			const item = itemOf(record, true);
			const add = (made: MediaItem) => {
				if (find(id) === undefined) setState('items', state.items.length, made);
				return true;
			};
			if (file === undefined) return add(item);
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
			return add({
				...item,
				status: { ...status, state: 'verified' },
				local: URL.createObjectURL(file),
				file,
			});
		},
		activate(id) {
			ask(id);
			change(id, { active: true, isMeasured: false });
			send({ kind: 'load', id });
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
			setState('items', (items) => items.filter((item) => item.id !== id));
			await library.refreshUsage();
		},
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
			send({ kind: 'forget-all' });
			records.clear();
			playingIds.clear();
			for (const { local } of state.items) if (local !== undefined) URL.revokeObjectURL(local);
			setState('items', []);
			await vault.clear();
			await library.refreshUsage();
		},
		close() {
			clearInterval(ping);
			channel.close();
		},
	};
	load().catch(() => setState('loaded', true));
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
