import { EventEmitter as NodeEmitter } from 'node:events';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventEmitter } from '../../../../src/xmpp/stanza-parts/event-emitter.ts';

const ADD = ['on', 'once', 'prependListener'] as const;
const step = fc.oneof(
	fc.record({ does: fc.constantFrom(...ADD, 'off', 'removeListener'), who: fc.nat(3) }),
	fc.record({ does: fc.constantFrom('emit', 'removeAllListeners', 'listenerCount') }),
);
type Step = { does: string; who?: number };

/** What an emitter told while it went through these steps; whom it tells of one event may take away, and add, others. */
function told(make: () => NodeEmitter | EventEmitter, steps: readonly Step[]): unknown[] {
	const emitter = make() as NodeEmitter;
	const log: unknown[] = [];
	const listeners: ((...args: unknown[]) => void)[] = [0, 1, 2, 3].map((i) => (...args) => {
		log.push([i, ...args]);
		if (i === 1) emitter.off('a', listeners[2] ?? (() => undefined));
		if (i === 3 && log.length < 99) emitter.emit('a');
		if (i === 2) emitter.once('a', listeners[0] ?? (() => undefined));
	});
	for (const { does, who } of steps) {
		if (who !== undefined) emitter[does as 'on']('a', listeners[who] ?? (() => undefined));
		else if (does === 'emit') log.push(emitter.emit('a', 1, 'two'), emitter.emit('b'));
		else if (does === 'listenerCount') log.push(emitter.listenerCount('a'));
		else emitter.removeAllListeners('a');
	}
	return log;
}

it('tells what Node’s tells', () => {
	fc.assert(
		fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
			const node = told(() => new NodeEmitter().setMaxListeners(0), steps);
			expect(told(() => new EventEmitter().setMaxListeners(), steps)).toEqual(node);
		}),
		{ numRuns: 1000 },
	);
});

it('throws an error that nobody listens to', () => {
	const error = new Error('unheard');
	expect(() => new EventEmitter().emit('error', error)).toThrow(error);
	expect(new EventEmitter().on('error', () => undefined).emit('error', error)).toBe(true);
});

it('forgets all of them', () => {
	const emitter = new EventEmitter().on('a', () => undefined).on('b', () => undefined);
	emitter.removeAllListeners();
	expect([emitter.listenerCount('a'), emitter.emit('b')]).toEqual([0, false]);
});
