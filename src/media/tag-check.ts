import type { Bytes } from '../core/bytes.ts';
import { MediaError } from '../core/errors.ts';
import { fitsTable } from './fits-table.ts';
import type { ItemContext } from './item-store.ts';

/** Segments that are fetched once more before the file counts as altered. */
const MAX_MISSES = 8;

/**
 * Compares segments that come with the file's table. One that does not fit is fetched once more: throws MediaError `cancelled`, by
 * which its reader ends, and whoever needs it opens another. Throws `tampered` if it is wrong again, or if too many are.
 */
export function makeTagCheck(
	context: ItemContext,
): (index: number, bytes: Bytes, ghash: Bytes) => Promise<void> {
	const { item } = context;
	const misfits = new Set<number>();
	let misses = 0;
	let era = item.state.era;

	return async (index, bytes, ghash) => {
		if (await fitsTable(context, index, bytes, ghash)) return void misfits.delete(index);
		// What was counted has been forgotten: it all begins anew.
		if (item.state.era !== era) {
			misfits.clear();
			misses = 0;
		}
		({ era } = item.state);
		misses += 1;
		if (misfits.has(index) || misses > MAX_MISSES) throw new MediaError('tampered');
		misfits.add(index);
		throw new MediaError('cancelled');
	};
}
