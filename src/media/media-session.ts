import { type Bytes, equalBytes } from '../core/bytes.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import { openSegments, TAG_LENGTH } from '../core/gcm.ts';
import { sniffMediaType } from '../core/media-type.ts';
import type { MediaState, MediaStatus } from '../core/messages.ts';
import type { MediaRecord } from '../vault/media-record.ts';
import type { MediaPatch } from '../vault/media-records.ts';
import type { Vault } from '../vault/vault.ts';
import type { Feed, FeedOwner } from './feed.ts';
import { createFeedPool } from './feed-pool.ts';
import { readKept } from './kept-plaintext.ts';
import { LIMITS, type Limits } from './limits.ts';
import { pictureObjection } from './picture-check.ts';
import { makeRoomyLedger } from './roomy-ledger.ts';
import { createSegmentParts } from './segment-parts.ts';
import { createSegmentShelf } from './segment-shelf.ts';
import { createTally } from './tally.ts';
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
	/** Starts loading; a small file that is only shown as a card is checked at once. Throws MediaError. */
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
	/** The plaintext from `offset` to the end of its piece or segment; at least one byte. Throws MediaError. */
	read(offset: number, signal: AbortSignal): Promise<Bytes>;
	/** Resolves once the tag is right, without loading anything. Throws MediaError if what was counted is not all. */
	verdict(): Promise<void>;
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
	vault: Pick<Vault, 'media' | 'ledger' | 'segments' | 'previews' | 'settings'>;
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
		stored.verdict === 'tampered' ? [] : vault.ledger.load(id),
		vault.settings.get(),
	]);
	const parts = createSegmentParts(limits);
	const shelf = createSegmentShelf({ id, vault, limits });
	if (rows.length > 0) await shelf.load();

	let record = stored;
	let error: MediaError | undefined;
	/** how often the file changed while loading; the second time is final until a retry */
	let changes = 0;
	/** the announced length was wrong: load to the end before answering */
	let spooling = false;
	/** what was counted is being forgotten, because of this failure */
	let purging: { readonly failure: MediaError; readonly done: Promise<void> } | undefined;
	let verifying = 0;
	let released = rows.length > 0 && /^(?:audio|video)\//.test(record.type ?? '');
	let pixelsChecked = false;
	/** nobody wants it any more: what still works on it must not load it anew */
	let isGone = false;
	const store = makeRoomyLedger(vault.ledger, (all) => shelf.makeRoom(all));
	const tally = createTally({ id, cipher, rows, store, segment: limits.segment });
	if (record.size !== undefined) tally.start(record.size);

	function patch(change: MediaPatch, cleared: readonly (keyof MediaPatch)[] = []): Promise<void> {
		const next = { ...record, ...change };
		for (const name of cleared) delete next[name];
		record = next;
		changed();
		// A record that cannot be written costs a second look after the worker's death, nothing else.
		return vault.media.patch(id, change, cleared).catch(() => undefined);
	}

	const owner: FeedOwner = {
		cipher,
		limits,
		get size() {
			return tally.ledger?.size;
		},
		get bounded() {
			return record.bounded === true;
		},
		async open(offset, end) {
			const options = { idle: limits.idle, ...(fetch ? { fetch } : {}) };
			// A file of ours may have been uploaded since.
			const url = record.url || (await vault.media.get(id))?.url;
			if (!url) throw new MediaError('not-found');
			const upstream = await openUpstream(url, offset, { ...options, end });
			if (end === undefined || upstream.ranged) return upstream;
			upstream.cancel();
			await patch({ bounded: false });
			return openUpstream(url, offset, options);
		},
		learn(upstream, asked) {
			learnEtag(upstream);
			// Prosody 0.12 seeks, but only to ranges without an end, and never from the start.
			if (asked === 0 && upstream.ranged && record.bounded === undefined)
				void patch({ bounded: true });
			if (asked > 0 && !upstream.ranged) {
				if (record.sequential !== true) void patch({ sequential: true });
				if (feeds.open > 1) throw new MediaError('cancelled');
			}
			if (upstream.total === undefined || spooling) return;
			const { ledger } = tally;
			if (ledger === undefined) owner.learnTotal(upstream.total);
			else if (upstream.total !== ledger.size + TAG_LENGTH) throw new MediaError('changed');
		},
		learnTotal(total) {
			if (total < TAG_LENGTH) throw new MediaError('too-short');
			tally.start(total - TAG_LENGTH);
			void patch({ size: total - TAG_LENGTH });
		},
		overlong() {
			spooling = true;
			return new MediaError('changed');
		},
		holds: (index) => tally.holds(index),
		has: (index) =>
			index < (tally.ledger?.segments ?? 0) &&
			record.sequential !== true &&
			tally.ghashOf(index) !== undefined &&
			shelf.has(index),
		release: (index, piece) => tally.release(index, piece),
		async count(index, bytes, ghash, own) {
			await tally.count(index, bytes, ghash, own);
			await shelf.put(index, bytes);
			await conclude();
		},
		keepPart: (index, from, bytes) => parts.put(index, from, bytes),
		async seal(tag) {
			if (record.tag !== undefined && !equalBytes(record.tag, tag))
				throw new MediaError('tampered');
			if (record.tag === undefined) void patch({ tag });
			await conclude();
		},
		progress: changed,
	};
	const feeds = createFeedPool(owner, {
		get sequential() {
			return record.sequential === true || tally.ledger === undefined;
		},
		holds: (index) => tally.holds(index) || record.verifyFirst,
	});

	function learnEtag({ etag }: Upstream): void {
		if (etag === undefined) return;
		if (record.etag !== undefined && record.etag !== etag) throw new MediaError('changed');
		if (record.etag === undefined) void patch({ etag });
	}

	/** With every segment and the tag: the verdict. */
	async function conclude(): Promise<void> {
		const { ledger } = tally;
		if (ledger === undefined || !ledger.complete || record.tag === undefined) return;
		if (record.verdict !== 'none') return;
		if (!equalBytes(ledger.tag(), record.tag)) throw new MediaError('tampered');
		await patch({ verdict: 'verified' });
	}

	/** What a failure means for the item as a whole. Always throws. */
	async function fail(thrown: unknown): Promise<never> {
		const failure = asMediaError(thrown);
		if (failure.code === 'cancelled' || failure === error) throw failure;
		// Several readers fail by one failure, and it is one purge.
		if (failure === purging?.failure) {
			await purging.done;
			throw failure;
		}
		await purging?.done;
		if (failure.code === 'changed') changes += 1;
		if (failure.code === 'changed' || failure.code === 'tampered') {
			// Not at once: whoever looks while it goes on must find `purging` set.
			const done = Promise.resolve().then(() =>
				purge(failure.code === 'tampered' ? 'tampered' : 'none'),
			);
			purging = { failure, done };
			await done.finally(() => {
				purging = undefined;
			});
		}
		error = failure;
		changed();
		throw failure;
	}

	async function purge(verdict: 'none' | 'tampered'): Promise<void> {
		const closed = feeds.close();
		released = false;
		pixelsChecked = false;
		const fields = [
			...(['size', 'type', 'label', 'width', 'height', 'preview'] as const),
			...(['tag', 'etag', 'sequential', 'bounded'] as const),
		];
		const first = verdict === 'tampered' ? { verifyFirst: true } : {};
		await patch({ verdict, ...first }, fields);
		parts.clear();
		// What a feed was about to write down would outlive the purge.
		await closed;
		await Promise.all([
			tally.clear().catch(() => undefined),
			shelf.clear(),
			vault.previews.remove(id).catch(() => undefined),
		]);
	}

	/** Lets a feed go on until something changes; its failure is ours. */
	async function follow(
		feed: Feed,
		offset: number,
		signal?: AbortSignal,
		passes?: boolean,
	): Promise<void> {
		if (signal?.aborted) throw new MediaError('cancelled');
		await feed.advance(offset, signal, passes);
		const failure = feed.error;
		if (failure !== undefined && failure.code !== 'cancelled') await fail(failure);
	}

	async function guard(): Promise<void> {
		await purging?.done;
		if (isGone) throw new MediaError('cancelled');
		if (record.verdict === 'tampered') throw new MediaError('tampered');
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
		await guard();
		let feed: Feed | undefined;
		for (;;) {
			const { size, type } = record;
			if (size !== undefined && type !== undefined) return { size, type, kind: kindOf(type) };
			const bytes = await headBytes(feed);
			if (bytes !== undefined) {
				const plain = await cipher.decrypt(0, bytes);
				const sniffed = sniffMediaType(plain);
				const label = sniffed.label === undefined ? {} : { label: sniffed.label };
				void patch({ type: sniffed.type, ...label });
			} else {
				feed = feeds.feedFor(0);
				await follow(feed, 0, signal, true);
			}
		}
	}

	async function headBytes(feed: Feed | undefined): Promise<Bytes | undefined> {
		const { ledger } = tally;
		if (ledger === undefined) return undefined;
		const enough = Math.min(HEAD_LENGTH, ledger.size);
		const fed = feed?.head();
		if (fed !== undefined && fed.length >= enough) return fed.slice(0, 4096);
		if (enough === 0) return new Uint8Array(0);
		if (tally.ghashOf(0) !== undefined) return (await shelf.get(0))?.bytes.slice(0, 4096);
		return undefined;
	}

	async function read(offset: number, signal: AbortSignal): Promise<Bytes> {
		for (;;) {
			await guard();
			if (signal.aborted) throw new MediaError('cancelled');
			const kept = tally.ledger && (await readKept(offset, { cipher, shelf, tally, limits }));
			if (kept !== undefined) return noteReleased(kept);
			const part = parts.get(offset);
			const feed = part === undefined ? feeds.feedFor(offset) : undefined;
			const piece = part ?? feed?.peek(offset);
			if (piece !== undefined) {
				const plain = await cipher.decrypt(piece.start, piece.bytes);
				return noteReleased(plain.subarray(offset - piece.start));
			}
			if (feed !== undefined) await follow(feed, offset, signal);
		}
	}

	function noteReleased(plain: Bytes): Bytes {
		if (!released && record.verdict === 'none') {
			released = true;
			changed();
		}
		return plain;
	}

	async function loadAll(signal?: AbortSignal, keep = false): Promise<void> {
		for (;;) {
			await guard();
			if (record.verdict === 'verified') return;
			if (keep) shelf.check();
			const missing = tally.firstMissing();
			const feed = feeds.feedFor(missing);
			await follow(feed, missing, signal);
		}
	}

	/** A picture too large to decode, or that hides its size, is a file like any other. */
	async function checkPixels(): Promise<void> {
		const { type, size: bytes = 0 } = record;
		if (pixelsChecked || !type?.startsWith('image/')) return;
		const { signal } = new AbortController();
		const label = await pictureObjection(type, bytes, (offset) => read(offset, signal));
		if (label !== undefined) await patch({ type: 'application/octet-stream', label });
		pixelsChecked = true;
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
			if (kind === 'file' && size <= limits.verifyFirst) await session.verify();
		},
		async head(signal) {
			if (changes > 1 && error !== undefined) throw error;
			error = undefined;
			return twice(() => learnHead(signal)).catch(fail);
		},
		mustVerify: ({ kind, size }) =>
			kind === 'image' ||
			kind === 'file' ||
			size <= limits.verifyFirst ||
			record.verifyFirst ||
			settings.verifyFirst,
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
				await checkPixels();
			} finally {
				verifying -= 1;
				changed();
			}
		},
		read: (offset, signal) => read(offset, signal).catch(fail),
		async verdict() {
			await guard();
			if (tally.ledger?.complete === true && record.tag === undefined) await loadAll().catch(fail);
			if (record.verdict !== 'verified') await fail(new MediaError('tampered'));
		},
		async retry() {
			error = undefined;
			changes = 0;
			spooling = false;
			if (record.verdict === 'tampered') await patch({ verdict: 'none', verifyFirst: true });
			changed();
		},
		async close(isForgotten = false) {
			isGone ||= isForgotten;
			await feeds.close();
			await shelf.settle();
		},
	};

	function stateOf(): MediaState {
		// 'Altered' is said once nothing of it is kept.
		if (purging !== undefined) return 'loading';
		if (record.verdict !== 'none') return record.verdict;
		if (error?.code === 'expired') return 'expired';
		if (error?.code === 'host-refused') return 'blocked';
		if (error !== undefined && error.code !== 'storage-full') return 'failed';
		if (released) return 'unverified';
		return verifying > 0 || feeds.busy ? 'loading' : 'idle';
	}

	return session;
}

function kindOf(type: string): MediaHead['kind'] {
	const [kind] = type.split('/');
	return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
}
