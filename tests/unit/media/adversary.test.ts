import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { times } from '../../what-runs.ts';
import { createStage, type Manners, SMALL, type Step } from './adversary.ts';
import { videoLike } from './support.ts';

const S = SMALL.segment;
/** Five segments and the start of a sixth; it ends off a block. */
const SIZE = 5 * S + 23;
const FILE = videoLike(SIZE);
const offset = fc.nat(SIZE + 15);

const manners: fc.Arbitrary<Partial<Manners>> = fc.record(
	{
		altered: fc.array(offset, { maxLength: 3 }),
		shifts: fc.boolean(),
		etag: fc.constantFrom('"a"', 'W/"a"', '"b"', 'W/"b"'),
		claims: fc.oneof(
			fc.constantFrom(undefined, 0, 0, 1000, -16),
			fc.integer({ min: -SIZE, max: 2 * S }),
		),
		times: fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
		extra: fc.oneof(fc.constant(0), fc.integer({ min: -SIZE, max: 2 * S })),
		ranges: fc.constantFrom('full', 'full', 'ignored', 'prosody'),
		cut: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(SIZE)),
		calmly: fc.boolean(),
		chunk: fc.integer({ min: 1, max: 2 * S }).map((size) => Math.max(5, size)),
		status: fc.constantFrom(200, 200, 200, 200, 404, 503),
	},
	{ requiredKeys: [] },
);

const by = fc.constantFrom<0 | 1>(0, 0, 1);
const host = manners.map((change): Step => ({ kind: 'host', manners: change }));
const play: fc.Arbitrary<Step> = fc.record({
	kind: fc.constant('play' as const),
	by,
	from: offset,
	length: fc.nat(SIZE),
});
const deadlyPlay: fc.Arbitrary<Step> = fc.record({
	kind: fc.constant('play' as const),
	by,
	from: offset,
	length: fc.nat(SIZE),
	dies: fc.nat(20),
});
const other: fc.Arbitrary<Step> = fc.record({
	kind: fc.constantFrom('save-streamed' as const, 'verify' as const, 'retry' as const),
	by,
});
const kill: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('kill' as const), by });
const evict: fc.Arbitrary<Step> = fc.constant({ kind: 'evict' });
const together: fc.Arbitrary<Step> = fc
	.array(fc.oneof({ weight: 3, arbitrary: play }, other, evict, host), {
		minLength: 2,
		maxLength: 4,
	})
	.map((steps) => ({ kind: 'together', steps }));
const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 4, arbitrary: host },
	{ weight: 4, arbitrary: play },
	{ weight: 3, arbitrary: together },
	{ weight: 3, arbitrary: other },
	deadlyPlay,
	kill,
	evict,
);

describe('an adversary that keeps the file', () => {
	it(
		'never has a file verified of which it has had other bytes played',
		async () => {
			await fc.assert(
				fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
					const stage = await createStage(FILE);
					for (const next of steps) {
						await stage.take(next);
						if (stage.isVerified()) expect(stage.wrong).toBe(0);
						expect(stage.twofold).toBe(0);
					}
					// In the end it repents: what was honest all the time is verified, and what was not is not.
					await stage.take({ kind: 'host', manners: {} });
					for (let tries = 0; tries < 3 && stage.stateOf(0) !== 'verified'; tries++) {
						await stage.take({ kind: 'retry', by: 0 });
						await stage.take({ kind: 'verify', by: 0 });
					}
					if (stage.wrong > 0) expect(stage.isVerified()).toBe(false);
					if (!stage.isFalse) expect(stage.stateOf(0)).toBe('verified');
					await stage.close();
				}),
				{ numRuns: times(4000, 600) },
			);
		},
		times(300_000, 60_000),
	);

	const altered: Step = { kind: 'host', manners: { altered: [70], etag: '"a"' } };
	const honest: Step = { kind: 'host', manners: {} };
	const played: Step = { kind: 'play', by: 0, from: 64, length: 16 };
	const verify: Step = { kind: 'verify', by: 0 };
	const tricks: Record<string, readonly Step[]> = {
		'puts the true file in its place': [],
		'puts the true file there under another ETag': [
			{ kind: 'host', manners: { etag: '"b"' } },
			{ kind: 'play', by: 0, from: SIZE - 1, length: 1 },
		],
		'claims another size once': [
			{ kind: 'host', manners: { claims: 32, times: 1 } },
			{ kind: 'play', by: 0, from: SIZE - 1, length: 1 },
		],
		'claims a size smaller than what was played': [
			{ kind: 'host', manners: { claims: -SIZE, times: 1 } },
			{ kind: 'play', by: 0, from: SIZE - 1, length: 1 },
		],
		'is asked by another worker, for segments that are kept nowhere': [
			{ kind: 'kill', by: 0 },
			{ kind: 'evict' },
			honest,
		],
		'is found out and tried again': [honest, verify, { kind: 'retry', by: 0 }, honest],
	};
	for (const [what, steps] of Object.entries(tricks))
		it(`has nothing verified of which it had other bytes played, if it ${what}`, async () => {
			const stage = await createStage(FILE);
			for (const next of [altered, played, ...steps, honest, verify, verify])
				await stage.take(next);
			expect(stage.wrong).toBe(1);
			expect(stage.stateOf(0)).toBe('tampered');
			await stage.close();
		});

	it('gives one byte for one offset to two streams that overlap', async () => {
		const near: fc.Arbitrary<Step> = fc.record({
			kind: fc.constant('play' as const),
			by: fc.constant<0>(0),
			from: fc.integer({ min: 4 * S, max: SIZE - 1 }),
			length: fc.nat(60),
		});
		const readers = fc.array(near, { minLength: 2, maxLength: 3 });
		const offsets = fc.array(fc.integer({ min: 4 * S, max: SIZE - 1 }), { minLength: 1 });
		await fc.assert(
			fc.asyncProperty(readers, offsets, async (steps, changed) => {
				const stage = await createStage(FILE);
				await stage.take({ kind: 'play', by: 0, from: 0, length: 1 });
				await stage.take({ kind: 'host', manners: { altered: changed, shifts: true, chunk: 7 } });
				await stage.take({ kind: 'together', steps });
				expect(stage.twofold).toBe(0);
				await stage.close();
			}),
			{ numRuns: times(1000, 200) },
		);
	});

	it('that begins to tell the length in a later answer keeps nobody waiting', async () => {
		const stage = await createStage(FILE);
		await stage.take({
			kind: 'host',
			manners: { claims: undefined, times: 1, cut: 127, chunk: 54 },
		});
		await stage.take({ kind: 'play', by: 0, from: 321, length: 20 });
		await stage.take(verify);
		expect(stage.stateOf(0)).toBe('verified');
		await stage.close();
	});

	it.each([1000, -100])(
		'that announces %i bytes too many ends the streams of that size',
		async (claims) => {
			const stage = await createStage(FILE);
			await stage.take({ kind: 'host', manners: { claims } });
			// Both begin while it is believed, and read on behind the true end.
			const reads: Step[] = [0, 300].map((from) => ({ kind: 'play', by: 0, from, length: 2000 }));
			await stage.take({ kind: 'together', steps: [...reads, verify] });
			await stage.take(verify);
			expect(stage.wrong).toBe(0);
			expect(stage.stateOf(0)).toBe('verified');
			await stage.close();
		},
	);
});
