import { describe, expect, it } from 'vitest';
import {
	type ConnectionLife,
	isLive,
	isOnline,
	type LifeEffect,
	type LifeEvent,
	NEW_LIFE,
	stepLife,
} from '../../../../src/chat/account/connection-life.ts';

function live(events: readonly LifeEvent[], from: ConnectionLife = NEW_LIFE) {
	const all: LifeEffect[] = [];
	let life = from;
	for (const event of events) {
		const step = stepLife(life, event);
		life = step.life;
		all.push(...step.effects);
	}
	return { life, effects: all, kinds: all.map(({ kind }) => kind) };
}

const fresh: LifeEvent = { kind: 'online', resumed: false };
const resumed: LifeEvent = { kind: 'online', resumed: true };
const offline: LifeEvent = { kind: 'offline' };
const started = (connection: number): LifeEvent => ({ kind: 'started', connection });
const overtaken = (connection: number): LifeEvent => ({ kind: 'overtaken', connection });

describe('a connection', () => {
	it('connects, catches up, and is ready', () => {
		expect(live([{ kind: 'connecting' }]).life.phase).toBe('connecting');
		const { life, kinds } = live([{ kind: 'connecting' }, fresh]);
		expect([life.phase, life.mayAct]).toEqual(['catching-up', false]);
		expect(kinds).toEqual(['begin', 'start']);
		const after = live([started(1)], life);
		expect([after.life.phase, after.life.mayAct]).toEqual(['ready', true]);
		expect(after.effects).toEqual([
			{ kind: 'live', isNew: true },
			{ kind: 'act', isNew: true },
		]);
	});

	it('that is resumed goes on where it was, and sends what was not acknowledged as it was', () => {
		const { life } = live([fresh, started(1), offline]);
		const back = live([resumed], life);
		expect(back.life.phase).toBe('resuming');
		expect(isLive(back.life)).toBe(true);
		expect(back.kinds).toEqual(['start']);
		expect(live([started(2)], back.life).effects).toEqual([
			{ kind: 'live', isNew: false },
			{ kind: 'act', isNew: false },
		]);
	});

	it('that is resumed before it had caught up goes on catching up', () => {
		const { life } = live([fresh, offline, resumed]);
		expect(life.phase).toBe('catching-up');
		expect(live([started(2)], life).effects).toEqual([
			{ kind: 'live', isNew: true },
			{ kind: 'act', isNew: true },
		]);
	});

	it('lets out what waits where the archive takes long, once', () => {
		const { life, effects } = live([fresh, overtaken(1), overtaken(1)]);
		expect([life.phase, life.mayAct]).toEqual(['catching-up', true]);
		expect(effects.filter(({ kind }) => kind === 'act')).toEqual([{ kind: 'act', isNew: true }]);
		expect(live([started(1)], life).kinds).toEqual(['live']);
	});

	it('that comes back twice, quickly, ends what was begun in the first', () => {
		const { life, kinds } = live([fresh, fresh, started(1), overtaken(1)]);
		expect([life.phase, life.mayAct, life.connection]).toEqual(['catching-up', false, 2]);
		expect(kinds).toEqual(['begin', 'start', 'stop', 'begin', 'start']);
		const { life: after } = live([fresh, offline, resumed, offline, resumed, started(2)]);
		expect([after.phase, after.connection]).toEqual(['catching-up', 3]);
	});

	it('that was refused, or whose place a copy has taken, does not come back', () => {
		for (const kind of ['refused', 'superseded', 'closed'] as const) {
			const { life, kinds } = live([fresh, { kind }, fresh, offline, started(1)]);
			expect(life.phase).toBe(kind);
			expect(kinds).toEqual(['begin', 'start', 'stop']);
		}
	});
});

it('in every order of six events', () => {
	const events: readonly LifeEvent[] = [
		{ kind: 'connecting' },
		fresh,
		resumed,
		offline,
		{ kind: 'superseded' },
		started(1),
		started(2),
		overtaken(1),
		overtaken(2),
	];
	/** what has begun and not stopped: one connection at most */
	const check = (life: ConnectionLife, effects: readonly LifeEffect[]) => {
		const running = effects.filter(({ kind }) => kind === 'start').length;
		const stopped = effects.filter(({ kind }) => kind === 'stop').length;
		expect(running - stopped).toBe(isOnline(life) ? 1 : 0);
		expect(life.mayAct && !isOnline(life)).toBe(false);
		// Each session is new to what waits, and to who catches up, once at most.
		const begun = effects.filter(({ kind }) => kind === 'begin').length;
		for (const kind of ['act', 'live'] as const) {
			const isNew = effects.filter((effect) => effect.kind === kind && effect.isNew).length;
			expect(isNew).toBeLessThanOrEqual(Math.max(1, begun));
		}
		expect(life.phase === 'ready' ? [life.mayAct, life.wasLive] : []).toEqual(
			life.phase === 'ready' ? [true, true] : [],
		);
	};
	let count = 0;
	const visit = (life: ConnectionLife, effects: readonly LifeEffect[], depth: number): void => {
		check(life, effects);
		count += 1;
		if (depth === 0) return;
		for (const event of events) {
			const step = stepLife(life, event);
			if (step.life !== life) visit(step.life, [...effects, ...step.effects], depth - 1);
		}
	};
	visit(NEW_LIFE, [], 6);
	expect(count).toBeGreaterThan(5000);
});
