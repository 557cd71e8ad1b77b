import * as v from 'valibot';
import { type Bytes, equalBytes } from '../core/bytes.ts';
import { MediaError } from '../core/errors.ts';
import { bytesSchema, type RowSchema, rowSchema } from '../core/row-schema.ts';
import type { Table } from './table.ts';

/** Ciphertext of one segment: `start` and `length` in bytes within it. */
export interface LedgerPiece {
	readonly start: number;
	readonly length: number;
	/** GHASH of the piece */
	readonly ghash: Bytes;
}

/** The ledger's row of one segment. */
export interface LedgerRow {
	readonly index: number;
	/** GHASH of all of it, once it has been counted */
	readonly ghash?: Bytes;
	/**
	 * Its length in bytes when it was counted. Absent in rows of earlier versions, and of files of ours, which do not
	 * say either whether the segment was released: it counts as released.
	 */
	readonly length?: number;
	/** what somebody may have got of it while the file was not verified */
	readonly released?: readonly LedgerPiece[];
}

export const LEDGER_ROW: RowSchema<LedgerRow> = rowSchema<LedgerRow>({
	index: v.number(),
	ghash: v.optional(bytesSchema),
	length: v.optional(v.number()),
	released: v.optional(
		v.array(rowSchema<LedgerPiece>({ start: v.number(), length: v.number(), ghash: bytesSchema })),
	),
});

/**
 * The ledger as it survives the worker, and everything that happens on the server. Each call is one transaction: several
 * workers may write to the same rows.
 */
export interface LedgerRows {
	load(id: string): Promise<LedgerRow[]>;
	/**
	 * Writes the GHASH of a whole segment once, if the released pieces that the caller has compared are all there
	 * are; else resolves to those that there are. `isReleased`: the caller has released some of it, and will release the
	 * rest. Throws MediaError `tampered` if another GHASH stands there.
	 */
	count(
		id: string,
		index: number,
		whole: LedgerPiece,
		compared: readonly LedgerPiece[],
		isReleased: boolean,
	): Promise<readonly LedgerPiece[] | undefined>;
	/** Writes the GHASHes of all segments of a file of ours, in their order. */
	countAll(id: string, ghashes: readonly Bytes[]): Promise<void>;
	/**
	 * Writes down a piece that is about to be released: a counted segment as a whole, or a piece of one that is not
	 * counted yet, which may be a longer one in the place of `before`. False if that must not be released now, because
	 * another GHASH was counted, or somebody else released a piece of the segment: all of it has to be compared first.
	 */
	release(id: string, index: number, piece: LedgerPiece, before?: LedgerPiece): Promise<boolean>;
	/**
	 * Forgets what was counted, never what was released; nor anything of a file that was `proven` right, of which nothing
	 * else may ever be released. `lengthOf` gives the length of a segment in bytes, for rows of earlier versions.
	 */
	forgetCounted(id: string, lengthOf: (index: number) => number, proven?: boolean): Promise<void>;
	/** For an item that is removed. */
	removeAll(id?: string): Promise<void>;
}

/** What may have been released of a segment, by its row. `length` in bytes of the whole segment, for rows without one. */
export function releasedOf({ ghash, length, released }: LedgerRow, all: number): LedgerPiece[] {
	const isOld = ghash !== undefined && length === undefined;
	return isOld ? [{ start: 0, length: all, ghash }] : [...(released ?? [])];
}

/** Keys sort by item, then by segment. */
export function createLedgerRows(table: Table<LedgerRow>): LedgerRows {
	const keyOf = (id: string, index: number) => `${id}/${index.toString().padStart(10, '0')}`;
	return {
		load: (id) => table.all(`${id}/`),
		async count(id, index, whole, compared, isReleased) {
			const { ghash, length } = whole;
			let missed: readonly LedgerPiece[] | undefined;
			await table.update(keyOf(id, index), (before) => {
				if (before?.ghash !== undefined && !isWhole(before, whole))
					throw new MediaError('tampered');
				const released = before?.released ?? [];
				missed = released.every((piece) => [whole, ...compared].some(same(piece)))
					? undefined
					: released;
				// A row of an earlier version stays one: what it says is more than what it would say afterwards.
				if (missed !== undefined || isOld(before)) return before;
				return { index, ghash, length, released: isReleased ? [whole] : released };
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
		async release(id, index, piece, before) {
			let isNoted = false;
			await table.update(keyOf(id, index), (row) => {
				const released = row?.released ?? [];
				const isCounted = row?.ghash !== undefined;
				const isOfOthers = (other: LedgerPiece) =>
					!same(piece)(other) && !(before !== undefined && same(before)(other));
				isNoted = isCounted ? isWhole(row, piece) : !released.some(isOfOthers);
				// The whole of a counted segment says all that its pieces say.
				return isNoted && !isOld(row) ? { ...row, index, released: [piece] } : row;
			});
			return isNoted;
		},
		forgetCounted: (id, lengthOf, proven = false) =>
			table.updateAll(`${id}/`, (row) => {
				const { index, ghash, length = lengthOf(index) } = row;
				const whole = proven && ghash !== undefined ? [{ start: 0, length, ghash }] : undefined;
				const released = whole ?? releasedOf(row, length);
				return released.length === 0 ? undefined : { index, released };
			}),
		removeAll: (id) => table.removeAll(id === undefined ? '' : `${id}/`),
	};
}

function isOld(row: LedgerRow | undefined): boolean {
	return row?.ghash !== undefined && row.length === undefined;
}

function isWhole(row: LedgerRow, { start, length, ghash }: LedgerPiece): boolean {
	if (row.ghash === undefined || start !== 0 || !equalBytes(row.ghash, ghash)) return false;
	return row.length === undefined || row.length === length;
}

function same(a: LedgerPiece): (b: LedgerPiece) => boolean {
	return (b) => a.start === b.start && a.length === b.length && equalBytes(a.ghash, b.ghash);
}
