import { asMediaError } from '../core/errors.ts';
import type { LedgerRows } from '../vault/ledger-rows.ts';

/** Segments may have filled the quota to the last byte when a row of the ledger is due. */
const TRIES = 3;

/**
 * The same rows, for whose writing room is made where there is none. `makeRoom` resolves to whether it could, and is
 * asked for `all` it can do where less was not enough: WebKit counts single segments only after a while.
 */
export function makeRoomyLedger(
	rows: LedgerRows,
	makeRoom: (all: boolean) => Promise<boolean>,
): LedgerRows {
	async function roomy<T>(write: () => Promise<T>): Promise<T> {
		for (let tries = 1; ; tries++) {
			try {
				return await write();
			} catch (thrown) {
				const isFull = asMediaError(thrown).code === 'storage-full';
				if (!isFull || tries >= TRIES || !(await makeRoom(tries > 1))) throw thrown;
			}
		}
	}
	return {
		load: rows.load,
		count: (...args) => roomy(() => rows.count(...args)),
		countAll: (...args) => roomy(() => rows.countAll(...args)),
		release: (...args) => roomy(() => rows.release(...args)),
		forgetCounted: rows.forgetCounted,
		removeAll: rows.removeAll,
	};
}
