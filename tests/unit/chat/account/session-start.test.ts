import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isLive } from '../../../../src/chat/account/connection-life.ts';
import {
	createSessionStart,
	type SessionStart,
	type StartStep,
} from '../../../../src/chat/account/session-start.ts';
import { MediaError } from '../../../../src/core/errors.ts';
import { XmppError } from '../../../../src/xmpp/xmpp-error.ts';

const STEPS: StartStep[] = ['roster', 'blocking', 'pep', 'upload', 'archive'];

let start: SessionStart;
let told: string[];
let asked: StartStep[];
/** what a step comes to; true where nothing is said */
let answers: Partial<Record<StartStep, () => Promise<boolean>>>;

beforeEach(begin);
afterEach(() => {
	start.close();
	expect(vi.getTimerCount()).toBe(0);
	vi.useRealTimers();
});

function begin() {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	told = [];
	asked = [];
	answers = {};
	const step = (name: StartStep) => async () => {
		asked.push(name);
		return answers[name]?.() ?? true;
	};
	start = createSessionStart({
		steps: Object.fromEntries(STEPS.map((name) => [name, step(name)])) as Record<
			StartStep,
			() => Promise<boolean>
		>,
		listeners: {
			begins: () => told.push('begins'),
			mayAct: (isNew) => told.push(isNew ? 'act anew' : 'act'),
			live: (isNew) => told.push(isNew ? 'live anew' : 'live'),
			missing: (name, isMissing) => isMissing && told.push(`no ${name}`),
			storage: (isFull) => told.push(isFull ? 'full' : 'room'),
			report: () => told.push('mistake'),
		},
	});
}

const pass = (time: number) => vi.advanceTimersByTimeAsync(time);
const refuse = (code: 'refused' | 'timeout' | 'offline') => () =>
	Promise.reject(new XmppError(code));
const never = () => new Promise<never>(() => undefined);

it('asks for all of it once, and is live then', async () => {
	start.changed('online', false);
	expect(isLive(start.life)).toBe(false);
	await pass(0);
	expect([...asked].sort()).toEqual([...STEPS].sort());
	expect(asked.at(-1)).toBe('archive');
	expect(told).toEqual(['begins', 'live anew', 'act anew']);
	expect([isLive(start.life), start.followsArchive]).toEqual([true, true]);
	await start.whenLive();
});

it('goes on where the server lacks or does not answer something, and asks again for what was not answered', async () => {
	answers = { roster: refuse('refused'), blocking: refuse('timeout'), archive: refuse('timeout') };
	start.changed('online', false);
	await pass(0);
	expect(told).toEqual([
		'begins',
		'no roster',
		'no blocking',
		'no archive',
		'live anew',
		'act anew',
	]);
	expect([start.followsArchive, start.isArchiveDue]).toEqual([false, true]);
	answers = {};
	asked = [];
	await pass(61_000);
	expect(asked.sort()).toEqual(['archive', 'blocking']);
	expect([start.followsArchive, start.isArchiveDue]).toEqual([true, false]);
});

it('expects nothing of an archive that is refused', async () => {
	answers = { archive: refuse('refused') };
	start.changed('online', false);
	await pass(0);
	expect([start.followsArchive, start.isArchiveDue]).toEqual([false, false]);
});

it('asks a resumed session for what was not answered before, and for nothing twice', async () => {
	answers = { pep: refuse('timeout') };
	start.changed('online', false);
	await pass(0);
	start.changed('offline', false);
	answers = {};
	asked = [];
	start.changed('online', true);
	await pass(0);
	expect(asked).toEqual(['pep']);
	expect(told.slice(-2)).toEqual(['live', 'act']);
});

it('lets out what waits although the archive is long, and sends nothing again when that is resumed', async () => {
	answers = { archive: never };
	start.changed('online', false);
	await pass(14_000);
	expect(told).toEqual(['begins']);
	await pass(2000);
	expect(told).toEqual(['begins', 'act anew']);
	start.changed('offline', false);
	answers = {};
	start.changed('online', true);
	await pass(0);
	expect(told).toEqual(['begins', 'act anew', 'live anew', 'act']);
});

