import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { times } from '../../what-runs.ts';
import { createStage, type Manners, SMALL_TAGGED, type Step } from './adversary.ts';
import { taggedFile } from './tagged-files.ts';

const S = 2 ** 14;
/** Four segments and the start of a fifth; it ends off a block. */
const SIZE = 4 * S + 231;
const FILE = await taggedFile(SIZE, S);
/** Places that matter more than others: header, head, tags, the ends of segments, the last bytes and the tag. */
const NEAR = [0, 4, 30, 50, 56, 64, 80, 110, 130, 180, S - 1, S, 2 * S, SIZE - 1, SIZE, SIZE + 15];
const offset = fc.oneof(fc.nat(SIZE + 15), fc.constantFrom(...NEAR));

const manners: fc.Arbitrary<Partial<Manners>> = fc.record(
	{
		altered: fc.array(offset, { maxLength: 3 }),
		shifts: fc.boolean(),
		etag: fc.constantFrom('"a"', 'W/"a"', '"b"'),
		claims: fc.oneof(
			fc.constantFrom(undefined, 0, 0, 1000, -16),
			fc.integer({ min: -SIZE, max: 2 * S }),
		),
		times: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
		extra: fc.oneof(fc.constant(0), fc.integer({ min: -SIZE, max: 2 * S })),
		ranges: fc.constantFrom('full', 'full', 'ignored', 'prosody'),
		cut: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(SIZE)),
		calmly: fc.boolean(),
		status: fc.constantFrom(200, 200, 200, 200, 404, 503),
	},
	{ requiredKeys: [] },
);
const CHUNK = 9000;
const by = fc.constantFrom<0 | 1>(0, 0, 1);
const host = manners.map(
	(change): Step => ({ kind: 'host', manners: { chunk: CHUNK, ...change } }),
);
const play = (dies: fc.Arbitrary<number | undefined>): fc.Arbitrary<Step> =>
	fc.record({ by, from: offset, length: fc.nat(SIZE), dies }).map(({ dies: chunks, ...rest }) => ({
		kind: 'play' as const,
		...rest,
		...(chunks === undefined ? {} : { dies: chunks }),
	}));
const anyPlay = play(fc.constant(undefined));
const other: fc.Arbitrary<Step> = fc.record({
	kind: fc.constantFrom('save-streamed' as const, 'verify' as const, 'retry' as const),
	by,
});
const kill: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('kill' as const), by });
const evict: fc.Arbitrary<Step> = fc.constant({ kind: 'evict' });
const together: fc.Arbitrary<Step> = fc
	.array(fc.oneof({ weight: 3, arbitrary: anyPlay }, other, evict, host), {
		minLength: 2,
		maxLength: 4,
	})
	.map((steps) => ({ kind: 'together', steps }));
const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 4, arbitrary: host },
	{ weight: 5, arbitrary: anyPlay },
	{ weight: 2, arbitrary: together },
	{ weight: 2, arbitrary: other },
	play(fc.nat(8)),
	kill,
	evict,
);

const stageOf = ({ plain, encrypted } = FILE) =>
	createStage(plain, { encrypted, limits: SMALL_TAGGED, segment: S });
const honest: Step = { kind: 'host', manners: { chunk: CHUNK } };
const altered = (...at: number[]): Step => ({
	kind: 'host',
	manners: { chunk: CHUNK, altered: at },
});
const played = (from: number, length: number): Step => ({ kind: 'play', by: 0, from, length });
const verify: Step = { kind: 'verify', by: 0 };
const retry: Step = { kind: 'retry', by: 0 };
const kills: Step = { kind: 'kill', by: 0 };

