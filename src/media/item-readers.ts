import { equalBytes } from '../core/bytes.ts';
import { MAX_PLAINTEXT, TAG_LENGTH } from '../core/crypto/gcm.ts';
import { MediaError } from '../core/errors.ts';
import type { ItemContext } from './item-store.ts';
import type { FileView, ReaderCommit, ReaderEvent } from './reader-context.ts';
import { makeReaderPool, type ReaderPool } from './reader-pool.ts';
import { makeTagCheck } from './tag-check.ts';
import { openUpstream, type Upstream } from './upstream.ts';

/** An item's ciphertext readers: what they find out goes into its state, what they count into its ledger. */
export function makeItemReaders(
	context: ItemContext,
	conclude: () => Promise<void>,
	/** an answer from the start of the file that was begun already */
	begun?: Upstream,
	fetch?: typeof globalThis.fetch,
): ReaderPool {
	const { id, vault, limits, cipher, item, ledgerStore, buffer, parts, table, changed } = context;
	let first = begun;
	/** an answer that nobody reads holds a connection, of which there are few */
	const lingering = first && setTimeout(dropFirst, limits.linger);
	const checkTag = makeTagCheck(context);

	async function open(offset: number, end?: number): Promise<Upstream> {
		const { record, isPlain } = item.state;
		const follows = record.unasked === undefined;
		const options = { idle: limits.idle, plain: isPlain, follows, ...(fetch ? { fetch } : {}) };
		// A file of ours may have been uploaded since.
		const url = record.url || (await vault.media.get(id))?.url;
		if (!url) throw new MediaError('not-found');
		const upstream =
			takeFirst(offset, end) ?? (await openUpstream(url, offset, { ...options, end }));
		if (upstream.plain) item.apply({ kind: 'range-refused' });
		if (end === undefined || upstream.ranged || upstream.plain) return upstream;
		upstream.cancel();
		await item.patch({ bounded: false });
		return openUpstream(url, offset, options);
	}

	function takeFirst(offset: number, end: number | undefined): Upstream | undefined {
		if (offset > 0 || end !== undefined) dropFirst();
		const answer = first;
		first = undefined;
		clearTimeout(lingering);
		return answer;
	}

	function dropFirst(): void {
		clearTimeout(lingering);
		first?.cancel();
		first = undefined;
	}

	/** Learns from an answer: its size, its ETag, and whether the server seeks. Throws MediaError `changed`. */
	function learn(upstream: Upstream, asked: number): void {
		if (table === undefined) learnEtag(upstream);
		// Prosody 0.12 seeks, but only to ranges without an end, and never from the start.
		if (asked === 0 && upstream.ranged && item.state.record.bounded === undefined)
			void item.patch({ bounded: true });
		if (asked > 0 && !upstream.ranged) {
			if (item.state.record.sequential !== true) void item.patch({ sequential: true });
			if (readers.open > 1) throw new MediaError('cancelled');
		}
		const { spooled } = item.state.record;
		if (upstream.total === undefined || spooled === true || table !== undefined) return;
		const { ledger } = ledgerStore;
		if (ledger !== undefined) {
			if (upstream.total === ledger.size + TAG_LENGTH) return;
			misannounced();
			throw new MediaError('changed');
		}
		if (ledgerStore.fits(upstream.total - TAG_LENGTH)) learnTotal(upstream.total);
		// More was released than it says there is: only the end of the file tells.
		else misannounced();
	}

	function learnEtag({ etag }: Upstream): void {
		if (etag === undefined) return;
		const known = item.state.record.etag;
		if (known !== undefined && opaqueTag(known) !== opaqueTag(etag))
			throw new MediaError('changed');
		if (known === undefined) void item.patch({ etag });
	}

	/** Throws MediaError `too-short` or `tampered`. */
	function learnTotal(total: number): void {
		if (total < TAG_LENGTH) throw new MediaError('too-short');
		if (!ledgerStore.fits(total - TAG_LENGTH))
			throw new MediaError('tampered', { detail: { played: true } });
		ledgerStore.start(total - TAG_LENGTH);
		void item.patch({ size: total - TAG_LENGTH });
	}

	/** No announcement is believed any more. */
	function misannounced(): void {
		void item.patch({ spooled: true });
	}

	/** The end came before it was announced. Throws MediaError `changed` if more is known of the file. */
	function learnEarlyEnd(total: number): void {
		if (table !== undefined) throw new MediaError('network');
		misannounced();
		// A second end that is not the first one: another stream may wait for bytes that lie behind its own.
		const { isGuessed } = item.state;
		if (isGuessed || total < TAG_LENGTH || !ledgerStore.fits(total - TAG_LENGTH))
			throw new MediaError('changed');
		ledgerStore.start(total - TAG_LENGTH);
		item.apply({ kind: 'size-guessed' });
		void item.patch({ size: total - TAG_LENGTH });
	}

	const file: FileView = {
		isTagged: table !== undefined,
		get size() {
			return ledgerStore.ledger?.size;
		},
		get most() {
			const { unasked = MAX_PLAINTEXT } = item.state.record;
			return Math.min(unasked, MAX_PLAINTEXT) + TAG_LENGTH;
		},
		get unasked() {
			return item.state.record.unasked !== undefined;
		},
		get bounded() {
			return item.state.record.bounded === true;
		},
		holds: (index) => table !== undefined || ledgerStore.holds(index),
		has: (index) =>
			index < (ledgerStore.ledger?.segments ?? 0) &&
			item.state.record.sequential !== true &&
			ledgerStore.ghashOf(index) !== undefined &&
			buffer.has(index),
	};

	function emit(event: ReaderEvent): void {
		if (event.kind === 'answered') learn(event.upstream, event.asked);
		else if (event.kind === 'ended') learnTotal(event.total);
		else if (event.kind === 'ended-early') learnEarlyEnd(event.total);
		else if (event.kind === 'misannounced') misannounced();
		else if (event.kind === 'part') parts.put(event.index, event.from, event.bytes);
		else changed();
	}

	async function commit(step: ReaderCommit): Promise<boolean> {
		if (step.kind === 'release')
			return table === undefined && ledgerStore.release(step.index, step.piece, step.before);
		if (step.kind === 'segment') {
			await checkTag(step.index, step.bytes, step.ghash);
			if (table !== undefined) item.apply({ kind: 'fetched', length: step.bytes.length });
			await ledgerStore.count(step.index, step.bytes, step.ghash, step.own);
			await buffer.put(step.index, step.bytes);
		} else {
			const { tag } = item.state.record;
			if (tag !== undefined && !equalBytes(tag, step.tag)) throw new MediaError('tampered');
			if (tag === undefined) void item.patch({ tag: step.tag });
		}
		await conclude();
		return true;
	}

	const readers = makeReaderPool(
		{ cipher, limits, file, open, emit, commit },
		{
			get sequential() {
				return item.state.record.sequential === true || ledgerStore.ledger === undefined;
			},
			holds: (index) => file.holds(index) || item.state.record.verifyFirst,
		},
	);
	return {
		...readers,
		get open() {
			return readers.open;
		},
		get busy() {
			return readers.busy;
		},
		async close() {
			dropFirst();
			await readers.close();
		},
	};
}

/** As the weak comparison sees it (RFC 9110 section 8.8.3.2): servers weaken the tag of what they zip. */
function opaqueTag(etag: string): string {
	return etag.replace(/^W\//, '');
}
