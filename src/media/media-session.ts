import { type Bytes, equalBytes } from '../core/bytes.ts';
import { MAX_PLAINTEXT, openSegments, TAG_LENGTH } from '../core/crypto/gcm.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import { SNIFF_LENGTH, sniffMediaType } from '../core/formats/media-type.ts';
import type { MediaState, MediaStatus } from '../core/http/page-messages.ts';
import type { MediaRecord } from '../vault/media-record.ts';
import type { MediaPatch } from '../vault/media-records.ts';
import type { Vault } from '../vault/vault.ts';
import { abortable } from './abortable.ts';
import type { CiphertextReader } from './ciphertext-reader.ts';
import { readKept } from './kept-plaintext.ts';
import { createTally } from './ledger-store.ts';
import { LIMITS, type Limits } from './limits.ts';
import { pictureObjection } from './picture-check.ts';
import type { FileView, ReaderCommit, ReaderEvent } from './reader-context.ts';
import type { Purpose } from './reader-demand.ts';
import { makeReaderPool } from './reader-pool.ts';
import { makeRoomyLedger } from './roomy-ledger.ts';
import { createSegmentShelf } from './segment-buffer.ts';
import { createSegmentParts } from './segment-parts.ts';
import { createSignal } from './signal.ts';
import { openUpstream, type Upstream } from './upstream.ts';

/** Enough of a file's start to tell what it is. */
const HEAD_LENGTH = 512;

/** What a response needs to know before its headers. */
export interface MediaHead {
	readonly size: number;
	readonly type: string;
	readonly kind: 'image' | 'audio' | 'video' | 'file';
}

/** One item while it is worked with: everything it knows is in the vault, too, and it can be made anew from there. */
export interface MediaSession {
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
	/** Somebody has asked for it: it may be as large as it is, and lie where its host leads. */
	asked(): Promise<void>;
	/** Forgets errors and a tampered verdict; what was tampered with is verified first from now on. */
	retry(): Promise<void>;
	/** Ends what loads. Who still reads begins anew, unless it is forgotten: then they fail with `cancelled`. */
	close(isForgotten?: boolean): Promise<void>;
}