it('of two quick connections only the last one ends what it began', async () => {
	let answer: (has: boolean) => void = () => undefined;
	answers = {
		archive: () =>
			new Promise((resolve) => {
				answer = resolve;
			}),
	};
	start.changed('online', false);
	await pass(0);
	const first = answer;
	start.changed('offline', false);
	start.changed('online', false);
	await pass(0);
	first(true);
	await pass(0);
	expect([isLive(start.life), start.followsArchive]).toEqual([false, false]);
	expect(told).toEqual(['begins', 'begins']);
	answer(true);
	await pass(0);
	expect(isLive(start.life)).toBe(true);
	expect(told).toEqual(['begins', 'begins', 'live anew', 'act anew']);
});

it('tries again less and less often on a full disk, and only what is left to do', async () => {
	let isFull = true;
	answers = {
		archive: async () => {
			if (isFull) throw new MediaError('storage-full');
			return true;
		},
	};
	start.changed('online', false);
	await pass(600_000);
	expect(asked.filter((name) => name === 'roster')).toHaveLength(1);
	expect(asked.length).toBeLessThan(25);
	expect(told).toContain('full');
	isFull = false;
	await pass(60_000);
	expect(told.slice(-2)).toEqual(['room', 'live anew']);
});

it('who waits for the archive is told that the line broke', async () => {
	answers = { archive: never };
	await expect(start.whenLive()).rejects.toMatchObject({ code: 'offline' });
	start.changed('online', false);
	const waiting = expect(start.whenLive()).rejects.toMatchObject({ code: 'offline' });
	await pass(0);
	start.changed('offline', false);
	await waiting;
});

it('in any order of events: live only while up, a session begins once, and what waits goes out anew once in each', async () => {
	const event = fc.oneof(
		fc.constant('fresh'),
		fc.constant('resumed'),
		fc.constant('offline'),
		fc.nat(90_000),
		fc.record({
			step: fc.constantFrom(...STEPS),
			answer: fc.constantFrom('ok', 'refused', 'timeout', 'never', 'full'),
		}),
	);
	await fc.assert(
		fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
			begin();
			let sessions = 0;
			let isUp = false;
			for (const one of events) {
				if (one === 'fresh' || (one === 'resumed' && sessions > 0)) {
					if (one === 'fresh') sessions += 1;
					isUp = true;
					start.changed('online', one === 'resumed');
				} else if (one === 'offline') {
					isUp = false;
					start.changed('offline', false);
				} else if (typeof one === 'number') await pass(one);
				else if (typeof one === 'object')
					answers[one.step] = {
						ok: async () => true,
						refused: refuse('refused'),
						timeout: refuse('timeout'),
						never,
						full: () => Promise.reject(new MediaError('storage-full')),
					}[one.answer] as () => Promise<boolean>;
				if (!isUp) expect(isLive(start.life)).toBe(false);
			}
			expect(told.filter((word) => word === 'begins')).toHaveLength(sessions);
			const anew = told.filter((word) => word === 'act anew').length;
			expect(anew).toBeLessThanOrEqual(sessions);
			// Once all is answered, it is live in the end.
			answers = {};
			if (sessions > 0) {
				start.changed('online', true);
				await pass(200_000);
				expect(isLive(start.life)).toBe(true);
			}
			start.close();
			expect(vi.getTimerCount()).toBe(0);
		}),
		{ numRuns: 150 },
	);
});

it('asks again for what was not answered also where the disk was full when it was', async () => {
	answers = { archive: refuse('timeout') };
	start.changed('online', false);
	await pass(0);
	answers = { archive: () => Promise.reject(new MediaError('storage-full')) };
	await pass(60_000);
	answers = {};
	await pass(60_000);
	expect(start.followsArchive).toBe(true);
});
