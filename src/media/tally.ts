import { type Bytes, equalBytes } from '../core/bytes.ts';
import { MediaError } from '../core/errors.ts';
import { MAX_PLAINTEXT, type SegmentCipher } from '../core/gcm.ts';
import { createLedger, type Ledger } from '../core/ledger.ts';
import type { LedgerRow, LedgerRows, ReleasedPiece } from '../vault/ledger-rows.ts';

/** One item's ledger as it grows, each step written down before anybody relies on it. */
export interface Tally {
	/** undefined while the size is unknown; segments are counted all the same */
	readonly ledger: Ledger | undefined;
	/** bytes of plaintext in counted segments */
	readonly counted: number;
	ghashOf(index: number): Bytes | undefined;
	/** Whether a segment, or a part of it, is known already: then all of it is compared before any of it is released. */
	holds(index: number): boolean;
	/** Learns the size. Throws MediaError `too-large`, or `changed` if more was counted than there is. */
	start(size: number): void;
	/** Writes down a piece that is about to be released; false if its segment was counted meanwhile. */
	release(index: number, piece: ReleasedPiece): Promise<boolean>;
	/** Counts a whole segment, of which the caller itself released `own`. Throws MediaError `tampered`. */
	count(index: number, bytes: Bytes, ghash: Bytes, own: ReleasedPiece): Promise<void>;
	/** The first byte of plaintext that is not in a counted segment, or the size. */
	firstMissing(): number;
	clear(): Promise<void>;
}

/** Takes up what `rows` hold of an earlier life. */
export function createTally({
	id,
	cipher,
	rows,
	store,
	segment,
}: {
	id: string;
	cipher: SegmentCipher;
	rows: readonly LedgerRow[];
	store: LedgerRows;
	segment: number;
}): Tally {
	const whole = new Map<number, Bytes>();
	const pieces = new Map<number, readonly ReleasedPiece[]>();
	let ledger: Ledger | undefined;
	let spooled = 0;
	for (const { index, ghash, released } of rows) {
		if (ghash !== undefined) whole.set(index, ghash);
		else if (released !== undefined) pieces.set(index, released);
	}

	async function countOnce(
		index: number,
		bytes: Bytes,
		ghash: Bytes,
		own: ReleasedPiece,
	): Promise<void> {
		let known: readonly ReleasedPiece[] | undefined = pieces.get(index) ?? [];
		const compared: ReleasedPiece[] = [];
		while (known !== undefined) {
			for (const piece of known) {
				const isOwn = piece.start === own.start && piece.length === own.length;
				const part = bytes.subarray(piece.start, piece.start + piece.length);
				const now = isOwn ? own.ghash : await cipher.ghash(part);
				if (!equalBytes(now, piece.ghash)) throw new MediaError('tampered');
				compared.push(piece);
			}
			known = await store.count(id, index, ghash, compared);
		}
		whole.set(index, ghash);
		pieces.delete(index);
	}

	return {
		get ledger() {
			return ledger;
		},
		get counted() {
			return ledger?.counted ?? spooled;
		},
		ghashOf: (index) => whole.get(index),
		holds: (index) => whole.has(index) || pieces.has(index),
		start(size) {
			if (size > MAX_PLAINTEXT) throw new MediaError('too-large');
			const started = createLedger({ cipher, size, segmentSize: segment });
			for (const [index, ghash] of whole) {
				if (index >= started.segments) throw new MediaError('changed');
				started.add(index, ghash);
			}
			ledger = started;
		},
		async release(index, piece) {
			if (whole.has(index) || !(await store.release(id, index, piece))) return false;
			const others = (pieces.get(index) ?? []).filter(({ start }) => start !== piece.start);
			pieces.set(index, [...others, piece]);
			return !whole.has(index);
		},
		async count(index, bytes, ghash, own) {
			const before = whole.get(index);
			if (before === undefined) await countOnce(index, bytes, ghash, own);
			else if (!equalBytes(before, ghash)) throw new MediaError('tampered');
			ledger?.add(index, ghash);
			spooled = Math.max(spooled, index * segment + bytes.length);
		},
		firstMissing() {
			if (ledger === undefined) return 0;
			for (let index = 0; index < ledger.segments; index++)
				if (ledger.get(index) === undefined) return index * segment;
			return ledger.size;
		},
		async clear() {
			ledger = undefined;
			spooled = 0;
			whole.clear();
			pieces.clear();
			await store.removeAll(id);
		},
	};
}
