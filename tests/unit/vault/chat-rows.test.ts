import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it, vi } from 'vitest';
import { createChatRows } from '../../../src/vault/chat-rows.ts';
import { createPassingKey } from '../../../src/vault/origin-key.ts';
import { createMemoryTable } from '../../../src/vault/table.ts';
import { createMemoryVault, openVault } from '../../../src/vault/vault.ts';

it('a database of the first version is taken over with what is in it', async () => {
	// One that nobody has opened yet.
	vi.stubGlobal('indexedDB', new IDBFactory());
	const first = await openDB('balcony', 1, {
		upgrade(database) {
			for (const store of ['media', 'ledger', 'saves', 'settings', 'keys'])
				database.createObjectStore(store);
		},
	});
	await first.put('settings', { verifyFirst: true, persistAsked: true }, 'settings');
	first.close();
	const vault = await openVault();
	expect(vault.durable).toBe(true);
	expect((await vault.settings.get()).verifyFirst).toBe(true);
	await vault.chat.write([await vault.chat.put('a', 1)]);
	expect(await vault.chat.get('a')).toBe(1);
});

for (const [what, make] of [
	['in memory', async () => createMemoryVault()],
	['in IndexedDB', () => openVault()],
] as const)
	describe(`rows ${what}`, () => {
		it('page forwards and backwards, within their prefix', async () => {
			const { chat } = await make();
			await chat.removeAll('');
			const names = Array.from({ length: 10 }, (_, n) => `p/${n}`);
			await chat.write(
				await Promise.all([...names, 'o/1', 'q/1'].map((key) => chat.put(key, { key }))),
			);
			const page = async (options: Parameters<typeof chat.page>[1]) =>
				(await chat.page('p/', options)).map(({ key }) => key);
			expect(await page({ limit: 3 })).toEqual(['p/7', 'p/8', 'p/9']);
			expect(await page({ limit: 3, before: 'p/7' })).toEqual(['p/4', 'p/5', 'p/6']);
			expect(await page({ limit: 3, after: 'p/7' })).toEqual(['p/8', 'p/9']);
			expect(await page({ limit: 3, before: 'p/0' })).toEqual([]);
			expect(await page({ limit: 3, after: 'p/9' })).toEqual([]);
			expect(await page({ limit: 99 })).toEqual(names);
		});

		it('are written together, and removed', async () => {
			const { chat } = await make();
			await chat.write([await chat.put('x/1', 'one'), await chat.put('x/2', 'two')]);
			await chat.write([chat.remove('x/1'), await chat.put('x/2', 'three')]);
			expect(await chat.get('x/1')).toBeUndefined();
			expect(await chat.get('x/2')).toBe('three');
			await chat.removeAll('x/');
			expect(await chat.get('x/2')).toBeUndefined();
		});

		it('are gone after everything was erased', async () => {
			const vault = await make();
			await vault.chat.write([await vault.chat.put('secret', 'x')]);
			await vault.erase();
			expect(await vault.chat.get('secret')).toBeUndefined();
			expect(await vault.chat.page('', { limit: 9 })).toEqual([]);
		});
	});

it('are written in the order of the calls, whichever is sealed first', async () => {
	const table = createMemoryTable<never>();
	const key = await createPassingKey();
	let isFirst = true;
	const rows = createChatRows(table, async () => {
		// The first one waits for its key.
		if (isFirst) {
			isFirst = false;
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		return key;
	});
	const first = rows.write([await rows.put('a', 'first')]);
	const second = rows.write([await rows.put('a', 'second')]);
	const removal = rows.removeAll('b');
	await Promise.all([first, second, removal]);
	expect(await rows.get('a')).toBe('second');
});

it('a row says nothing without the key, nor in another place', async () => {
	const table = createMemoryTable<never>();
	const key = await createPassingKey();
	const rows = createChatRows(table, async () => key);
	await rows.write([await rows.put('here', { word: 'very secret' })]);
	const stored = await table.get('here');
	expect(JSON.stringify(stored)).not.toContain('secret');
	await table.write([{ key: 'there', value: stored }]);
	expect(await rows.get('there')).toBeUndefined();
	expect(await rows.get('here')).toEqual({ word: 'very secret' });
	const other = await createPassingKey();
	expect(await createChatRows(table, async () => other).get('here')).toBeUndefined();
});
