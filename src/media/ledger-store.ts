import { type Bytes, equalBytes } from '../core/bytes.ts';
import { MAX_PLAINTEXT, type SegmentCipher } from '../core/crypto/gcm.ts';
import { createLedger, type Ledger } from '../core/crypto/ledger.ts';
import { MediaError } from '../core/errors.ts';
import {
	type LedgerPiece,
	type LedgerRow,
	type LedgerRows,
	releasedOf,
} from '../vault/ledger-rows.ts';

/**
 * One item's ledger as it grows, each step written down before anybody relies on it. What was released is never
 * forgotten: whatever is counted later must be the same.
 */
export interface LedgerStore {
	/** undefined while the size is unknown; segments are counted all the same */
	readonly ledger: Ledger | undefined;
	/** bytes of plaintext in counted segments */
	readonly counted: number;
	/** whether anything may have been released while it was not verified, by this worker or an earlier one */
	readonly isReleased: boolean;
	ghashOf(index: number): Bytes | undefined;
	/** Whether a segment, or a part of it, is known already: then all of it is compared before any of it is released. */
	holds(index: number): boolean;
	/** Whether all that was released lies within `size` bytes. */
	fits(size: number): boolean;
	/** Learns the size. Throws MediaError `too-large`, or `changed` if more was counted than there is. */
	start(size: number): void;
	/**
	 * Writes down a piece that is about to be released, in the place of a shorter one, `before`; false if it must not be:
	 * then its segment is held from now on.
	 */
	release(index: number, piece: LedgerPiece, before?: LedgerPiece): Promise<boolean>;
	/**
	 * Writes down that a counted segment is about to be released; false if it is no longer counted with this GHASH.
	 * Throws MediaError `changed` if another worker has forgotten it.
	 */
	releaseWhole(index: number, ghash: Bytes): Promise<boolean>;
	/**
	 * Counts a whole segment, of which the caller itself released `own`; where the file's own table has proven it, that is written
	 * down afterwards. Throws MediaError `tampered`.
	 */
	count(index: number, bytes: Bytes, ghash: Bytes, own: LedgerPiece): Promise<void>;
	/**
	 * Looks whether all that was written down, by whatever worker, is part of what was counted. Throws MediaError
	 * `tampered` or `changed`.
	 */
	confirm(): Promise<void>;
	/** Resolves once nothing is being written any more. */
	settle(): Promise<void>;
	/** The first byte of plaintext that is not in a counted segment, or the size. */
	firstMissing(): number;
	/** Forgets what was counted, and the size, but not what was released; nor what was `proven` to be right. */
	clear(proven: boolean): Promise<void>;
}

/** Segments that are being written down at once. */
const MAX_WRITING = 8;

