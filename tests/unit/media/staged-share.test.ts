import { expect, it } from 'vitest';
import {
	claimStaged,
	dropStaged,
	readStaged,
	stagedMedia,
	stageShare,
} from '../../../src/media/staged-share.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';

const ANNA = 'anna@example.org';

const file = (name: string, size: number) => new File([new Uint8Array(size).fill(7)], name);

it('what was handed over waits encrypted, until it is taken or something else comes', async () => {
	const vault = createMemoryVault();
	expect(await readStaged(vault, ANNA)).toBeUndefined();
	await stageShare(vault, { files: [file('a.jpg', 300_000), file('b.txt', 5)], text: 'look' });
	const staged = await readStaged(vault, ANNA);
	expect(staged?.text).toBe('look');
	expect(staged?.files.map(({ name, size }) => [name, size])).toEqual([
		['a.jpg', 300_000],
		['b.txt', 5],
	]);
	const bytes = new Uint8Array((await staged?.files[0]?.arrayBuffer()) ?? new ArrayBuffer(0));
	expect(bytes.every((byte) => byte === 7)).toBe(true);
	const [id = ''] = await stagedMedia(vault);
	const segment = await vault.segments.get(id, 0);
	expect(segment?.some((byte) => byte !== 7)).toBe(true);

	await stageShare(vault, { files: [], text: 'just words' });
	expect(await vault.media.list()).toEqual([]);
	expect(await readStaged(vault, ANNA)).toEqual({ files: [], text: 'just words', left: 0 });
	await dropStaged(vault, ANNA);
	expect(await readStaged(vault, ANNA)).toBeUndefined();
});

it('is taken within limits', async () => {
	const vault = createMemoryVault();
	const files = Array.from({ length: 30 }, (_, index) => file(`${index}`, 1));
	await stageShare(vault, { files, text: 'x'.repeat(100_000) });
	const staged = await readStaged(vault, ANNA);
	expect(staged?.files).toHaveLength(20);
	expect(staged?.left).toBe(10);
	expect(staged?.text).toHaveLength(10_000);
});

it('one that is too large takes none of the others with it, and is counted', async () => {
	const vault = createMemoryVault();
	const large = Object.defineProperty(file('large', 1), 'size', { value: 2 ** 30 + 1 });
	await stageShare(vault, { files: [large, file('small', 5)], text: '' });
	const staged = await readStaged(vault, ANNA);
	expect(staged?.files.map(({ name }) => name)).toEqual(['small']);
	expect(staged?.left).toBe(1);
});

it('of two that come at once the later one is there, whole', async () => {
	const vault = createMemoryVault();
	await Promise.all([
		stageShare(vault, { files: [file('a', 3_000_000), file('b', 3_000_000)], text: 'first' }),
		stageShare(vault, { files: [file('c', 5)], text: 'second' }),
	]);
	const staged = await readStaged(vault, ANNA);
	expect(staged).toMatchObject({ text: 'second', left: 0 });
	expect(staged?.files.map(({ name, size }) => [name, size])).toEqual([['c', 5]]);
	expect((await vault.media.list()).length).toBe(1);
});

it('what does not fit is refused, and what came before it is still there', async () => {
	const vault = createMemoryVault({ limit: 1000 });
	const files = [file('a', 500), file('b', 900)];
	await expect(stageShare(vault, { files, text: '' })).rejects.toMatchObject({
		code: 'storage-full',
	});
	const staged = await readStaged(vault, ANNA);
	expect(staged?.files.map(({ name }) => name)).toEqual(['a']);
	expect(staged?.left).toBe(1);
});

it('what waits is for the account that was there first, and for no other', async () => {
	const vault = createMemoryVault();
	const share = { files: [file('a.txt', 5)], text: 'hers' };
	await stageShare(vault, share);
	expect((await readStaged(vault, ANNA))?.files.length).toBe(1);
	expect(await readStaged(vault, 'ben@example.org')).toBeUndefined();
	expect((await readStaged(vault, ANNA))?.text).toBe('hers');
	// Handed over while somebody was signed in who has not looked at it.
	await stageShare(vault, share);
	await claimStaged(vault, ANNA);
	expect(await readStaged(vault, 'ben@example.org')).toBeUndefined();
	expect((await readStaged(vault, ANNA))?.text).toBe('hers');
});

it('what waits for an account is not dropped by another one', async () => {
	const vault = createMemoryVault();
	await stageShare(vault, { files: [file('a.txt', 5)], text: 'hers' });
	await claimStaged(vault, ANNA);
	await dropStaged(vault, 'ben@example.org');
	expect((await readStaged(vault, ANNA))?.files.length).toBe(1);
	await dropStaged(vault, ANNA);
	expect(await readStaged(vault, ANNA)).toBeUndefined();
	expect(await vault.media.list()).toEqual([]);
});

it.each([{ files: 'none', text: '' }, { files: [{}], text: 1 }, 'x'])(
	'a row that does not fit is nothing that waits, and what is handed over next takes its place: %j',
	async (row) => {
		const vault = createMemoryVault();
		await vault.chat.write([await vault.chat.put('staged', row)]);
		expect(await readStaged(vault, ANNA)).toBeUndefined();
		await stageShare(vault, { files: [file('a', 1)], text: 'look' });
		expect((await readStaged(vault, ANNA))?.text).toBe('look');
	},
);
