import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { MediaError } from '../../../src/core/errors.ts';
import { bufferedRows, type WriteBuffer } from '../../../src/vault/buffered-rows.ts';
import { cachedRows } from '../../../src/vault/cached-rows.ts';
import type { ChatRows, ChatWrite } from '../../../src/vault/chat-rows.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';
import { times } from '../../what-runs.ts';

let disk: ChatRows;
/** the keys of each write that reached the disk */
let written: string[][];
/** how many rows there is room for in one write */
let room: number;
let reads: string[];
let rows: ChatRows & WriteBuffer;
let told: string[];
let whileWriting: () => Promise<void>;
let cannotRemove: boolean;

beforeEach(() => {
	const { chat } = createMemoryVault();
	disk = chat;
	written = [];
	room = Number.POSITIVE_INFINITY;
	reads = [];
	told = [];
	cannotRemove = false;
	whileWriting = async () => undefined;
	rows = open();
});

function open() {
	return bufferedRows(
		cachedRows({
			...disk,
			async get(key) {
				reads.push(key);
				return disk.get(key);
			},
			async has(keys) {
				reads.push(...keys);
				return disk.has(keys);
			},
			async removeAll(prefix) {
				if (cannotRemove) throw new Error('broken');
				await disk.removeAll(prefix);
			},
			async write(changes, durability) {
				await whileWriting();
				if (changes.length > room) throw new MediaError('storage-full');
				await disk.write(changes, durability);
				written.push(changes.map(({ key }) => key));
			},
		}),
	);
}

const change = (key: string, value: unknown): ChatWrite => ({ key, value });
const write = (durability: 'strict' | 'relaxed', ...keys: string[]) =>
	rows.write(
		keys.map((key) => change(key, key.toUpperCase())),
		durability,
	);

it('held writes are read at once, and are on the disk after a flush, in one write', async () => {
	await write('relaxed', 'before');
	rows.hold();
	await write('relaxed', 'a', 'b');
	await rows.write([change('a', 'again'), change('before', undefined)], 'relaxed');
	expect(await rows.get('a')).toBe('again');
	expect(await rows.getMany(['a', 'b', 'c', 'before'])).toEqual([
		'again',
		'B',
		undefined,
		undefined,
	]);
	expect(await rows.has(['a', 'c', 'before'])).toEqual([true, false, false]);
	expect(await disk.has(['a', 'before'])).toEqual([false, true]);
	await rows.flush();
	expect(written).toEqual([['before'], ['a', 'b', 'before']]);
	expect(await disk.getMany(['a', 'b', 'before'])).toEqual(['again', 'B', undefined]);
	expect(await rows.get('a')).toBe('again');
});

it('what is written strictly takes along all that was written before, and never overtakes it', async () => {
	const release = rows.hold();
	await write('relaxed', 'a');
	await write('strict', 'b');
	expect(written).toEqual([['a'], ['b']]);
	await write('relaxed', 'c');
	release();
	await write('relaxed', 'd');
	expect(written.slice(2)).toEqual([['c'], ['d']]);
});

it('two may hold writes: it goes on until both have ended', async () => {
	const releases = [rows.hold(), rows.hold()];
	releases[0]?.();
	await write('relaxed', 'a');
	expect(written).toEqual([]);
	releases[1]?.();
	await write('relaxed', 'b');
	expect(written).toEqual([['a'], ['b']]);
});

