import { type Bytes, concatBytes } from '../core/bytes.ts';
import { openSegments } from '../core/crypto/gcm.ts';
import type { SegmentTable, TableHead } from '../core/crypto/segment-tags.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import type { MediaRecord } from '../vault/media-record.ts';
import type { MediaPatch } from '../vault/media-records.ts';
import { findTable, readTable, type TableKeys } from './find-table.ts';
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
		const record = { ...state.record, ...known, ...(keys && { keys }) };
		state = { ...state, record };
		const kept = isToFind(record) ? await keptTable(tableKeys, record, vault) : undefined;
		if (kept !== undefined || !isToFind(record)) {
			dropAnswer()?.catch(() => undefined);
			return openWith(record, kept);
		}
		const { table, begun } = await (asking ?? ask(record));
		return openWith(record, table, begun);
	}

	async function openWith(
		record: MediaRecord,
		table: SegmentTable | undefined,
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
		// What is lost with a worker that is killed now is found again.
		void vault.media.patch(id, change).catch(() => undefined);
		return openStreamedFile({
			...opening,
			cipher,
			record: { ...record, ...change },
			...(isOther ? {} : { table, begun }),
		});
	}

	/** The file with its table, or without one if it has none. */
	function found(): Promise<StreamedFile> {
		if (state.isGone) return Promise.reject(new MediaError('cancelled'));
		if (finding !== undefined) return finding;
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
				changed();
				throw error;
			},
		);
		changed();
		return finding;
	}

	return {
		id,
		name,
		status: () => file?.status() ?? statusOf(state, 0, finding !== undefined),
		prime: async () => (await found()).prime(),
		head: async (signal) => (await found()).head(signal),
		// Nobody knows its head before it was found.
		mustVerify: (head) => file?.mustVerify(head) ?? true,
		verify: async (...args) => (await found()).verify(...args),
		read: async (...args) => (await found()).read(...args),
		verdict: async () => (await found()).verdict(),
		async asked() {
			if (state.error?.code === 'unasked') state = reduceItem(state, { kind: 'recovered' });
			state = reduceItem(state, { kind: 'patched', change: {}, cleared: ['unasked'] });
			if (file !== undefined) return file.asked();
			await vault.media.patch(id, {}, ['unasked']).catch(() => undefined);
			// It may be found at this moment, as somebody has not asked for it.
			await finding?.then((opened) => opened.asked()).catch(() => undefined);
		},
		async retry() {
			state = reduceItem(state, { kind: 'retried' });
			await file?.retry();
		},
		async close(isForgotten = false) {
			if (isForgotten) state = reduceItem(state, { kind: 'gone' });
			if (file === undefined) abort.abort();
			await finding?.then((opened) => opened.close(isForgotten)).catch(() => undefined);
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
): Promise<SegmentTable | undefined> {
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
