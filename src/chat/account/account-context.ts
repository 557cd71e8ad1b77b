import { batch } from 'solid-js';
import { createStore, type SetStoreFunction } from 'solid-js/store';
import { createMutex, type Mutex } from '../../core/async/mutex.ts';
import { OmemoError } from '../../omemo/omemo-error.ts';
import { bufferedRows } from '../../vault/buffered-rows.ts';
import { cachedRows } from '../../vault/cached-rows.ts';
import { type ChatRows, RowsTaken } from '../../vault/chat-rows.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';
import { ownedRows } from '../../vault/owned-rows.ts';
import type { Vault } from '../../vault/vault.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import { makeStores, type Stores } from '../messages/stores.ts';
import { accountPrefix } from '../model/account-rows.ts';
import { initialState, type MessengerState } from '../model/messenger-state.ts';

/** The state, the stores and the lock that all parts of one account's messenger share. */
export interface AccountContext {
	/** bare */
	readonly account: string;
	readonly vault: Vault;
	/** of the vault, as they are known here */
	readonly rows: ChatRows;
	/** Takes the rows from whoever had them; to be done before anything is read. Must not reject. */
	claim(): Promise<void>;
	readonly stores: Stores;
	/** what is read and written back is read and written by nobody else in between */
	readonly serial: Mutex;
	readonly state: MessengerState;
	readonly setState: SetStoreFunction<MessengerState>;
	/** Tells of a mistake of ours. */
	report(thrown: unknown): void;
}

/** `taken`: somebody else works with the account's rows by now. */
export function makeAccountContext(
	vault: Vault,
	account: string,
	taken: () => void,
): AccountContext {
	const [state, setState] = createStore(initialState(account));
	const owned = ownedRows(vault.chat, accountPrefix(account)('owner'), taken);
	// Nobody else works with them as long as the messenger does.
	const rows = bufferedRows(cachedRows(owned), batch);
	return {
		account,
		vault,
		rows,
		async claim() {
			// Where there is no room for that now, the first write does it.
			await owned.claim().catch(() => undefined);
		},
		stores: makeStores(rows, account),
		serial: createMutex(),
		state,
		setState,
		report,
	};
}

/** Reports mistakes of ours alone: other failures are shown at the message that failed, or at the connection. */
function report(thrown: unknown): void {
	if (thrown instanceof XmppError || isStorageError(thrown) || thrown instanceof RowsTaken) return;
	if (thrown instanceof OmemoError && thrown.code === 'unavailable') return;
	reportError(new Error(thrown instanceof Error ? thrown.name : 'unknown', { cause: thrown }));
}
