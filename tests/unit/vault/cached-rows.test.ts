import { beforeEach, expect, it } from 'vitest';
import { cachedRows } from '../../../src/vault/cached-rows.ts';
import type { ChatRows } from '../../../src/vault/chat-rows.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';

let rows: ChatRows;
let cached: ChatRows;
let reads: string[];
let isFull: boolean;

beforeEach(() => {
	const { chat } = createMemoryVault();
	rows = chat;
	reads = [];
	isFull = false;
	cached = cachedRows({
		...chat,
		get(key) {
			reads.push(key);
			return chat.get(key);
		},
		async write(changes, durability) {
			if (isFull) throw new Error('full');
			return chat.write(changes, durability);
		},
	});
});

const put = async (key: string, value: unknown) => cached.write([await cached.put(key, value)]);

it('what was written is read without looking, and is written all the same', async () => {
	await put('a', { n: 1 });
	expect(await cached.get('a')).toEqual({ n: 1 });
	expect(reads).toEqual([]);
	expect(await rows.get('a')).toEqual({ n: 1 });
	await put('a', { n: 2 });
	expect(await cached.get('a')).toEqual({ n: 2 });
	await cached.write([cached.remove('a')]);
	expect(await cached.get('a')).toBeUndefined();
	expect(await rows.get('a')).toBeUndefined();
});

it('what was read is read once, and what is missing again', async () => {
	await rows.write([await rows.put('a', 1)]);
	expect([await cached.get('a'), await cached.get('a')]).toEqual([1, 1]);
	expect([await cached.get('b'), await cached.get('b')]).toEqual([undefined, undefined]);
	expect(reads).toEqual(['a', 'b', 'b']);
});

it('what could not be written is as it was', async () => {
	await put('a', 'old');
	isFull = true;
	await expect(put('a', 'new')).rejects.toThrow('full');
	expect(await cached.get('a')).toBe('old');
});

it('what was sealed and not written is not there', async () => {
	await put('a', 'old');
	await cached.put('a', 'never written');
	expect(await cached.get('a')).toBe('old');
});

it('what is read while it is written is not remembered', async () => {
	await rows.write([await rows.put('a', 'old')]);
	const reading = cached.get('a');
	await put('a', 'new');
	await reading;
	expect(await cached.get('a')).toBe('new');
});

it('only the latest are remembered, and none once all is removed', async () => {
	for (let n = 0; n < 400; n++) await put(`k${n}`, n);
	expect(await cached.get('k0')).toBe(0);
	expect(reads).toEqual(['k0']);
	expect(await cached.get('k399')).toBe(399);
	expect(reads).toEqual(['k0']);
	await cached.removeAll('k');
	expect(await cached.get('k399')).toBeUndefined();
});
