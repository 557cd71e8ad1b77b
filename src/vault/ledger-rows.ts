import { type Bytes, equalBytes } from '../core/bytes.ts';
import { MediaError } from '../core/errors.ts';
import type { Table } from './table.ts';

/** Ciphertext that was released before its segment was whole: `start` and `length` in bytes within the segment. */
export interface ReleasedPiece {
	readonly start: number;
	readonly length: number;
	/** GHASH of the piece */
	readonly ghash: Bytes;
}

/** What is known of one segment: the GHASH of all of it, or of what was released of it so far. */
export interface LedgerRow {
	readonly index: number;
	readonly ghash?: Bytes;
	readonly released?: readonly ReleasedPiece[];
}

/** The ledger as it survives the worker. */
export interface LedgerRows {
	load(id: string): Promise<LedgerRow[]>;
	/**
	 * Writes the GHASH of a whole segment once, if the released pieces that the caller has compared are all there
	 * are; else resolves to those that there are. Throws MediaError `tampered` if another GHASH stands there.
	 */
	count(
		id: string,
		index: number,
		ghash: Bytes,
		compared: readonly ReleasedPiece[],
	): Promise<readonly ReleasedPiece[] | undefined>;
	/** Writes the GHASHes of all segments of a file of ours, in their order: nothing of it was released before. */
	countAll(id: string, ghashes: readonly Bytes[]): Promise<void>;
	/** Writes down what is about to be released; false if the whole segment was counted meanwhile. */
	release(id: string, index: number, piece: ReleasedPiece): Promise<boolean>;
	removeAll(id?: string): Promise<void>;
}

/** Keys sort by item, then by segment. */
export function createLedgerRows(table: Table<LedgerRow>): LedgerRows {
	const keyOf = (id: string, index: number) => `${id}/${index.toString().padStart(10, '0')}`;
	return {
		load: (id) => table.all(`${id}/`),
		async count(id, index, ghash, compared) {
			let missed: readonly ReleasedPiece[] | undefined;
			await table.update(keyOf(id, index), (before) => {
				if (before?.ghash !== undefined && !equalBytes(before.ghash, ghash))
					throw new MediaError('tampered');
				missed = before?.released?.some((piece) => !compared.some(same(piece)))
					? before.released
					: undefined;
				return missed === undefined ? { index, ghash } : before;
			});
			return missed;
		},
		async countAll(id, ghashes) {
			const rows = ghashes.map((ghash, index) => ({
				key: keyOf(id, index),
				value: { index, ghash },
			}));
			await table.write(rows, 'relaxed');
		},
		async release(id, index, piece) {
			let released = false;
			await table.update(keyOf(id, index), (before) => {
				released = before?.ghash === undefined;
				if (!released) return before;
				const others = (before?.released ?? []).filter(
					({ start, length }) => start !== piece.start || length > piece.length,
				);
				return { index, released: [...others, piece] };
			});
			return released;
		},
		removeAll: (id) => table.removeAll(id === undefined ? '' : `${id}/`),
	};
}

function same(a: ReleasedPiece): (b: ReleasedPiece) => boolean {
	return (b) => a.start === b.start && a.length === b.length && equalBytes(a.ghash, b.ghash);
}