/** Takes up what `rows` hold of an earlier life; `size` in bytes, as it was known then. */
export function makeLedgerStore({
	id,
	cipher,
	rows,
	size: knownSize,
	store,
	segment,
	isFixed = false,
}: {
	id: string;
	cipher: SegmentCipher;
	rows: readonly LedgerRow[];
	size: number | undefined;
	store: LedgerRows;
	segment: number;
	/** the size is what the file itself says, and stays */
	isFixed?: boolean;
}): LedgerStore {
	/** counted segments, each as one piece */
	const whole = new Map<number, LedgerPiece>();
	/** what may have been released, by segments */
	const released = new Map<number, readonly LedgerPiece[]>();
	/** segments of which others have released something that is not known here */
	const held = new Set<number>();
	let ledger: Ledger | undefined;
	let spooled = 0;
	/** counted segments that are being written down, and those that could not be */
	const writing = new Set<Promise<void>>();
	const unwritten = new Map<number, () => Promise<void>>();

	const lengthIn = (index: number, size = Number.POSITIVE_INFINITY) =>
		Math.max(0, Math.min(segment, size - index * segment));
	for (const row of rows) {
		const { index, ghash, length = lengthIn(index, knownSize) } = row;
		// A worker may have died before it forgot what it counted of a file of another size.
		if (ghash !== undefined && length === lengthIn(index, knownSize))
			whole.set(index, { start: 0, length, ghash });
		const pieces = releasedOf(row, length);
		if (pieces.length > 0) released.set(index, pieces);
	}
	if (knownSize !== undefined) start(knownSize);

	function start(size: number): void {
		if (size > MAX_PLAINTEXT) throw new MediaError('too-large');
		const started = createLedger({ cipher, size, segmentSize: segment });
		for (const [index, { length, ghash }] of whole) {
			if (length !== lengthIn(index, size)) throw new MediaError('changed');
			started.add(index, ghash);
		}
		ledger = started;
	}

	/** Throws MediaError `tampered` unless `piece` is part of the segment; `own` needs no look. */
	async function compare(piece: LedgerPiece, bytes: Bytes, own: LedgerPiece): Promise<void> {
		const { start: from, length, ghash } = piece;
		const isOwn = from === own.start && length === own.length;
		// GHASH does not see zeros that pad a block.
		const isWithin = from + length <= bytes.length;
		const now = isOwn ? own.ghash : await cipher.ghash(bytes.subarray(from, from + length));
		if (!isWithin || !equalBytes(now, ghash)) throw playedOther();
	}

	/** Writes a segment down once all that was released of it is known to be the same. Throws MediaError `tampered`. */
	async function record(
		now: LedgerPiece,
		index: number,
		bytes: Bytes,
		own: LedgerPiece,
	): Promise<void> {
		const compared: LedgerPiece[] = [];
		let known: readonly LedgerPiece[] | undefined = released.get(index) ?? [];
		while (known !== undefined) {
			for (const piece of known) await compare(piece, bytes, own);
			compared.push(...known);
			known = await store.count(id, index, now, compared, own.length > 0);
		}
	}

	/** Writes down what could not be written before. Throws MediaError. */
	async function writeAll(): Promise<void> {
		await Promise.all(writing);
		for (const [index, write] of unwritten) {
			await write();
			unwritten.delete(index);
		}
	}

	return {
		get ledger() {
			return ledger;
		},
		get counted() {
			return ledger?.counted ?? spooled;
		},
		get isReleased() {
			return released.size > 0;
		},
		ghashOf: (index) => whole.get(index)?.ghash,
		holds: (index) => whole.has(index) || released.has(index) || held.has(index),
		fits: (size) =>
			[...released].every(([index, pieces]) =>
				pieces.every((piece) => piece.start + piece.length <= lengthIn(index, size)),
			),
		start,
		async release(index, piece, before) {
			const isNoted = !whole.has(index) && (await store.release(id, index, piece, before));
			if (isNoted) released.set(index, [piece]);
			else held.add(index);
			return isNoted;
		},
		async releaseWhole(index, ghash) {
			const piece = whole.get(index);
			if (piece?.ghash !== ghash) return false;
			if (released.get(index)?.some(({ length }) => length === piece.length)) return true;
			const isNoted = await store.release(id, index, piece);
			if (isNoted) released.set(index, [piece]);
			else if (whole.get(index) === piece) throw new MediaError('changed');
			return isNoted;
		},
		async count(index, bytes, ghash, own) {
			const now = { start: 0, length: bytes.length, ghash };
			const before = whole.get(index);
			if (before !== undefined) {
				if (before.length !== now.length || !equalBytes(before.ghash, ghash))
					throw released.has(index) ? playedOther() : new MediaError('tampered');
			} else if (isFixed) {
				if (unwritten.size > 0) await writeAll();
				// Each holds its segment.
				if (writing.size >= MAX_WRITING) await Promise.race(writing);
				whole.set(index, now);
				const write = () => record(now, index, bytes, own);
				const done = write()
					.catch(() => void unwritten.set(index, write))
					.finally(() => writing.delete(done));
				writing.add(done);
			} else {
				await record(now, index, bytes, own);
				whole.set(index, now);
				if (own.length > 0) released.set(index, [now]);
			}
			ledger?.add(index, ghash);
			spooled = Math.max(spooled, index * segment + bytes.length);
		},
		async confirm() {
			await writeAll();
			const size = ledger?.size ?? 0;
			const left = new Map(whole);
			for (const row of await store.load(id)) {
				const counted = left.get(row.index);
				const { length = lengthIn(row.index, size), ghash } = row;
				// What was released of a segment that was never counted lies behind the end.
				if (counted === undefined && releasedOf(row, length).length > 0) throw playedOther();
				if (counted === undefined || ghash === undefined) throw new MediaError('changed');
				if (!equalBytes(ghash, counted.ghash) || length !== counted.length)
					throw new MediaError('tampered');
				left.delete(row.index);
			}
			if (left.size > 0) throw new MediaError('changed');
		},
		async settle() {
			await Promise.all(writing);
		},
		firstMissing() {
			if (ledger === undefined) return 0;
			for (let index = 0; index < ledger.segments; index++)
				if (ledger.get(index) === undefined) return index * segment;
			return ledger.size;
		},
		async clear(proven) {
			await Promise.all(writing);
			unwritten.clear();
			const size = ledger?.size;
			ledger = undefined;
			spooled = 0;
			if (proven) for (const [index, piece] of whole) released.set(index, [piece]);
			whole.clear();
			if (isFixed && size !== undefined) start(size);
			await store.forgetCounted(id, (index) => lengthIn(index, size), proven);
		},
	};
}

/** For good: nothing that the server sends from now on can be what was played. */
function playedOther(): MediaError {
	return new MediaError('tampered', { detail: { played: true } });
}
