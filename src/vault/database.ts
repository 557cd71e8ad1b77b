import { type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { MediaError } from '../core/errors.ts';
import type { LedgerRow } from './ledger-rows.ts';
import type { MediaRecord, SealedText, Settings } from './media-record.ts';
import { type PageLife, watchPageLife } from './page-life.ts';
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
export async function openTables(page: PageLife = watchPageLife()): Promise<Tables | undefined> {
	const connection = createConnection(page);
	try {
		await connection.open();
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

type Transaction = IDBPTransaction<unknown, [string], IDBTransactionMode>;

interface Connection {
	open(): Promise<IDBPDatabase>;
	/** A transaction over one store. */
	begin<Mode extends IDBTransactionMode>(
		name: string,
		mode: Mode,
		options?: { durability: Durability },
	): Promise<IDBPTransaction<unknown, [string], Mode>>;
}

/**
 * One connection that is opened anew after the browser or a newer version of the app has closed it. WebKit keeps a page that
 * was left with the transactions it has open, and nobody else comes to their stores any more: they are aborted, and none is
 * begun until the page is loaded again.
 */
function createConnection(page: PageLife): Connection {
	let opened: Promise<IDBPDatabase> | undefined;
	const running = new Set<Transaction>();
	const forget = () => {
		opened = undefined;
	};
	page.onKept(() => {
		for (const transaction of running) abort(transaction);
		// Or a newer version of the app would wait for it.
		opened?.then((database) => database.close()).catch(() => undefined);
		forget();
	});
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
	async function open(): Promise<IDBPDatabase> {
		await page.inUse();
		opened ??= connect();
		const database = await opened;
		// It may have been left meanwhile.
		await page.inUse();
		return database;
	}
	return {
		open,
		async begin(name, mode, options) {
			const transaction = (await open()).transaction(name, mode, options);
			const known = transaction as unknown as Transaction;
			running.add(known);
			// Whoever asks learns from the requests what has failed.
			transaction.done.catch(() => undefined).finally(() => running.delete(known));
			return transaction;
		},
	};
}

type Writing = IDBPTransaction<unknown, [string], 'readwrite'>;

function createStoredTable<T>(connection: Connection, name: string): Table<T> {
	async function reading() {
		return (await connection.begin(name, 'readonly')).store;
	}

	/** `work` awaits requests of this transaction and nothing else: the browser would end it meanwhile. */
	async function writing<R>(
		durability: Durability,
		work: (store: Writing['store']) => Promise<R>,
		errorOf = abortError,
	): Promise<R> {
		const transaction = await connection.begin(name, 'readwrite', { durability });
		const { store, done } = transaction;
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

function abort(transaction: Pick<Writing, 'abort'>): void {
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
