import type { Bytes } from '../core/bytes.ts';
import { openSegments, type SegmentCipher } from '../core/crypto/gcm.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import type { MediaStatus } from '../core/http/page-messages.ts';
import type { MediaRecord } from '../vault/media-record.ts';
import type { FileTable } from './find-table.ts';
import { makeItemReaders } from './item-readers.ts';
import { type ItemState, initialState, shownState } from './item-state.ts';
import { type ItemVault, makeItemStore } from './item-store.ts';
import { type LedgerStore, makeLedgerStore } from './ledger-store.ts';
import { LIMITS, type Limits } from './limits.ts';
import { type MediaHead, makePlaintextReader } from './plaintext-reader.ts';
import { makeRoomyLedger } from './roomy-ledger.ts';
import { makeSegmentBuffer } from './segment-buffer.ts';
import { createSegmentParts } from './segment-parts.ts';
import { createSignal } from './signal.ts';
import type { Upstream } from './upstream.ts';
import { isProven, makeVerifier } from './verifier.ts';

/** One file that is served: its state is in the vault, too, so that it can be opened again after the worker was ended. */
export interface StreamedFile {
	readonly id: string;
	readonly name: string;
	status(): MediaStatus;
	/**
	 * Starts loading; a small file that is only shown as a card is checked at once, and so is what was altered once: a
	 * player may show what it has kept, and ask for nothing. Throws MediaError.
	 */
	prime(): Promise<void>;
	/** Size and type, from the record or from the first bytes. Throws MediaError. */
	head(signal?: AbortSignal): Promise<MediaHead>;
	/** Whether bytes of this item may go to a decoder before the tag is right. */
	mustVerify(head: MediaHead): boolean;
	/**
	 * Loads what is missing, then checks the tag. Throws MediaError; `keep`: also `storage-full` as soon as not all of
	 * it can be kept, which is no failure of the item.
	 */
	verify(signal?: AbortSignal, options?: { keep?: boolean }): Promise<void>;
	/**
	 * The plaintext from `offset` to the end of its piece or segment; none if the file ends there, and is verified. Waits
	 * for the verdict where a decoder must not have it before, or, with `isSave`, where something of it was altered once.
	 * Throws MediaError.
	 */
	read(offset: number, signal: AbortSignal, isSave?: boolean): Promise<Bytes>;
	/** Resolves to the size once the tag is right; loads what is still missing. Throws MediaError. */
	verdict(): Promise<number>;
	/** The person has asked for it: it may be as large as it is, and lie where its host leads. */
	asked(): Promise<void>;
	/** Forgets errors and a tampered verdict; what was tampered with is verified first from now on. */
	retry(): Promise<void>;
	/** Ends what loads. Those who still read begin anew, unless it is forgotten: then they fail with `cancelled`. */
	close(isForgotten?: boolean): Promise<void>;
}