it('what is too much for the disk is written as far as there is room, and the rest stays', async () => {
	rows.hold();
	for (const key of ['a', 'b', 'c', 'd', 'e']) await write('relaxed', key);
	await write('relaxed', 'f', 'g', 'h');
	await write('relaxed', 'i');
	rows.whenWritten(() => told.push('all'));
	room = 2;
	await expect(rows.flush()).rejects.toMatchObject({ code: 'storage-full' });
	expect(written.flat()).toEqual(['a', 'b', 'c', 'd', 'e']);
	await expect(write('strict', 'j')).rejects.toMatchObject({ code: 'storage-full' });
	expect(await rows.getMany(['f', 'i', 'j'])).toEqual(['F', 'I', undefined]);
	expect(told).toEqual([]);
	room = 3;
	await rows.flush();
	expect(written.flat()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
	expect(told).toEqual(['all']);
});

it('what follows from a write is done once it is on the disk, and what follows from several once', async () => {
	const show = () => told.push('show');
	rows.whenWritten(() => told.push('nothing waits'));
	rows.hold();
	for (const key of ['a', 'b']) {
		await write('relaxed', key);
		rows.whenWritten(() => told.push(key));
		rows.whenWritten(show);
	}
	expect(told).toEqual(['nothing waits']);
	// Behind what is on its way.
	whileWriting = async () => {
		await write('relaxed', 'c');
		rows.whenWritten(show);
	};
	await rows.flush();
	expect(told).toEqual(['nothing waits', 'a', 'b', 'show']);
	whileWriting = async () => undefined;
	await rows.flush();
	expect(told).toEqual(['nothing waits', 'a', 'b', 'show', 'show']);
});

it('rows that are read ahead are at hand, also those that are not there, until they change', async () => {
	await write('strict', 'a');
	rows.hold();
	await rows.prefetch(['a', 'b', 'b', 'c']);
	reads = [];
	expect([await rows.get('a'), await rows.get('b')]).toEqual(['A', undefined]);
	expect(await rows.has(['a', 'b', 'c'])).toEqual([true, false, false]);
	expect(reads).toEqual([]);
	await write('strict', 'b');
	await write('relaxed', 'c');
	await rows.removeAll('a');
	expect(await rows.getMany(['a', 'b', 'c'])).toEqual([undefined, 'B', 'C']);
	expect(await rows.has(['a', 'b', 'c'])).toEqual([false, true, true]);
	expect([await rows.get('a'), await rows.get('b'), await rows.get('c')]).toEqual([
		undefined,
		'B',
		'C',
	]);
});

it('what changes while it is read ahead is not taken for what it was', async () => {
	rows.hold();
	const reading = rows.prefetch(['a', 'b']);
	await write('relaxed', 'a');
	await write('strict', 'b');
	await reading;
	expect([await rows.get('a'), await rows.get('b')]).toEqual(['A', 'B']);
});

it.each(['prefetch', 'has'] as const)(
	'what %s finds while a row is written is not taken for what it is afterwards',
	async (how) => {
		rows.hold();
		whileWriting = async () => {
			await rows[how](['a']);
		};
		await write('strict', 'a');
		whileWriting = async () => undefined;
		expect([await rows.get('a'), await rows.has(['a'])]).toEqual(['A', [true]]);
	},
);

it('a removal that fails leaves what is in memory whole', async () => {
	rows.hold();
	await write('relaxed', 'a', 'b');
	cannotRemove = true;
	await expect(rows.removeAll('a')).rejects.toThrow('broken');
	await rows.flush();
	expect(await disk.getMany(['a', 'b'])).toEqual(['A', 'B']);
});

it('a missing row is looked for once while writes are held', async () => {
	const release = rows.hold();
	await rows.has(['a']);
	await rows.has(['a']);
	expect(reads).toEqual(['a']);
	release();
	await rows.has(['a']);
	expect(reads).toEqual(['a', 'a']);
});

it('removeAll works on a full disk, also for rows in memory', async () => {
	await write('strict', 'a1', 'b1');
	rows.hold();
	await write('relaxed', 'a2', 'b2');
	room = 0;
	await rows.removeAll('a');
	expect(await rows.getMany(['a1', 'a2', 'b1', 'b2'])).toEqual([undefined, undefined, 'B1', 'B2']);
	room = 1;
	await rows.flush();
	expect(await disk.getMany(['a1', 'a2', 'b1', 'b2'])).toEqual([undefined, undefined, 'B1', 'B2']);
});

it('pages are those of what was written, on the disk or not', async () => {
	await write('strict', 'k1', 'k3', 'k5', 'x');
	rows.hold();
	await write('relaxed', 'k2', 'k9');
	await rows.write([change('k5', undefined), change('k3', 'three')], 'relaxed');
	const page = async (options: Parameters<ChatRows['page']>[1]) =>
		(await rows.page('k', options)).map(({ key, value }) => `${key}=${value}`);
	expect(await page({ limit: 3 })).toEqual(['k2=K2', 'k3=three', 'k9=K9']);
	expect(await page({ before: 'k9', limit: 2 })).toEqual(['k2=K2', 'k3=three']);
	expect(await page({ after: 'k1', limit: 2 })).toEqual(['k2=K2', 'k3=three']);
	expect(await page({ after: '', limit: 1 })).toEqual(['k1=K1']);
});

const KEYS = ['a1', 'a2', 'b1', 'b2', 'c'];
const KEY = fc.constantFrom(...KEYS);
const CHANGES = fc.uniqueArray(fc.tuple(KEY, fc.option(fc.nat(99), { nil: undefined })), {
	maxLength: 3,
	selector: ([key]) => key,
});
const STEP = fc.oneof(
	{ weight: 5, arbitrary: fc.record({ kind: fc.constant('relaxed' as const), changes: CHANGES }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant('strict' as const), changes: CHANGES }) },
	fc.record({
		kind: fc.constantFrom('hold' as const, 'release' as const, 'flush' as const),
	}),
	fc.record({ kind: fc.constant('room' as const), room: fc.constantFrom(0, 1, 2, 99) }),
	fc.record({ kind: fc.constant('ahead' as const), keys: fc.array(KEY) }),
	fc.record({ kind: fc.constant('removeAll' as const), prefix: fc.constantFrom('a', 'b') }),
);

