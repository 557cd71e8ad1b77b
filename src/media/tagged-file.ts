import { type Bytes, concatBytes } from '../core/bytes.ts';
import { openSegments } from '../core/crypto/gcm.ts';
import type { TableHead } from '../core/crypto/segment-tags.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import type { MediaRecord } from '../vault/media-record.ts';
import type { MediaPatch } from '../vault/media-records.ts';
import { abortable } from './abortable.ts';
import { type FileTable, findTable, readTable, type TableKeys } from './find-table.ts';
import { type ItemState, initialState, reduceItem } from './item-state.ts';
import { LIMITS } from './limits.ts';
import { openStreamedFile, type StreamedFile, statusOf } from './streamed-file.ts';
import type { Upstream } from './upstream.ts';

type Opening = Parameters<typeof openStreamedFile>[0];

/**
 * Opens an item. If its IV says that it has a table of tags, that is found before anything else is done with the file, when it is
 * first needed (docs/segment-tags.md, "Reading"). Throws MediaError `key-missing`.
 */
export async function openMediaFile(opening: Opening): Promise<StreamedFile> {
	return isToFind(opening.record) ? openTaggedFile(opening) : openStreamedFile(opening);
}

/** What is verified as a whole needs no table, be it because it was altered once. */
function isToFind({ keys, url, verdict, verifyFirst }: MediaRecord): boolean {
	return keys?.tags !== undefined && url !== '' && verdict === 'none' && !verifyFirst;
}

