import { MediaError } from '../src/core/errors.ts';
import type { WorkerMessage } from '../src/core/http/page-messages.ts';
import type { StreamedFile } from '../src/media/streamed-file.ts';
import { openMediaFile } from '../src/media/tagged-file.ts';
import type { MediaRecord } from '../src/vault/media-record.ts';
import type { WorkerVault } from '../src/vault/worker-vault.ts';

/** More files at once than a conversation shows; the least recently used ones make room. */
const MAX_OPEN = 64;
/** Milliseconds between two reports of progress. */
const REPORT_INTERVAL = 100;

/** The pages that this worker controls, or will. */
export interface Pages {
	send(message: WorkerMessage): void;
	/** Asks the pages for a record whose keys the browser could not store. */
	askRecord(id: string): Promise<MediaRecord | undefined>;
}

/** The files in use: a cache of the vault, because the worker may die at any moment. */
export interface StreamedFiles {
	/** Throws MediaError `not-found` or `key-missing`. */
	get(id: string): Promise<StreamedFile>;
	/** Tells the pages about a failure that no open file has told them. */
	failed(id: string, error: MediaError): void;
	forget(id: string): Promise<void>;
	forgetAll(): Promise<void>;
}

export function createStreamedFiles(vault: Promise<WorkerVault>, pages: Pages): StreamedFiles {
	const files = new Map<string, Promise<StreamedFile>>();
	/** those that made room, as long as a stream still reads from them: an item is open once */
	const retired = new Map<string, WeakRef<StreamedFile>>();
	const reports = createReports(pages);

	async function open(id: string): Promise<StreamedFile> {
		const opened = await vault;
		const stored = await opened.media.get(id).catch(() => undefined);
		const known = stored?.keys === undefined ? await pages.askRecord(id) : stored;
		if (known === undefined)
			throw new MediaError(stored === undefined ? 'not-found' : 'key-missing');
		// A page knows the keys, and not what has been found out since it got them.
		const record = { ...known, ...stored };
		// Ours, and still being written: whoever opened it now would not see the end of that.
		if (record.url === '' && record.verdict === 'none') throw new MediaError('not-found');
		let file: StreamedFile | undefined;
		file = await openMediaFile({
			record,
			vault: opened,
			changed: () => file && reports.changed(file),
		});
		void opened.media.patch(id, { usedAt: Date.now() }).catch(() => undefined);
		return file;
	}

	function makeRoom(): void {
		for (const [id, file] of files) {
			if (files.size <= MAX_OPEN) return;
			files.delete(id);
			file
				.then((old) => {
					if (!files.has(id)) retired.set(id, new WeakRef(old));
					return old.close();
				})
				.catch(() => undefined);
		}
		for (const [id, old] of retired) if (old.deref() === undefined) retired.delete(id);
	}

	function takeBack(id: string): Promise<StreamedFile> | undefined {
		const old = retired.get(id)?.deref();
		retired.delete(id);
		return old && Promise.resolve(old);
	}

	return {
		get(id) {
			const known = files.get(id);
			const file = known ?? takeBack(id) ?? open(id);
			files.delete(id);
			files.set(id, file);
			if (known === undefined) {
				file.catch(() => files.delete(id));
				makeRoom();
			}
			return file;
		},
		failed(id, error) {
			if (files.has(id)) return;
			const { code, detail } = error;
			const state = 'failed' as const;
			const unknown = { counted: 0, verifying: false, sequential: false };
			pages.send({ kind: 'status', status: { id, state, ...unknown, error: code, detail } });
		},
		async forget(id) {
			const file = files.get(id) ?? takeBack(id);
			files.delete(id);
			reports.forget(id);
			await file?.then((open) => open.close(true)).catch(() => undefined);
			// What was on its way to the cache may have landed there after the page emptied it.
			await (await vault).media.sweep(id).catch(() => undefined);
		},
		async forgetAll() {
			await Promise.all([...files.keys(), ...retired.keys()].map((id) => this.forget(id)));
		},
	};
}

/** Sends statuses to the pages: a new state at once, progress a few times a second. */
function createReports(pages: Pages) {
	const last = new Map<string, { state: string; timer?: ReturnType<typeof setTimeout> }>();
	const send = (file: StreamedFile) => {
		const status = file.status();
		const before = last.get(file.id);
		clearTimeout(before?.timer);
		last.set(file.id, { state: shapeOf(status) });
		pages.send({ kind: 'status', status });
	};
	return {
		changed(file: StreamedFile) {
			const before = last.get(file.id);
			if (before?.state !== shapeOf(file.status())) send(file);
			else before.timer ??= setTimeout(send, REPORT_INTERVAL, file);
		},
		forget(id: string) {
			clearTimeout(last.get(id)?.timer);
			last.delete(id);
		},
	};
}

/** What of a status is news, as opposed to progress. */
function shapeOf({
	state,
	complete,
	size,
	type,
	verifying,
	sequential,
	error,
}: ReturnType<StreamedFile['status']>): string {
	return [state, complete, size, type, verifying, sequential, error].join(' ');
}