/** Opens an item. The record must have its keys. Throws MediaError `key-missing`. */
export async function openMediaSession({
	record: stored,
	vault,
	changed,
	limits = LIMITS,
	fetch,
}: {
	record: MediaRecord;
	vault: Pick<Vault, 'durable' | 'media' | 'ledger' | 'segments' | 'previews' | 'settings'>;
	/** the status may have changed */
	changed: () => void;
	limits?: Limits;
	fetch?: typeof globalThis.fetch;
}): Promise<MediaSession> {
	const { keys, iv } = stored;
	if (keys === undefined) throw new MediaError('key-missing');
	const { id } = stored;
	const [cipher, rows, settings] = await Promise.all([
		openSegments({ keys, iv }),
		vault.ledger.load(id),
		vault.settings.get(),
	]);
	const parts = createSegmentParts(limits);
	const shelf = createSegmentShelf({ id, vault, limits });
	if (rows.length > 0) await shelf.load();

	let record = stored;
	let error: MediaError | undefined;
	/** how often the file changed while loading; the second time is final until a retry */
	let changes = 0;
	/** the browser takes no answer of this server to a Range */
	let isPlain = false;
	/** the size is that of an answer which ended before it was announced to */
	let isGuessed = false;
	/** counts how often what was counted was forgotten */
	let era = 0;
	/** what was counted is being forgotten */
	let purging: { readonly done: Promise<void> } | undefined;
	/** those that `fail` has dealt with: several readers may fail by the same one */
	const failures = new WeakSet<MediaError>();
	let verifying = 0;
	let isTypeChecked = false;
	/** bytes that were fetched to be shown, while nobody had asked for it */
	let fetched = 0;
	const asking = createSignal();
	/** nobody wants it any more: what still works on it must not load it anew */
	let isGone = false;
	const store = makeRoomyLedger(vault.ledger, (all) => shelf.makeRoom(all));
	const tally = createTally({
		id,
		cipher,
		rows,
		size: record.size,
		store,
		segment: limits.segment,
	});
	// Rows and record are written one after the other, and a worker may die in between.
	if (record.verdict === 'verified' && !isProven())
		record = { ...record, verdict: 'none', verifyFirst: true };
	/** somebody is shown what is not verified */
	let released =
		tally.isReleased &&
		record.verdict === 'none' &&
		!record.verifyFirst &&
		/^(?:audio|video)\//.test(record.type ?? '');

	function patch(change: MediaPatch, cleared: readonly (keyof MediaPatch)[] = []): Promise<void> {
		const next = { ...record, ...change };
		for (const name of cleared) delete next[name];
		record = next;
		changed();
		// A record that cannot be written costs a second look after the worker's death, nothing else.
		return vault.media.patch(id, change, cleared).catch(() => undefined);
	}

	async function open(offset: number, end?: number): Promise<Upstream> {
		const follows = record.unasked === undefined;
		const options = { idle: limits.idle, plain: isPlain, follows, ...(fetch ? { fetch } : {}) };
		// A file of ours may have been uploaded since.
		const url = record.url || (await vault.media.get(id))?.url;
		if (!url) throw new MediaError('not-found');
		const upstream = await openUpstream(url, offset, { ...options, end });
		isPlain ||= upstream.plain;
		if (end === undefined || upstream.ranged || upstream.plain) return upstream;
		upstream.cancel();
		await patch({ bounded: false });
		return openUpstream(url, offset, options);
	}

	/** Learns from an answer: its size, its ETag, and whether the server seeks. Throws MediaError `changed`. */
	function learn(upstream: Upstream, asked: number): void {
		learnEtag(upstream);
		// Prosody 0.12 seeks, but only to ranges without an end, and never from the start.
		if (asked === 0 && upstream.ranged && record.bounded === undefined)
			void patch({ bounded: true });
		if (asked > 0 && !upstream.ranged) {
			if (record.sequential !== true) void patch({ sequential: true });
			if (readers.open > 1) throw new MediaError('cancelled');
		}
		if (upstream.total === undefined || record.spooled === true) return;
		const { ledger } = tally;
		if (ledger !== undefined) {
			if (upstream.total === ledger.size + TAG_LENGTH) return;
			misannounced();
			throw new MediaError('changed');
		}
		if (tally.fits(upstream.total - TAG_LENGTH)) learnTotal(upstream.total);
		// More was released than it says there is: only the end of the file tells.
		else misannounced();
	}

	/** Throws MediaError `too-short` or `tampered`. */
	function learnTotal(total: number): void {
		if (total < TAG_LENGTH) throw new MediaError('too-short');
		if (!tally.fits(total - TAG_LENGTH))
			throw new MediaError('tampered', { detail: { played: true } });
		tally.start(total - TAG_LENGTH);
		void patch({ size: total - TAG_LENGTH });
	}

	/** No announcement is believed any more. */
	function misannounced(): void {
		void patch({ spooled: true });
	}

	/** The end came before it was announced. Throws MediaError `changed` if more is known of the file. */
	function learnEarlyEnd(total: number): void {
		misannounced();
		// A second end that is not the first one: another stream may wait for bytes that lie behind its own.
		if (isGuessed || total < TAG_LENGTH || !tally.fits(total - TAG_LENGTH))
			throw new MediaError('changed');
		tally.start(total - TAG_LENGTH);
		isGuessed = true;
		void patch({ size: total - TAG_LENGTH });
	}

	const file: FileView = {
		get size() {
			return tally.ledger?.size;
		},
		get most() {
			return Math.min(record.unasked ?? MAX_PLAINTEXT, MAX_PLAINTEXT) + TAG_LENGTH;
		},
		get unasked() {
			return record.unasked !== undefined;
		},
		get bounded() {
			return record.bounded === true;
		},
		holds: (index) => tally.holds(index),
		has: (index) =>
			index < (tally.ledger?.segments ?? 0) &&
			record.sequential !== true &&
			tally.ghashOf(index) !== undefined &&
			shelf.has(index),
	};

	function handle(event: ReaderEvent): void {
		if (event.kind === 'answered') learn(event.upstream, event.asked);
		else if (event.kind === 'ended') learnTotal(event.total);
		else if (event.kind === 'ended-early') learnEarlyEnd(event.total);
		else if (event.kind === 'misannounced') misannounced();
		else if (event.kind === 'part') parts.put(event.index, event.from, event.bytes);
		else changed();
	}

	async function commit(step: ReaderCommit): Promise<boolean> {
		if (step.kind === 'release') return tally.release(step.index, step.piece, step.before);
		if (step.kind === 'segment') {
			await tally.count(step.index, step.bytes, step.ghash, step.own);
			await shelf.put(step.index, step.bytes);
		} else {
			if (record.tag !== undefined && !equalBytes(record.tag, step.tag))
				throw new MediaError('tampered');
			if (record.tag === undefined) void patch({ tag: step.tag });
		}
		await conclude();
		return true;
	}

	const readers = makeReaderPool(
		{ cipher, limits, file, open, emit: handle, commit },
		{
			get sequential() {
				return record.sequential === true || tally.ledger === undefined;
			},
			holds: (index) => tally.holds(index) || record.verifyFirst,
		},
	);

	function learnEtag({ etag }: Upstream): void {
		if (etag === undefined) return;
		if (record.etag !== undefined && opaqueTag(record.etag) !== opaqueTag(etag))
			throw new MediaError('changed');
		if (record.etag === undefined) void patch({ etag });
	}

	/** With every segment and the tag: the verdict. */
	async function conclude(): Promise<void> {
		const { ledger } = tally;
		if (ledger?.complete !== true || record.tag === undefined || record.verdict !== 'none') return;
		if (!isProven()) throw new MediaError(isGuessed ? 'changed' : 'tampered');
		const begun = era;
		await tally.confirm();
		const isCurrent = () => begun === era && purging === undefined && record.verdict === 'none';
		if (!isCurrent()) return;
		// First on the disk: other workers must know before anybody is told.
		await vault.media.patch(id, { verdict: 'verified' }).catch(() => undefined);
		try {
			// Another one may have forgotten what was counted before it could know. It looks for the verdict after that.
			await tally.confirm();
		} catch (thrown) {
			if ((await storedVerdict()) === 'verified')
				await vault.media.patch(id, { verdict: 'none', verifyFirst: true }).catch(() => undefined);
			throw thrown;
		}
		if (isCurrent()) await patch({ verdict: 'verified' });
	}

	/** As any worker has written it down. */
	async function storedVerdict(): Promise<MediaRecord['verdict'] | undefined> {
		return (await vault.media.get(id).catch(() => undefined))?.verdict;
	}

	/** Whether all is counted, and the tag is right. */
	function isProven(): boolean {
		const { ledger } = tally;
		if (ledger?.complete !== true || record.tag === undefined) return false;
		return equalBytes(ledger.tag(), record.tag);
	}

	/** What a failure means for the item as a whole. Always throws. */
	async function fail(thrown: unknown): Promise<never> {
		const failure = asMediaError(thrown);
		if (failure.code === 'cancelled') throw failure;
		// Several readers fail by one failure, and it is one purge.
		const isKnown = failures.has(failure);
		failures.add(failure);
		while (purging !== undefined) await purging.done;
		if (isKnown) throw failure;
		if (failure.code === 'changed') changes += 1;
		const isPurged = failure.code === 'tampered' && record.verdict === 'tampered';
		if (failure.code === 'changed') await purge('none');
		if (failure.code === 'tampered' && !isPurged) await purge('tampered');
		// Why it was purged says more than that it was.
		if (!isPurged || error === undefined) error = failure;
		changed();
		throw failure;
	}

	/** Forgets what was counted, and begins another era; one at a time. */
	async function purge(verdict: 'none' | 'tampered'): Promise<void> {
		era += 1;
		// Not at once: whoever looks while it goes on must find `purging` set.
		const done = Promise.resolve().then(() => forget(verdict));
		purging = { done };
		await done.finally(() => {
			purging = undefined;
		});
	}

	async function forget(verdict: 'none' | 'tampered'): Promise<void> {
		const closed = readers.close();
		released = false;
		isTypeChecked = false;
		isGuessed = false;
		const fields = [
			...(['size', 'type', 'label', 'width', 'height', 'duration', 'preview'] as const),
			...(['tag', 'etag', 'sequential', 'bounded'] as const),
		];
		// What was verified once, by whatever worker, is never played before it is again.
		const verdicts = [record.verdict, await storedVerdict()];
		const proven = verdicts.includes('verified');
		const first = proven || verdict === 'tampered' || verdicts.includes('tampered');
		record = { ...record, verdict };
		// A verdict that another worker writes down meanwhile is not to be lost.
		const told = verdict === 'tampered' ? { verdict } : {};
		await patch({ ...told, ...(first ? { verifyFirst: true } : {}) }, fields);
		// What a reader was about to write down would outlive the purge.
		await closed;
		parts.clear();
		await Promise.all([
			tally.clear(proven).catch(() => undefined),
			shelf.clear(),
			vault.previews.remove(id).catch(() => undefined),
		]);
		const isProvenSince = (await storedVerdict()) === 'verified';
		await patch({ verdict, ...(isProvenSince ? { verifyFirst: true } : {}) });
	}

	/**
	 * A reader that leads to an offset; undefined if what was counted has been forgotten since, or is now: the caller must
	 * begin anew. `before` is the one that was followed until now: it may have failed while nobody waited for it.
	 */
	function readerAt(
		offset: number,
		begun: number,
		before: CiphertextReader | undefined,
	): CiphertextReader | undefined {
		if (begun !== era || isGone) return undefined;
		if (before?.error !== undefined && before.error.code !== 'cancelled') throw before.error;
		return readers.readerFor(offset);
	}

	/** Lets a reader go on until something changes; its failure is ours, unless it is seen to already. */
	async function follow(
		reader: CiphertextReader,
		offset: number,
		purpose: Purpose,
		signal?: AbortSignal,
	): Promise<void> {
		if (signal?.aborted) throw new MediaError('cancelled');
		const begun = era;
		await reader.advance(offset, purpose, signal);
		const failure = reader.error;
		if (failure === undefined || failure.code === 'cancelled') return;
		if (begun === era || failures.has(failure)) await fail(failure);
	}

	/** Resolves to the era in which somebody may read on. */
	async function guard(): Promise<number> {
		while (purging !== undefined) await purging.done;
		if (isGone) throw new MediaError('cancelled');
		if (record.verdict === 'tampered') throw new MediaError('tampered');
		if (error?.code === 'unasked') throw error;
		return era;
	}

	/** After a change on the server, or a length that was wrong, the whole is tried once more. */
	async function twice<T>(work: () => Promise<T>): Promise<T> {
		try {
			return await work();
		} catch (thrown) {
			if (asMediaError(thrown).code !== 'changed' || changes !== 1) throw thrown;
			error = undefined;
			return work();
		}
	}

	async function learnHead(signal?: AbortSignal): Promise<MediaHead> {
		let reader: CiphertextReader | undefined;
		for (;;) {
			const begun = await guard();
			const { size, type } = record;
			if (size !== undefined && type !== undefined) return { size, type, kind: kindOf(type) };
			const isCounted = tally.ledger !== undefined && tally.ghashOf(0) !== undefined;
			const kept = isCounted ? (await shelf.get(0))?.bytes : undefined;
			// Nothing is waited for from here on, so that no change of the reader is missed.
			let bytes = kept ?? headOf(reader);
			if (bytes === undefined) {
				reader = readerAt(0, begun, reader);
				bytes = headOf(reader);
			}
			if (bytes !== undefined) {
				const plain = await cipher.decrypt(0, bytes.slice(0, 4096));
				const sniffed = sniffMediaType(plain);
				const label = sniffed.label === undefined ? {} : { label: sniffed.label };
				if (begun === era) void patch({ type: sniffed.type, ...label });
			} else if (reader !== undefined) await follow(reader, 0, 'look', signal);
		}
	}

	/** The first bytes of the file, if enough of them have come. */
	function headOf(reader: CiphertextReader | undefined): Bytes | undefined {
		const { ledger } = tally;
		if (ledger === undefined) return undefined;
		const enough = Math.min(HEAD_LENGTH, limits.segment, ledger.size);
		if (enough === 0) return new Uint8Array(0);
		const fed = reader?.head();
		return fed !== undefined && fed.length >= enough ? fed : undefined;
	}

	async function read(offset: number, signal: AbortSignal, isSave = false): Promise<Bytes> {
		const index = Math.floor(offset / limits.segment);
		let reader: CiphertextReader | undefined;
		for (;;) {
			const begun = await guard();
			if (signal.aborted) throw new MediaError('cancelled');
			const head = await learnHead(signal);
			if (begun !== era) continue;
			// The file is not as long as it was said to be when the answer began.
			if (offset >= head.size && record.verdict === 'verified') return new Uint8Array(0);
			if (offset >= head.size) {
				await loadAll(signal);
				continue;
			}
			if (record.verdict === 'none' && (isSave ? record.verifyFirst : session.mustVerify(head))) {
				await loadAll(signal);
				continue;
			}
			const ghash = tally.ghashOf(index);
			const kept = tally.ledger && (await readKept(offset, { cipher, shelf, tally, limits }));
			if (kept !== undefined && (await mayRelease(index, ghash, begun))) return noteReleased(kept);
			if (kept !== undefined) continue;
			if (!isSave && isWithheld(head, offset)) {
				// Nothing more comes over the line for what somebody may never look at.
				void readers.close();
				await abortable(asking.wait(), signal);
				continue;
			}
			const part = parts.get(offset);
			reader = part === undefined ? readerAt(offset, begun, reader) : undefined;
			const piece = part ?? reader?.peek(offset);
			if (piece !== undefined) {
				const counted = tally.ghashOf(index);
				const plain = await cipher.decrypt(piece.start, piece.bytes);
				if (await mayRelease(index, counted, begun)) {
					fetched += plain.length;
					return noteReleased(plain.subarray(offset - piece.start));
				}
			} else if (reader !== undefined) await follow(reader, offset, 'read', signal);
		}
	}

	/** Enough of a video is here to show what it is; where a server cannot skip, its end is not fetched for that. */
	function isWithheld({ kind, size }: MediaHead, offset: number): boolean {
		if (record.unasked === undefined || kind !== 'video' || size <= 2 * limits.unasked)
			return false;
		const isFar = record.sequential === true && offset > limits.unasked;
		return fetched >= limits.unasked || isFar;
	}

	/** Writes down what is about to be released of a counted segment; pieces of others are written down as they come. */
	async function mayRelease(
		index: number,
		ghash: Bytes | undefined,
		begun: number,
	): Promise<boolean> {
		const isNoted = record.verdict === 'verified' || ghash === undefined;
		return (isNoted || (await tally.releaseWhole(index, ghash))) && begun === era;
	}

	function noteReleased(plain: Bytes): Bytes {
		if (!released && record.verdict === 'none') {
			released = true;
			changed();
		}
		return plain;
	}

	async function loadAll(signal?: AbortSignal, keep = false): Promise<void> {
		let reader: CiphertextReader | undefined;
		for (;;) {
			const begun = await guard();
			// An earlier worker may have died between the last segment and the verdict.
			await conclude();
			if (record.verdict === 'verified') return;
			if (keep) shelf.check();
			const missing = tally.firstMissing();
			reader = readerAt(missing, begun, reader);
			if (reader !== undefined) await follow(reader, missing, 'load', signal);
		}
	}

	/**
	 * What it is by its verified bytes: those that told it at first may have been others. A picture too large to decode, or
	 * that hides its size, is a file like any other.
	 */
	async function checkType(): Promise<void> {
		const { size = 0 } = record;
		if (isTypeChecked || size === 0) return;
		const { signal } = new AbortController();
		const isPicture = record.type?.startsWith('image/') === true;
		const first = isPicture
			? await read(0, signal)
			: await readKept(0, { cipher, shelf, tally, limits });
		// What is no picture is not asked for only to be looked at.
		if (first === undefined) return;
		const { kind, type, label } = sniffMediaType(first.subarray(0, SNIFF_LENGTH));
		const objection =
			kind === 'image'
				? await pictureObjection(type, size, (offset) => read(offset, signal))
				: undefined;
		if (objection !== undefined)
			await patch({ type: 'application/octet-stream', label: objection });
		else if (type !== record.type)
			await patch({ type, ...(label && { label }) }, label ? [] : ['label']);
		isTypeChecked = true;
	}

	const session: MediaSession = {
		id,
		name: record.name,
		status: () => {
			const { size, type, label, sequential = false } = record;
			const failure = error;
			return {
				id,
				state: stateOf(),
				counted: tally.counted,
				verifying: verifying > 0,
				sequential,
				...(size === undefined ? {} : { size }),
				...(type === undefined ? {} : { type }),
				...(label === undefined ? {} : { label }),
				...(failure === undefined ? {} : { error: failure.code, detail: failure.detail }),
			};
		},
		async prime() {
			const { kind, size } = await session.head();
			// It is known to be larger than may load by itself: who wants it has to ask.
			if (size > (record.unasked ?? size)) return void readers.close();
			const isSmall = kind === 'file' && size <= limits.verifyFirst;
			if (isSmall || record.verifyFirst) await session.verify();
		},
		async head(signal) {
			if (error !== undefined && (changes > 1 || error.code === 'unasked')) throw error;
			error = undefined;
			return twice(() => learnHead(signal)).catch(fail);
		},
		mustVerify: ({ kind, size }) =>
			kind === 'image' ||
			kind === 'file' ||
			size <= limits.verifyFirst ||
			record.verifyFirst ||
			settings.verifyFirst ||
			// What was released would be forgotten with the worker.
			!vault.durable,
		async verify(signal, { keep = false } = {}) {
			verifying += 1;
			changed();
			try {
				await twice(async () => {
					await learnHead(signal);
					await loadAll(signal, keep);
					// Verified is verified, also where not all of it could be kept.
					await shelf.settle();
					if (keep) shelf.check();
				}).catch(fail);
				error = undefined;
				await checkType();
			} finally {
				verifying -= 1;
				changed();
			}
		},
		read: (...args) => twice(() => read(...args)).catch(fail),
		async verdict() {
			await loadAll().catch(fail);
			return record.size ?? 0;
		},
		async asked() {
			if (error?.code === 'unasked') error = undefined;
			if (record.unasked === undefined) return;
			const done = patch({}, ['unasked']);
			asking.notify();
			await done;
		},
		async retry() {
			while (purging !== undefined) await purging.done;
			error = undefined;
			changes = 0;
			// Verified first, because it was altered.
			if (record.verdict === 'tampered') await purge('none');
			await patch({}, ['spooled']);
		},
		async close(isForgotten = false) {
			isGone ||= isForgotten;
			asking.notify();
			await readers.close();
			await shelf.settle();
		},
	};

	function stateOf(): MediaState {
		// 'Altered' is said once nothing of it is kept.
		if (purging !== undefined) return 'loading';
		if (record.verdict !== 'none') return record.verdict;
		if (error?.code === 'expired') return 'expired';
		if (error?.code === 'host-refused') return 'blocked';
		const isFailure = !['storage-full', 'unasked', undefined].includes(error?.code);
		if (isFailure) return 'failed';
		if (released) return 'unverified';
		return verifying > 0 || readers.busy ? 'loading' : 'idle';
	}

	return session;
}

/** As the weak comparison sees it (RFC 9110 section 8.8.3.2): servers weaken the tag of what they zip. */
function opaqueTag(etag: string): string {
	return etag.replace(/^W\//, '');
}

function kindOf(type: string): MediaHead['kind'] {
	const [kind] = type.split('/');
	return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
}
