import { MediaError } from '../core/errors.ts';
import type { LedgerRow } from './ledger-rows.ts';
import type { MediaRecord, SealedText, Settings } from './media-record.ts';
import type { SaveToken } from './save-tokens.ts';
import { createMemoryTable, type Durability, type Row, type Table } from './table.ts';

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

type Connection = () => Promise<IDBDatabase>;

/** One connection that is opened anew after the browser or a newer version of the app has closed it. */
function createConnection(): Connection {
	let open: Promise<IDBDatabase> | undefined;
	const forget = () => {
		open = undefined;
	};
	async function connect(): Promise<IDBDatabase> {
		try {
			const opening = indexedDB.open(NAME, VERSION);
			opening.onupgradeneeded = () => {
				for (const store of STORES)
					if (!opening.result.objectStoreNames.contains(store))
						opening.result.createObjectStore(store);
			};
			const database = await resultOf(opening);
			database.onversionchange = () => {
				database.close();
				forget();
			};
			database.onclose = forget;
			return database;
		} catch (thrown) {
			forget();
			throw new MediaError('storage-unavailable', { cause: thrown });
		}
	}
	return () => {
		open ??= connect();
		return open;
	};
}

function createStoredTable<T>(connection: Connection, name: string): Table<T> {
	const reading = async () => (await connection()).transaction(name).objectStore(name);
	const writing = async (durability: Durability) => {
		const transaction = (await connection()).transaction(name, 'readwrite', { durability });
		return { transaction, store: transaction.objectStore(name), end: endOf(transaction) };
	};
	async function write(
		durability: Durability,
		work: (store: IDBObjectStore) => void,
	): Promise<void> {
		const { transaction, store, end } = await writing(durability);
		try {
			work(store);
			await end;
		} catch (thrown) {
			end.catch(() => undefined);
			abort(transaction);
			throw abortError(thrown);
		}
	}
	return {
		async get(key) {
			return resultOf<T | undefined>((await reading()).get(key));
		},
		async has(keys) {
			const store = await reading();
			const found = await Promise.all(keys.map((key) => resultOf(store.getKey(key))));
			return found.map((key) => key !== undefined);
		},
		async all(prefix = '') {
			return resultOf<T[]>((await reading()).getAll(startingWith(prefix)));
		},
		async keys() {
			return (await resultOf((await reading()).getAllKeys())).map(String);
		},
		async update(key, change) {
			// Relaxed: what is lost with the machine's power is fetched again; what a killed worker wrote stays.
			const { transaction, store, end } = await writing('relaxed');
			let ours = true;
			try {
				const before = await resultOf<T | undefined>(store.get(key));
				const after = change(before);
				ours = false;
				if (after === undefined) store.delete(key);
				else store.put(after, key);
				await end;
				return before;
			} catch (thrown) {
				end.catch(() => undefined);
				abort(transaction);
				throw ours ? storageError(thrown) : abortError(thrown);
			}
		},
		async updateAll(prefix, change) {
			const { transaction, store, end } = await writing('relaxed');
			try {
				const cursors = store.openCursor(startingWith(prefix));
				for (let cursor = await resultOf(cursors); cursor; cursor = await resultOf(cursors)) {
					const after = change(cursor.value as T);
					if (after === undefined) cursor.delete();
					else cursor.update(after);
					cursor.continue();
				}
				await end;
			} catch (thrown) {
				end.catch(() => undefined);
				abort(transaction);
				throw abortError(thrown);
			}
		},
		removeAll: (prefix = '') => write('strict', (store) => void store.delete(startingWith(prefix))),
		async page(prefix, { before, after, limit }) {
			const range = IDBKeyRange.bound(
				after ?? prefix,
				before ?? `${prefix}\uffff`,
				after !== undefined,
				before !== undefined,
			);
			const cursors = (await reading()).openCursor(range, after === undefined ? 'prev' : 'next');
			const found: Row<T>[] = [];
			for (
				let cursor = await resultOf(cursors);
				cursor !== null && found.length < limit;
				cursor.continue(), cursor = await resultOf(cursors)
			) {
				const key = String(cursor.key);
				if (key.startsWith(prefix)) found.push({ key, value: cursor.value as T });
			}
			return after === undefined ? found.reverse() : found;
		},
		write: (changes, durability = 'strict') =>
			write(durability, (store) => {
				for (const { key, value } of changes)
					if (value === undefined) store.delete(key);
					else store.put(value, key);
			}),
	};
}

/** What a request comes to; for a cursor, what it comes to next. */
function resultOf<R>(request: IDBRequest<R>): Promise<R> {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error);
	});
}

function abort(transaction: IDBTransaction): void {
	try {
		transaction.abort();
	} catch {
		// It has ended already.
	}
}

/** Rejects with an AbortError where the browser gives no reason. */
function endOf(transaction: IDBTransaction): Promise<void> {
	return new Promise((resolve, reject) => {
		transaction.oncomplete = () => resolve();
		transaction.onabort = () => reject(transaction.error ?? new DOMException('', 'AbortError'));
	});
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
