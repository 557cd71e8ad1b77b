import { type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { MediaError } from '../core/errors.ts';
import type { LedgerRow } from './ledger-rows.ts';
import type { MediaRecord, SealedText, Settings } from './media-record.ts';
import type { SaveToken } from './save-tokens.ts';
import { createMemoryTable, type Durability, type Row, type Table } from './table.ts';

const NAME = 'balcony';
/** 1: media. 2: chat. 3: previews. 4: files. */
const VERSION = 4;

/** The object stores of the database. */
export interface Tables {
	readonly media: Table<MediaRecord>;
	readonly ledger: Table<LedgerRow>;
	readonly saves: Table<SaveToken>;
	/** rows of before lack what could not be chosen yet */
	readonly settings: Table<Partial<Settings>>;
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
	async function connect(): Promise<IDBPDatabase> {
		try {
			const database = await openDB(NAME, VERSION, {
				upgrade(upgraded) {
					for (const store of STORES)
						if (!upgraded.objectStoreNames.contains(store)) upgraded.createObjectStore(store);
				},
				blocking() {
					database.close();
					forget();
				},
				terminated: forget,
			});
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

type Writing = IDBPTransaction<unknown, [string], 'readwrite'>;

function createStoredTable<T>(connection: Connection, name: string): Table<T> {
	async function reading() {
		const { store, done } = (await connection()).transaction(name);
		// The requests say themselves what has failed.
		done.catch(() => undefined);
		return store;
	}

	/** `work` awaits requests of this transaction and nothing else: the browser would end it meanwhile. */
	async function writing<R>(
		durability: Durability,
		work: (store: Writing['store']) => Promise<R>,
		errorOf = abortError,
	): Promise<R> {
		const transaction = (await connection()).transaction(name, 'readwrite', { durability });
		const { store, done } = transaction;
		// The work knows its error; `done` may say no more than that the transaction was aborted.
		done.catch(() => undefined);
		try {
			const result = await work(store);
			await done;
			return result;
		} catch (thrown) {
			abort(transaction);
			throw errorOf(thrown);
		}
	}

	return {
		get: async (key) => (await reading()).get(key),
		async getMany(keys) {
			const store = await reading();
			return Promise.all(keys.map((key) => store.get(key)));
		},
		async has(keys) {
			const store = await reading();
			const found = await Promise.all(keys.map((key) => store.getKey(key)));
			return found.map((key) => key !== undefined);
		},
		all: async (prefix = '') => (await reading()).getAll(startingWith(prefix)),
		keys: async () => (await (await reading()).getAllKeys()).map(String),
		async update(key, change) {
			let isRead = false;
			return writing(
				// What is lost with the machine's power is fetched again; what a killed worker wrote stays.
				'relaxed',
				async (store) => {
					const before: T | undefined = await store.get(key);
					const after = change(before);
					isRead = true;
					await (after === undefined ? store.delete(key) : store.put(after, key));
					return before;
				},
				(thrown) => (isRead ? abortError(thrown) : storageError(thrown)),
			);
		},
		updateAll: (prefix, change) =>
			writing('relaxed', async (store) => {
				for await (const cursor of store.iterate(startingWith(prefix))) {
					const after = change(cursor.value);
					await (after === undefined ? cursor.delete() : cursor.update(after));
				}
			}),
		removeAll: (prefix = '') => writing('strict', (store) => store.delete(startingWith(prefix))),
		async page(prefix, { before, after, limit }) {
			const range = IDBKeyRange.bound(
				after ?? prefix,
				before ?? `${prefix}\uffff`,
				after !== undefined,
				before !== undefined,
			);
			const store = await reading();
			const found: Row<T>[] = [];
			for await (const cursor of store.iterate(range, after === undefined ? 'prev' : 'next')) {
				if (found.length >= limit) break;
				const key = String(cursor.key);
				if (key.startsWith(prefix)) found.push({ key, value: cursor.value });
			}
			return after === undefined ? found.reverse() : found;
		},
		write: (changes, durability = 'strict', guard) =>
			writing(durability, async (store) => {
				guard?.check(await store.get(guard.key));
				const requests = changes.map(async ({ key, value }) =>
					value === undefined ? store.delete(key) : store.put(value, key),
				);
				await Promise.all(requests);
			}),
	};
}

function abort(transaction: Writing): void {
	try {
		transaction.abort();
	} catch {
		// It has ended already.
	}
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
