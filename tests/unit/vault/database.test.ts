import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openTables, type Tables } from '../../../src/vault/database.ts';
import { watchPageLife } from '../../../src/vault/page-life.ts';

const row = { index: 1 };

let tables: Tables;

beforeEach(async () => {
	await deleteDB('balcony');
	const opened = await openTables();
	if (opened === undefined) throw new Error('no database');
	tables = opened;
});

afterEach(() => vi.restoreAllMocks());

/** The next requests of this kind end their transaction, as a browser does that has no room. */
function abortedBy(kind: 'get' | 'put') {
	vi.spyOn(IDBObjectStore.prototype, kind).mockImplementation(function (this: IDBObjectStore) {
		const request = this.getKey('a');
		this.transaction.abort();
		return request;
	});
}

it('a write that the browser aborts for no reason found no room', async () => {
	abortedBy('put');
	for (const write of [
		() => tables.ledger.write([{ key: 'a', value: row }]),
		() => tables.ledger.update('a', () => row),
	])
		await expect(write()).rejects.toMatchObject({ code: 'storage-full' });
});

it('a read that the browser aborts says nothing of room', async () => {
	abortedBy('get');
	await expect(tables.ledger.get('a')).rejects.toMatchObject({ name: 'AbortError' });
	const change = vi.fn(() => row);
	await expect(tables.ledger.update('a', change)).rejects.toMatchObject({ name: 'AbortError' });
	expect(change).not.toHaveBeenCalled();
});

it('a full disk is one, whenever the browser says so', async () => {
	vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
		throw new DOMException('', 'QuotaExceededError');
	});
	await expect(tables.ledger.write([{ key: 'a', value: row }])).rejects.toMatchObject({
		code: 'storage-full',
	});
});

it('another error of a request stays what it is', async () => {
	await tables.ledger.write([{ key: 'a', value: row }]);
	const { add } = IDBObjectStore.prototype;
	vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(add);
	const name = 'ConstraintError';
	await expect(tables.ledger.update('a', () => row)).rejects.toMatchObject({ name });
	const rows = [
		{ key: 'b', value: row },
		{ key: 'a', value: row },
	];
	await expect(tables.ledger.write(rows)).rejects.toMatchObject({ name });
	expect(await tables.ledger.has(['a', 'b'])).toEqual([true, false]);
});

it('a change that throws leaves all as it was', async () => {
	await tables.ledger.write(['i/1', 'i/2'].map((key, index) => ({ key, value: { index } })));
	const refuse = (): never => {
		throw new RangeError();
	};
	await expect(tables.ledger.update('i/1', refuse)).rejects.toThrow(RangeError);
	const second = (before: { index: number }) => (before.index === 0 ? undefined : refuse());
	await expect(tables.ledger.updateAll('i/', second)).rejects.toThrow(RangeError);
	expect(await tables.ledger.all('i/')).toEqual([{ index: 0 }, { index: 1 }]);
});

it('durability: what is written is strict, what is changed relaxed', async () => {
	const begin = vi.spyOn(IDBDatabase.prototype, 'transaction');
	await tables.ledger.write([{ key: 'a', value: row }]);
	await tables.ledger.write([{ key: 'a', value: row }], 'relaxed');
	await tables.ledger.update('a', () => row);
	await tables.ledger.updateAll('a', () => undefined);
	await tables.ledger.removeAll();
	expect(begin.mock.calls.map(([, , options]) => options?.durability)).toEqual([
		'strict',
		'relaxed',
		'relaxed',
		'relaxed',
		'strict',
	]);
});

it('makes way for a newer version, and says so from then on', async () => {
	const newer = await openDB('balcony', 99);
	await expect(tables.ledger.get('a')).rejects.toMatchObject({ code: 'storage-unavailable' });
	newer.close();
});

it('opens anew what the browser has closed', async () => {
	await tables.ledger.write([{ key: 'a', value: row }]);
	// Deleting asks for it to be closed, as a newer version does.
	await deleteDB('balcony');
	expect(await tables.ledger.get('a')).toBeUndefined();
	await tables.ledger.write([{ key: 'a', value: row }]);
	expect(await tables.ledger.get('a')).toEqual(row);
});

it('a page that was left, and is kept, holds no store, and begins nothing more', async () => {
	const page = new EventTarget();
	const left = await openTables(watchPageLife(page));
	await left?.ledger.write([{ key: 'a', value: row }]);
	const hide = (persisted: boolean) =>
		page.dispatchEvent(Object.assign(new Event('pagehide'), { persisted }));
	// As long as it may still be in use.
	hide(false);
	expect(await left?.ledger.get('a')).toEqual(row);

	const after = vi.fn();
	const { get } = IDBObjectStore.prototype;
	vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementationOnce(function (
		this: IDBObjectStore,
		key,
	) {
		const request = get.call(this, key);
		request.addEventListener('success', () => hide(true));
		return request;
	});
	await expect(left?.ledger.update('a', () => ({ index: 2 }))).rejects.toBeDefined();
	void left?.ledger.write([{ key: 'b', value: row }]).then(after, after);
	void left?.ledger.get('a').then(after, after);

	expect(await tables.ledger.keys()).toEqual(['a']);
	expect(await tables.ledger.get('a')).toEqual(row);
	// Nor does it stand in the way of another version of the app.
	await deleteDB('balcony');
	expect(after).not.toHaveBeenCalled();
});
