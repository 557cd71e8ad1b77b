import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import type { ChatRows } from '../../../src/vault/chat-rows.ts';
import { ownedRows } from '../../../src/vault/owned-rows.ts';
import { createMemoryVault, openVault } from '../../../src/vault/vault.ts';

const KEY = 'owner';
const change = (key: string, value: unknown) => [{ key, value }];

for (const [what, make] of [
	['in memory', async () => createMemoryVault()],
	[
		'in IndexedDB',
		() => {
			vi.stubGlobal('indexedDB', new IDBFactory());
			return openVault();
		},
	],
] as const)
	describe(`rows ${what}`, () => {
		it('belong to who has claimed them last: nothing that another one still writes gets there', async () => {
			const { chat } = await make();
			const lost = [vi.fn(), vi.fn()];
			const [first, second] = lost.map((told) => ownedRows(chat, KEY, told));
			await first?.write(change('a', 1));
			await second?.claim();
			await expect(first?.write(change('a', 2))).rejects.toMatchObject({ name: 'RowsTaken' });
			await expect(first?.write(change('b', 2), 'relaxed')).rejects.toThrow();
			expect(await chat.getMany(['a', 'b'])).toEqual([1, undefined]);
			expect(lost.map((told) => told.mock.calls.length)).toEqual([1, 0]);
			await second?.write(change('a', 3));
			expect(await first?.get('a')).toBe(3);
		});

		it('what was on its way when they were claimed is there whole or not at all', async () => {
			const { chat } = await make();
			const first = ownedRows(chat, KEY, () => undefined);
			await first.claim();
			const writing = first.write([
				{ key: 'a', value: 'x'.repeat(100_000) },
				{ key: 'b', value: 1 },
			]);
			const second = ownedRows(chat, KEY, () => undefined);
			await Promise.all([second.claim(), writing.catch(() => undefined)]);
			const found = await chat.has(['a', 'b']);
			expect(found[0]).toBe(found[1]);
		});

		it('nothing is written any more after everything was removed', async () => {
			const { chat } = await make();
			const mine = ownedRows(chat, KEY, () => undefined);
			await mine.write(change('a', 1));
			await chat.removeAll('');
			await expect(mine.write(change('a', 2))).rejects.toMatchObject({ name: 'RowsTaken' });
			expect(await chat.has(['a', KEY])).toEqual([false, false]);
		});

		it('that others write without claiming are none of their business', async () => {
			const { chat } = await make();
			const mine = ownedRows(chat, KEY, () => undefined);
			await mine.claim();
			await chat.write(change('other', 1));
			await mine.write(change('a', 1));
			expect(await mine.getMany(['other', 'a'])).toEqual([1, 1]);
		});
	});

it('without room nothing is claimed, and the next write tries again', async () => {
	const { chat } = createMemoryVault();
	let isFull = true;
	const full: ChatRows = {
		...chat,
		claim: (key) => (isFull ? Promise.reject(new Error('full')) : chat.claim(key)),
	};
	const rows = ownedRows(full, KEY, () => undefined);
	await expect(rows.claim()).rejects.toThrow('full');
	await expect(rows.write(change('a', 1))).rejects.toThrow('full');
	isFull = false;
	await rows.write(change('a', 1));
	expect(await chat.get('a')).toBe(1);
});