async function openTaggedFile(opening: Opening): Promise<StreamedFile> {
	const { record: stored, vault, changed, limits = LIMITS, fetch } = opening;
	const { id, keys, iv, url, name } = stored;
	if (keys?.tags === undefined) throw new MediaError('key-missing');
	const cipher = await openSegments({ keys, iv });
	const tableKeys: TableKeys = { key: keys.tags, cipher };
	let state: ItemState = initialState(stored, false, true);
	let file: StreamedFile | undefined;
	let finding: Promise<StreamedFile> | undefined;
	let abort = new AbortController();
	/** the person has asked for it since it was opened */
	let isAsked = false;

	function ask({ unasked }: MediaRecord): ReturnType<typeof findTable> {
		abort = new AbortController();
		const follows = unasked === undefined;
		const options = { limits, follows, signal: abort.signal, ...(fetch ? { fetch } : {}) };
		return findTable(tableKeys, url, options);
	}

	async function resolve(): Promise<StreamedFile> {
		// Nothing of it can be here yet: nobody needs to wait for the disk.
		const asking = state.record.segment === undefined ? ask(state.record) : undefined;
		const dropAnswer = () => asking?.then(({ begun }) => begun.cancel());
		asking?.catch(() => undefined);
		// Another worker may have found it meanwhile, or seen to it as a whole.
		const known = await vault.media.get(id).catch(() => undefined);
		const { unasked, ...record }: MediaRecord = {
			...state.record,
			...known,
			...(keys && { keys }),
		};
		if (unasked !== undefined && !isAsked) Object.assign(record, { unasked });
		state = { ...state, record };
		const kept = isToFind(record) ? await keptTable(tableKeys, record, vault) : undefined;
		if (kept !== undefined || !isToFind(record)) {
			dropAnswer()?.catch(() => undefined);
			return openWith(record, kept);
		}
		let answer = await (asking ?? ask(record));
		if (answer.table === undefined) {
			// A segment is fetched twice, too.
			answer.begun.cancel();
			answer = await ask(record);
		}
		return openWith(record, answer.table, answer.begun);
	}

	async function openWith(
		record: MediaRecord,
		table: FileTable | undefined,
		begun?: Upstream,
	): Promise<StreamedFile> {
		const isOther = table !== undefined && !isSame(record, table.head);
		let change: MediaPatch = {};
		if (isOther) {
			// Only who wrote the file can make two tables for it.
			change = { verdict: 'tampered', verifyFirst: true };
			begun?.cancel();
		} else if (table !== undefined) {
			const { size, segmentSize } = table.head;
			change = { size, segment: segmentSize };
		} else if (isToFind(record)) change = { verifyFirst: true };
		// Before anything is counted in its segments.
		const written = vault.media.patch(id, change).catch(() => undefined);
		const opened = await openStreamedFile({
			...opening,
			cipher,
			record: { ...record, ...change },
			...(isOther ? {} : { table, begun }),
		}).catch((thrown: unknown) => {
			begun?.cancel();
			throw thrown;
		});
		await written;
		return opened;
	}

	/** The file with its table, or without one if it has none. */
	function found(): Promise<StreamedFile> {
		if (state.isGone) return Promise.reject(new MediaError('cancelled'));
		if (finding !== undefined) return finding;
		// The host is not asked again before the person has asked.
		if (state.error?.code === 'unasked') return Promise.reject(state.error);
		state = reduceItem(state, { kind: 'recovered' });
		finding = resolve().then(
			(opened) => {
				file = opened;
				changed();
				return opened;
			},
			(thrown: unknown) => {
				finding = undefined;
				const error = asMediaError(thrown);
				if (error.code !== 'cancelled') state = reduceItem(state, { kind: 'failed', error });
				if (!state.isGone) changed();
				throw error;
			},
		);
		changed();
		return finding;
	}

	/** The same for somebody who may go away meanwhile. */
	async function foundFor(signal: AbortSignal | undefined): Promise<StreamedFile> {
		const opened = found();
		await abortable(
			opened.then(() => undefined),
			signal,
		);
		return opened;
	}

	return {
		id,
		name,
		status: () => file?.status() ?? statusOf(state, 0, finding !== undefined),
		prime: async () => (await found()).prime(),
		head: async (signal) => (await foundFor(signal)).head(signal),
		// Nobody knows its head before it was found.
		mustVerify: (head) => file?.mustVerify(head) ?? true,
		verify: async (signal, options) => (await foundFor(signal)).verify(signal, options),
		read: async (offset, signal, isSave) => (await foundFor(signal)).read(offset, signal, isSave),
		verdict: async () => (await found()).verdict(),
		async asked() {
			isAsked = true;
			if (state.error?.code === 'unasked') state = reduceItem(state, { kind: 'recovered' });
			state = reduceItem(state, { kind: 'patched', change: {}, cleared: ['unasked'] });
			if (file !== undefined) return file.asked();
			await vault.media.patch(id, {}, ['unasked']).catch(() => undefined);
			// It may be found at this moment, as somebody has not asked for it.
			finding?.then((opened) => opened.asked()).catch(() => undefined);
		},
		async retry() {
			state = reduceItem(state, { kind: 'retried' });
			await file?.retry();
		},
		async close(isForgotten = false) {
			if (isForgotten) state = reduceItem(state, { kind: 'gone' });
			const closing = finding?.then((opened) => opened.close(isForgotten)).catch(() => undefined);
			if (file !== undefined) await closing;
			else if (isForgotten) abort.abort();
		},
	};
}

/** Whether a table is the one by which the file was segmented, if it was. */
function isSame({ segment, size }: MediaRecord, head: TableHead): boolean {
	return (
		segment === undefined || (segment === head.segmentSize && (size ?? head.size) === head.size)
	);
}

/** The table in the segments that an earlier worker has kept. */
async function keptTable(
	keys: TableKeys,
	{ id, size, segment }: MediaRecord,
	{ segments }: Pick<Opening['vault'], 'segments'>,
): Promise<FileTable | undefined> {
	if (segment === undefined || size === undefined) return undefined;
	const kept: Bytes[] = [];
	let length = 0;
	const table = await readTable(keys, async (wanted) => {
		while (length < Math.min(wanted, size)) {
			const bytes = await segments.get(id, kept.length, segment);
			if (bytes === undefined || bytes.length === 0) break;
			kept.push(bytes);
			length += bytes.length;
		}
		return concatBytes(...kept).subarray(0, wanted);
	});
	return table?.head.size === size && table.head.segmentSize === segment ? table : undefined;
}