it('reads return what was written, and the disk always holds the first of the writes and no other', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(STEP, { maxLength: 30 }), async (steps) => {
			const { chat } = createMemoryVault();
			disk = chat;
			room = Number.POSITIVE_INFINITY;
			rows = open();
			const releases: (() => void)[] = [];
			/** what was written, after each write that was taken; those before `settled` cannot be undone any more */
			const states: Map<string, unknown>[] = [new Map()];
			let settled = 0;
			const apply = (edit: (state: Map<string, unknown>) => void) => {
				const next = new Map(states.at(-1));
				edit(next);
				states.push(next);
			};
			for (const step of steps) {
				switch (step.kind) {
					case 'hold':
						releases.push(rows.hold());
						break;
					case 'release':
						releases.pop()?.();
						break;
					case 'room':
						room = step.room;
						break;
					case 'ahead':
						await rows.prefetch(step.keys);
						break;
					case 'flush':
						await rows.flush().then(
							() => {
								settled = states.length - 1;
							},
							() => undefined,
						);
						break;
					case 'removeAll':
						await rows.removeAll(step.prefix);
						// In memory, too: it is as if it had never been written.
						for (const state of states)
							for (const key of [...state.keys()])
								if (key.startsWith(step.prefix)) state.delete(key);
						break;
					default: {
						const isTaken = await rows
							.write(
								step.changes.map(([key, value]) => change(key, value)),
								step.kind,
							)
							.then(
								() => true,
								() => false,
							);
						if (!isTaken) break;
						apply((state) => {
							for (const [key, value] of step.changes)
								if (value === undefined) state.delete(key);
								else state.set(key, value);
						});
						if (step.kind === 'strict') settled = states.length - 1;
					}
				}
				const now = states.at(-1) ?? new Map();
				const wanted = KEYS.map((key) => now.get(key));
				expect(await Promise.all(KEYS.map((key) => rows.get(key)))).toEqual(wanted);
				expect(await rows.getMany(KEYS)).toEqual(wanted);
				expect(await rows.has(KEYS)).toEqual(wanted.map((value) => value !== undefined));
				const page = await rows.page('', { limit: 9 });
				expect(page).toEqual([...now].map(([key, value]) => ({ key, value })).sort(byKey));
				const kept = new Map(
					(await disk.page('', { limit: 9 })).map((row) => [row.key, row.value]),
				);
				const could = states.slice(settled).map((state) => [...state].sort());
				expect(could).toContainEqual([...kept].sort());
			}
		}),
		{ numRuns: times(3000, 150) },
	);
}, 120_000);

function byKey(a: { key: string }, b: { key: string }): number {
	return a.key < b.key ? -1 : 1;
}
