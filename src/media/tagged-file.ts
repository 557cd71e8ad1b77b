import { type Bytes, concatBytes } from '../core/bytes.ts';
import { openSegments } from '../core/crypto/gcm.ts';
import type { SegmentTable } from '../core/crypto/segment-tags.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import type { MediaRecord } from '../vault/media-record.ts';
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
	const tableKeys: TableKeys = { key: keys.tags, cipher: await openSegments({ keys, iv }) };
	let state: ItemState = initialState(stored, false, true);
	let file: StreamedFile | undefined;
	let finding: Promise<StreamedFile> | undefined;
	let abort = new AbortController();

	async function find(): Promise<StreamedFile> {
		// Another worker may have found it meanwhile, or seen to it as a whole.
		const known = await vault.media.get(id).catch(() => undefined);
		const record = { ...state.record, ...known, ...(keys && { keys }) };
		state = { ...state, record };
		if (!isToFind(record)) return openStreamedFile({ ...opening, record });
		const kept = await keptTable(tableKeys, record, vault);
		const follows = record.unasked === undefined;
		abort = new AbortController();
		const options = { limits, follows, signal: abort.signal, ...(fetch ? { fetch } : {}) };
		const { table, begun } =
			kept === undefined
				? await findTable(tableKeys, url, options)
				: { table: kept, begun: undefined };
		return open(table, begun);
	}

	async function open(table: SegmentTable | undefined, begun?: Upstream): Promise<StreamedFile> {
		const { record } = state;
		const { size, segmentSize: segment = record.segment } = table?.head ?? {};
		const isOther = record.segment !== undefined && record.segment !== segment;
		// Only who wrote the file can make two tables for it.
		if (isOther) begun?.cancel();
		const change =
			table === undefined || isOther
				? { verifyFirst: true, ...(isOther ? { verdict: 'tampered' as const } : {}) }
				: { size: size ?? 0, segment: segment ?? limits.segment };
		await vault.media.patch(id, change).catch(() => undefined);
		return openStreamedFile({
			...opening,
			record: { ...record, ...change },
			...(isOther ? {} : { table, begun }),
		});
	}

	/** The file with its table, or without one if it has none. */
	function found(): Promise<StreamedFile> {
		if (state.isGone) return Promise.reject(new MediaError('cancelled'));
		if (finding !== undefined) return finding;
		state = reduceItem(state, { kind: 'recovered' });
		finding = find().then(
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