/** Opens an item. The record must have its keys. Throws MediaError `key-missing`. */
export async function openStreamedFile({
	record: stored,
	vault,
	changed,
	limits: usual = LIMITS,
	table,
	begun,
	cipher: known,
	fetch,
}: {
	record: MediaRecord;
	vault: ItemVault;
	/** the status may have changed */
	changed: () => void;
	limits?: Limits;
	/** the file's own table of tags, which fits its record */
	table?: FileTable | undefined;
	/** an answer from the start of the file that was begun already */
	begun?: Upstream | undefined;
	/** the file's own, where it is known already */
	cipher?: SegmentCipher;
	fetch?: typeof globalThis.fetch;
}): Promise<StreamedFile> {
	const { keys, iv } = stored;
	const limits = { ...usual, segment: stored.segment ?? usual.segment };
	if (keys === undefined) throw new MediaError('key-missing');
	const { id } = stored;
	const [cipher, rows, settings] = await Promise.all([
		known ?? openSegments({ keys, iv }),
		vault.ledger.load(id),
		vault.settings.get(),
	]);
	const parts = createSegmentParts(limits);
	const buffer = makeSegmentBuffer({ id, vault, limits });
	if (rows.length > 0) await buffer.load();
	const ledgerStore = makeLedgerStore({
		id,
		cipher,
		rows,
		size: stored.size,
		store: makeRoomyLedger(vault.ledger, (all) => buffer.makeRoom(all)),
		segment: limits.segment,
		isFixed: table !== undefined,
	});
	const state = takeUp(stored, ledgerStore, table !== undefined);
	const item = makeItemStore(state, vault, changed);
	const context = { id, vault, limits, cipher, item, ledgerStore, buffer, parts, table, changed };
	const verifier = makeVerifier(context, () => readers.close());
	const readers = makeItemReaders(context, verifier.conclude, begun, fetch);
	const asking = createSignal();
	const plaintext = makePlaintextReader(context, { readers, verifier, asking, mustVerify });

	function mustVerify({ kind, size }: MediaHead): boolean {
		return (
			kind === 'image' ||
			kind === 'file' ||
			size <= limits.verifyFirst ||
			item.state.record.verifyFirst ||
			// What was released would be forgotten with the worker.
			(table === undefined && (settings.verifyFirst || !vault.durable))
		);
	}

	/** After a change on the server, or a length that was wrong, the whole is tried once more. */
	async function twice<T>(work: () => Promise<T>): Promise<T> {
		try {
			return await work();
		} catch (thrown) {
			if (asMediaError(thrown).code !== 'changed' || item.state.changes !== 1) throw thrown;
			item.apply({ kind: 'recovered' });
			return work();
		}
	}

	async function head(signal?: AbortSignal): Promise<MediaHead> {
		const { error, changes } = item.state;
		if (error !== undefined && (changes > 1 || error.code === 'unasked')) throw error;
		item.apply({ kind: 'recovered' });
		return twice(() => plaintext.head(signal)).catch(verifier.fail);
	}

	async function verify(signal?: AbortSignal, { keep = false } = {}): Promise<void> {
		item.apply({ kind: 'verification', by: 1 });
		changed();
		try {
			await twice(async () => {
				await plaintext.head(signal);
				await plaintext.load(signal, keep);
				// Verified is verified, also where not all of it could be kept.
				await buffer.settle();
				if (keep) buffer.check();
			}).catch(verifier.fail);
			item.apply({ kind: 'recovered' });
			await plaintext.checkType();
		} finally {
			item.apply({ kind: 'verification', by: -1 });
			changed();
		}
	}

	return {
		id,
		name: stored.name,
		status: () => statusOf(item.state, ledgerStore.counted, readers.busy),
		async prime() {
			const isTooLarge = (bytes: number) => bytes > (item.state.record.unasked ?? bytes);
			// Its table has told before a whole segment of it comes.
			if (table !== undefined && isTooLarge(table.head.size)) return readers.close();
			const { kind, size } = await head();
			// It is known to be larger than may be downloaded automatically: the person has to ask for it.
			if (isTooLarge(size)) return void readers.close();
			const isSmall = kind === 'file' && size <= limits.verifyFirst;
			if (isSmall || item.state.record.verifyFirst) await verify();
		},
		head,
		mustVerify,
		verify,
		read: (...args) => twice(() => plaintext.read(...args)).catch(verifier.fail),
		async verdict() {
			await plaintext.load().catch(verifier.fail);
			return item.state.record.size ?? 0;
		},
		async asked() {
			if (item.state.error?.code === 'unasked') item.apply({ kind: 'recovered' });
			if (item.state.record.unasked === undefined) return;
			const done = item.patch({}, ['unasked']);
			asking.notify();
			await done;
		},
		async retry() {
			await verifier.settled();
			item.apply({ kind: 'retried' });
			// Verified first, because it was altered.
			if (item.state.record.verdict === 'tampered') await verifier.purge('none');
			await item.patch({}, ['spooled']);
		},
		async close(isForgotten = false) {
			if (isForgotten) item.apply({ kind: 'gone' });
			asking.notify();
			await readers.close();
			await Promise.all([buffer.settle(), ledgerStore.settle()]);
		},
	};
}

/** The state that an earlier worker left. */
function takeUp(stored: MediaRecord, ledgerStore: LedgerStore, isTagged: boolean): ItemState {
	// Rows and record are written one after the other, and a worker may die in between.
	const isUnproven = stored.verdict === 'verified' && !isProven(ledgerStore, stored);
	const record: MediaRecord = isUnproven
		? { ...stored, verdict: 'none', verifyFirst: true }
		: stored;
	const isPlayed = /^(?:audio|video)\//.test(record.type ?? '');
	const isShown = record.verdict === 'none' && !record.verifyFirst && isPlayed;
	const isReleased = isTagged ? ledgerStore.counted > 0 : ledgerStore.isReleased;
	return initialState(record, isReleased && isShown, isTagged);
}

/** What a figure shows of an item; `counted` in bytes, `busy`: somebody waits for it. */
export function statusOf(state: ItemState, counted: number, busy: boolean): MediaStatus {
	const { record, error, verifying } = state;
	const { id, size, type, label, sequential = false } = record;
	return {
		id,
		state: shownState(state, busy),
		complete: record.verdict === 'verified',
		counted,
		verifying: verifying > 0,
		sequential,
		...(size === undefined ? {} : { size }),
		...(type === undefined ? {} : { type }),
		...(label === undefined ? {} : { label }),
		...(error === undefined ? {} : { error: error.code, detail: error.detail }),
	};
}
