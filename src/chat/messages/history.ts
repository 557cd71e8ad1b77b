import { loadOnce } from '../../core/async/load-once.ts';
import type { Mutex } from '../../core/async/mutex.ts';
import type { Connection } from '../../xmpp/connection.ts';
import type { HistoryRow } from './archive-store.ts';
import type { Stores } from './stores.ts';

const loadPaging = loadOnce(() => import('./history-paging.ts'));

/** Messages in the archive that are older than those stored here. */
export interface History {
	/** Keeps more of it. Resolves to where it stands now. Throws XmppError. */
	older(peer: string): Promise<HistoryRow>;
	/** Where it stands. */
	at(peer: string): Promise<HistoryRow>;
}

/** Paging back is loaded once somebody looks further back than what is kept here. */
export function createHistory(
	/** bare */
	account: string,
	stores: Stores,
	archive: Connection['archive'],
	serial: Mutex,
): History {
	let paging: Pick<History, 'older'> | undefined;
	return {
		at: (peer) => stores.archive.history(peer),
		async older(peer) {
			const { createHistoryPaging } = await loadPaging();
			paging ??= createHistoryPaging(account, stores, archive, serial);
			return paging.older(peer);
		},
	};
}
