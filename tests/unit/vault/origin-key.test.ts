import { expect, it } from 'vitest';
import { MediaError } from '../../../src/core/errors.ts';
import { createChatRows } from '../../../src/vault/chat-rows.ts';
import type { SealedText } from '../../../src/vault/media-record.ts';
import { createPassingKey, openOriginKey } from '../../../src/vault/origin-key.ts';
import { createMemoryTable, type Table } from '../../../src/vault/table.ts';

/** Reads go on when nothing can be written any more. */
function fullAfterwards(): { table: Table<CryptoKey>; setFull(now: boolean): void } {
	const table = createMemoryTable<CryptoKey>();
	let isFull = false;
	return {
		table: {
			...table,
			async update(key, change) {
				if (isFull) throw new MediaError('storage-full');
				return table.update(key, change);
			},
		},
		setFull(now) {
			isFull = now;
		},
	};
}

it('a full disk opens what it keeps', async () => {
	const { table, setFull } = fullAfterwards();
	const sealed = await (await openOriginKey(table))?.seal('a', 'kept');
	setFull(true);
	expect(sealed && (await (await openOriginKey(table))?.open('a', sealed))).toBe('kept');
});

it('no other key stands in for one that there is no room for', async () => {
	const { table, setFull } = fullAfterwards();
	setFull(true);
	await expect(openOriginKey(table)).rejects.toMatchObject({ code: 'storage-full' });
	setFull(false);
	const sealed = await (await openOriginKey(table))?.seal('a', 'kept');
	expect(sealed && (await (await openOriginKey(table))?.open('a', sealed))).toBe('kept');
});

it('a browser that cannot store a key has none', async () => {
	const table = {
		...createMemoryTable<CryptoKey>(),
		update: () => Promise.reject(new DOMException('', 'DataCloneError')),
	};
	expect(await openOriginKey(table)).toBeUndefined();
});

it('a row is not taken for one that cannot be opened while the key cannot be read', async () => {
	const sealed = createMemoryTable<SealedText>();
	const key = await createPassingKey();
	const rows = createChatRows(sealed, async () => key);
	await rows.write([await rows.put('a', 1)]);
	const locked = createChatRows(sealed, () => Promise.reject(new MediaError('storage-full')));
	await expect(locked.get('a')).rejects.toMatchObject({ code: 'storage-full' });
});
