import { type IDBPDatabase, openDB } from 'idb';
import { MediaError } from '../core/errors.ts';
import type { LedgerRow } from './ledger-rows.ts';
import type { MediaRecord, SealedText, Settings } from './media-record.ts';
import type { SaveToken } from './save-tokens.ts';
import { createMemoryTable, type Row, type Table } from './table.ts';

const NAME = 'balcony';
/** 1: media. 2: chat. 3: previews. 4: files. */
const VERSION = 4;

/** What the origin keeps in IndexedDB, one object store each. */
export interface Tables {
	readonly media: Table<MediaRecord>;
	readonly ledger: Table<LedgerRow>;
	readonly saves: Table<SaveToken>;
	readonly settings: Table<Settings>;
	readonly keys: Table<CryptoKey>;
	/** all of the messenger in one store, so that what belongs together is written together */
	readonly chat: Table<SealedText>;
	readonly previews: Table<SealedText>;
	readonly files: Table<Blob>;
}
const STORES = [
	'media',
	'ledger',
	'saves',
	'settings',
	'keys',
	'chat',
	'previews',
	'files',
] as const;

/** Opens the database, or undefined where the browser refuses one. */
export async function openTables(): Promise<Tables | undefined> {
	const connection = createConnection();
	try {
		await connection();
	} catch {
		return undefined;
	}
	return {
		media: createStoredTable(connection, 'media'),
		ledger: createStoredTable(connection, 'ledger'),
		saves: createStoredTable(connection, 'saves'),
		settings: createStoredTable(connection, 'settings'),
		keys: createStoredTable(connection, 'keys'),
		chat: createStoredTable(connection, 'chat'),
		previews: createStoredTable(connection, 'previews'),
		files: createStoredTable(connection, 'files'),
	};
}

/** The same tables in memory. */
export function createMemoryTables(): Tables {
	return {
		media: createMemoryTable(),
		ledger: createMemoryTable(),
		saves: createMemoryTable(),
		settings: createMemoryTable(),
		keys: createMemoryTable(),
		chat: createMemoryTable(),
		previews: createMemoryTable(),
		files: createMemoryTable(),
	};
}

type Connection = () => Promise<IDBPDatabase>;

/** One connection that is opened anew after the browser or a newer version of the app has closed it. */
function createConnection(): Connection {
	let open: Promise<IDBPDatabase> | undefined;
	const forget = () => {
		open = undefined;
	};
	return () => {
		open ??= openDB(NAME, VERSION, {
			upgrade(database) {
				for (const store of STORES)
					if (!database.objectStoreNames.contains(store)) database.createObjectStore(store);
			},
			blocking(_current, _blocked, event) {
				(event.target as IDBDatabase).close();
				forget();
			},
			terminated: forget,
		}).catch((thrown: unknown) => {
			forget();
			throw new MediaError('storage-unavailable', { cause: thrown });
		});
		return open;
	};
}

function createStoredTable<T>(connection: Connection, store: string): Table<T> {
	return {
		async get(key) {
			return (await (await connection()).get(store, key)) as T | undefined;
		},
		async has(keys) {
			const { store: rows } = (await connection()).transaction(store);
			const found = await Promise.all(keys.map((key) => rows.getKey(key)));
			return found.map((key) => key !== undefined);
		},
		async all(prefix = '') {
			return (await (await connection()).getAll(store, startingWith(prefix))) as T[];
		},
		async keys() {
			return (await (await connection()).getAllKeys(store)).map(String);
		},
		async update(key, change) {
			// Relaxed: what is lost with the machine's power is fetched again; what a killed worker wrote stays.
			const transaction = (await connection()).transaction(store, 'readwrite', {
				durability: 'relaxed',
			});
			const done = transaction.done;
			let ours = true;
			try {
				const before = (await transaction.store.get(key)) as T | undefined;
				const after = change(before);
				ours = false;
				if (after === undefined) void transaction.store.delete(key).catch(() => undefined);
				else void transaction.store.put(after, key).catch(() => undefined);
				await done;
				return before;
			} catch (thrown) {
				done.catch(() => undefined);
				try {
					transaction.abort();
				} catch {
					// it has ended already
				}
				throw ours ? storageError(thrown) : abortError(thrown);
			}
		},
		async removeAll(prefix = '') {
			await (await connection()).delete(store, startingWith(prefix));
		},
		async page(prefix, { before, after, limit }) {
			const range = IDBKeyRange.bound(
				after ?? prefix,
				before ?? `${prefix}\uffff`,
				after !== undefined,
				before !== undefined,
			);
			const { store: rows } = (await connection()).transaction(store);
			const found: Row<T>[] = [];
			const direction = after === undefined ? 'prev' : 'next';
			for (
				let cursor = await rows.openCursor(range, direction);
				cursor !== null && found.length < limit;
				cursor = await cursor.continue()
			) {
				const key = String(cursor.key);
				if (key.startsWith(prefix)) found.push({ key, value: cursor.value as T });
			}
			return after === undefined ? found.reverse() : found;
		},
		async write(changes, durability = 'strict') {
			const transaction = (await connection()).transaction(store, 'readwrite', { durability });
			const { done } = transaction;
			try {
				for (const { key, value } of changes)
					if (value === undefined) void transaction.store.delete(key).catch(() => undefined);
					else void transaction.store.put(value, key).catch(() => undefined);
				await done;
			} catch (thrown) {
				done.catch(() => undefined);
				throw abortError(thrown);
			}
		},
	};
}

function startingWith(prefix: string): IDBKeyRange {
	return IDBKeyRange.bound(prefix, `${prefix}\uffff`);
}

/** WebKit gives no reason for a write that the quota refused: it ends a transaction that nobody has ended. */
function abortError(thrown: unknown): unknown {
	if (thrown instanceof DOMException && thrown.name === 'AbortError')
		return new MediaError('storage-full', { cause: thrown });
	return storageError(thrown);
}

/** Browsers name a full disk in several ways; all else is passed on as it is. */
export function storageError(thrown: unknown): unknown {
	if (thrown instanceof DOMException && thrown.name === 'QuotaExceededError')
		return new MediaError('storage-full', { cause: thrown });
	return thrown;
}