describe('of a file with tags', () => {
	it(
		'no wrong byte is ever released, whatever the adversary does',
		async () => {
			let released = 0;
			await fc.assert(
				fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
					const stage = await stageOf();
					await stage.take(honest);
					for (const next of steps) {
						await stage.take(next);
						expect(stage.wrong).toBe(0);
					}
					released += stage.released;
					// In the end it repents, and a worker begins that knows only what is written down.
					await stage.take(honest);
					await stage.take(kills);
					await stage.take(verify);
					for (let tries = 0; tries < 4 && !(await stage.isWhole()); tries++) {
						await stage.take(retry);
						await stage.take(verify);
					}
					expect(await stage.isWhole()).toBe(true);
					await stage.take(played(0, SIZE));
					expect(stage.wrong).toBe(0);
					await stage.close();
				}),
				{ numRuns: times(2000, 500) },
			);
			expect(released).toBeGreaterThan(1_000_000);
		},
		times(600_000, 120_000),
	);

	it('it is verified from the first byte that is released, before the rest has come', async () => {
		const stage = await stageOf();
		await stage.take(honest);
		await stage.take(played(0, 1));
		expect(stage.stateOf(0)).toBe('verified');
		expect(stage.released).toBe(S);
		expect(await stage.isWhole()).toBe(false);
		await stage.take(played(3 * S + 5, 1));
		expect(stage.released).toBe(2 * S - 5);
		await stage.close();
	});

	it('a segment is fetched once more where it is altered, and what is altered again is altered for good', async () => {
		const stage = await stageOf();
		await stage.take(altered(4 * S + 9));
		await stage.take(played(0, 1));
		await stage.take(played(4 * S, 1));
		expect(stage.stateOf(0)).toBe('tampered');
		expect(stage.answersFor(4 * S)).toBe(2);
		expect(stage.wrong).toBe(0);
		await stage.take(honest);
		await stage.take(retry);
		await stage.take(verify);
		expect(await stage.isWhole()).toBe(true);
		await stage.close();
	});

	it('an answer that is altered once is played from the next one', async () => {
		const stage = await stageOf();
		await stage.take(honest);
		await stage.take(played(0, 1));
		await stage.take({
			kind: 'host',
			manners: { chunk: CHUNK, altered: [S + 9], lies: 1 },
		});
		await stage.take(played(S, 1));
		expect(stage.stateOf(0)).toBe('verified');
		expect(stage.released).toBe(2 * S);
		await stage.close();
	});

	it.each([
		['its header', FILE.head.offset - 20],
		['its head', FILE.head.offset + 9],
		['a tag', FILE.head.offset + 70],
		['the last byte of it', FILE.head.offset + FILE.head.length - 1],
	])('nothing is released before all of it is verified where %s is altered', async (_, at) => {
		const stage = await stageOf();
		await stage.take(altered(at));
		await stage.take(played(0, 1));
		expect(stage.released).toBe(0);
		expect(stage.stateOf(0)).toBe('tampered');
		await stage.take(honest);
		await stage.take(retry);
		await stage.take(played(0, 1));
		expect(await stage.isWhole()).toBe(true);
		await stage.close();
	});

	it('the table that is released is the table that was right', async () => {
		const file = await taggedFile(SIZE, S, { offset: 4096 });
		const { offset: from, length } = file.head;
		for (const at of [from, from + 50, from + 70, from + length - 1]) {
			const stage = await stageOf(file);
			// It comes once, and breaks off before its segment is whole.
			await stage.take({
				kind: 'host',
				manners: { chunk: CHUNK, ranges: 'ignored', cut: 9000, cuts: 1, behind: at },
			});
			await stage.take(played(0, SIZE));
			expect(stage.wrong).toBe(0);
			expect(stage.stateOf(0)).toBe('tampered');
			await stage.close();
		}
	});

	it('what a server says of its size is of no matter', async () => {
		for (const claims of [1000, -100, undefined]) {
			const stage = await stageOf();
			await stage.take({ kind: 'host', manners: { chunk: CHUNK, claims } });
			await stage.take(played(0, SIZE));
			expect(stage.released).toBe(SIZE);
			await stage.take({ kind: 'host', manners: { chunk: CHUNK, extra: 5000 } });
			await stage.take(played(0, SIZE));
			expect(stage.wrong).toBe(0);
			expect(stage.stateOf(0)).toBe('verified');
			await stage.close();
		}
	});

	it('right segments with a wrong tag of the whole are altered', async () => {
		const stage = await stageOf();
		await stage.take(altered(SIZE + 3));
		await stage.take(played(0, SIZE));
		expect(stage.wrong).toBe(0);
		await stage.take(verify);
		expect(stage.stateOf(0)).toBe('tampered');
		await stage.close();
	});

	it('a worker that was killed takes up the table from what is kept, and asks nobody', async () => {
		const stage = await stageOf();
		await stage.take(honest);
		await stage.take(played(0, 1));
		const asked = stage.answers;
		await stage.take(kills);
		await stage.take({ kind: 'host', manners: { status: 404 } });
		await stage.take(played(0, 1));
		expect(stage.answers).toBe(asked);
		expect(stage.stateOf(0)).toBe('verified');
		await stage.close();
	});

	it('what is kept is compared with its tag, even if what was counted has been changed with it', async () => {
		const stage = await stageOf();
		await stage.take(honest);
		await stage.take(played(0, SIZE - S));
		await stage.take(kills);
		await stage.forge(2);
		await stage.take(played(2 * S, 1));
		expect(stage.wrong).toBe(0);
		expect(stage.stateOf(0)).toBe('tampered');
		await stage.close();
	});

	it.each([12, 16])('an IV may have %i bytes, and the table lie far behind', async (ivLength) => {
		const file = await taggedFile(3 * S + 100, S, { ivLength, offset: 4096 + 24, seed: 5 });
		const stage = await stageOf(file);
		await stage.take(honest);
		await stage.take(played(0, 1));
		expect(stage.stateOf(0)).toBe('verified');
		await stage.close();
	});
});
