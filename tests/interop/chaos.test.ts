import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Message } from '../../src/chat/model/message.ts';
import { emojisBy } from '../../src/chat/model/reactions.ts';
import { eachOrFirst } from '../what-runs.ts';
import { Actor } from './actor.ts';
import { installClock, setClockAhead } from './clock.ts';
import { until } from './person.ts';
import { useServer } from './use-server.ts';

/** More: SEEDS=1,2,3,4,5 MESSAGES=300 npx vitest run tests/interop/chaos */
const SEEDS = eachOrFirst((process.env['SEEDS'] ?? '1,2,3').split(',').map(Number));
const MESSAGES = Number(process.env['MESSAGES'] ?? 80);
/** Milliseconds, at most: between two messages, between two misfortunes, and that one lasts. */
const PAUSE = { message: 60, misfortune: 400, lasts: 1000 };
/** How often somebody changes what they have said. */
const CHANGES = 0.3;

installClock();
const home = useServer();

beforeAll(() => {
	// What goes wrong is told there, and nobody is to be.
	vi.stubGlobal('reportError', () => undefined);
});

afterAll(() => {
	setClockAhead(0);
	vi.unstubAllGlobals();
});

/** Numbers from 0 to 1 that are the same for the same seed. */
function randomOf(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

const pause = (milliseconds: number) =>
	new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

type Misfortune = (actor: Actor, random: () => number) => unknown;
/** ids of messages that the stream was ended at: once each, or they would be set aside */
const ends = new Set<string>();
const lasts = (random: () => number) => pause(random() * PAUSE.lasts);

const MISFORTUNES: Record<string, Misfortune> = {
	cut: ({ wire }) => wire.cut(),
	async gone({ wire }, random) {
		wire.break();
		await lasts(random);
		wire.mend();
	},
	async full({ vault }, random) {
		vault.fill(random() < 0.5 ? 1 : 0.4);
		await lasts(random);
		vault.mend();
	},
	kill: (actor) => actor.restart(true),
	restart: (actor) => actor.restart(false),
	async swallowed({ wire }, random) {
		wire.pass = () => undefined;
		await lasts(random);
		wire.pass = (xml) => xml;
		wire.cut();
	},
	ended({ wire }) {
		wire.pass = (xml, from, line) => {
			const id = /\bid="([^"]*)"/.exec(xml)?.[1] ?? '';
			if (from !== 'client' || !xml.includes('<payload>') || ends.has(id)) return xml;
			ends.add(id);
			wire.pass = (next) => next;
			line.end('policy-violation', 1000);
			return undefined;
		};
	},
	async unacknowledged({ wire }, random) {
		wire.pass = (xml) => (/^<a\b/.test(xml) ? undefined : xml);
		await lasts(random);
		wire.pass = (xml) => xml;
	},
	clock(_, random) {
		setClockAhead(random() < 0.5 ? 0 : (random() - 0.5) * 2e10);
	},
};

/** Corrects, takes back or feels something about one of the messages that were said. */
async function change(from: Actor, to: Actor): Promise<void> {
	const all = await from.own(to);
	const some = all[Math.floor(Math.random() * all.length)];
	const { messenger } = from.person;
	const { text } = some ?? {};
	if (some === undefined || text === undefined) return;
	const what = Math.random();
	if (what < 0.6) await messenger.messages.correct(some, `${text}!`);
	else if (what < 0.7) await messenger.messages.retract(some);
	else await messenger.messages.react(some, ['👍']);
}

async function talk(from: Actor, to: Actor, who: string): Promise<void> {
	for (let n = 0; n < MESSAGES; n++) {
		await from.say(to, `${who} ${n}`);
		if (Math.random() < CHANGES) await from.attempt(() => change(from, to));
		await pause(Math.random() * PAUSE.message);
	}
}

/** What one sees of messages that `by` has reacted to. */
const shown = (messages: readonly Message[], by: string) =>
	messages.map(({ text, problem, isRetracted, isEncrypted, reactions }) =>
		[text ?? problem, isRetracted, isEncrypted, ...emojisBy(reactions, by)].join(' '),
	);

it.each(SEEDS)(
	'whatever goes wrong, both see the same in the end (seed %i)',
	async (seed) => {
		const random = randomOf(seed);
		const actors = [await Actor.join(home, 'alice'), await Actor.join(home, 'bob')] as const;
		const [alice, bob] = actors;
		await alice.person.befriend(bob.person);
		for (const { person } of actors) await person.messenger.changeSettings({ reactsInClear: true });
		const happened: string[] = [];
		const names = Object.keys(MISFORTUNES);
		let isOver = false;
		const chaos = (async () => {
			while (!isOver) {
				await pause(random() * PAUSE.misfortune);
				const name = names[Math.floor(random() * names.length)] ?? '';
				const who = random() < 0.5 ? 0 : 1;
				happened.push(`${name} of ${who} after ${alice.said} and ${bob.said}`);
				await MISFORTUNES[name]?.(actors[who], random);
				for (const { person } of actors) if (random() < 0.5) person.messenger.wake();
			}
		})();
		try {
			await Promise.all([talk(alice, bob, 'a'), talk(bob, alice, 'b')]);
		} finally {
			isOver = true;
			await chaos;
		}
		setClockAhead(0);
		for (const actor of actors) actor.heal();
		const told = happened.join('\n');
		for (const [from, to] of [actors, actors.toReversed()] as [Actor, Actor][]) {
			const settled = async () => {
				for (const { person } of actors) person.messenger.wake();
				const own = await from.own(to);
				const isWaiting = own.some(({ state }) => state === 'waiting');
				const came = shown(await to.came(from), from.person.jid);
				return !isWaiting && came.join('\n') === shown(own, from.person.jid).join('\n');
			};
			// What is not the same then is told below.
			await until('settled', settled, 60_000, 500).catch(() => undefined);
			const own = await from.own(to);
			expect(own.length, told).toBe(MESSAGES);
			expect(shown(await to.came(from), from.person.jid), told).toEqual(
				shown(own, from.person.jid),
			);
			const states = own.map(({ state }) => state);
			expect(states, told).not.toContain('waiting');
			expect(states, told).not.toContain('failed');
		}
		for (const { person, wire } of actors) {
			await person.messenger.close();
			await wire.close();
		}
	},
	240_000,
);
