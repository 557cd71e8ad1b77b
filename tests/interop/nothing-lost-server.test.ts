import { beforeAll, expect, it } from 'vitest';
import { Person, until } from './person.ts';
import { useServer } from './use-server.ts';

const home = useServer();
let bob: Person;

beforeAll(async () => {
	bob = await home.join('bob');
}, 60_000);

// RFC 6122 appendix A: nodeprep folds them.
it.each([
	['strauß', 'strauss'],
	['οδυσσεύς', 'οδυσσεύσ'],
	['ＡＮＮＡ', 'anna'],
])('who signs in as %s gets what comes to %s, and can answer', async (typed, prepared) => {
	await home.server.register({ user: prepared, password: 'secret' });
	const person = await new Person(home.server, typed, 'secret').signIn();
	const bound = { jid: `${prepared}@localhost` };
	try {
		await bob.messenger.messages.send(bound.jid, 'are you there?');
		await person.received(bob, 'are you there?', 5000);
		await person.messenger.messages.send(bob.jid, 'yes');
		expect((await bob.received(bound, 'yes')).isEncrypted).toBe(true);
		await person.delivered(bob, 'yes', 'sent', 'delivered', 'read');
		expect(person.account).toBe(bound.jid);
		// It is the same account, with what it has, the next time.
		await person.restart();
		expect((await person.allMessages(bob)).map(({ text }) => text)).toEqual([
			'are you there?',
			'yes',
		]);
		expect((await person.messenger.devices.of(bound.jid)).length).toBe(1);
		expect(person.messenger.state.conversations.map(({ peer }) => peer)).toEqual([bob.jid]);
	} finally {
		await person.messenger.close();
	}
});

/** Messages that come while somebody is away: more pages of the archive than one. */
const MISSED = 120;
/** Questions that an archive which does not move on is worth. */
const MAX_QUESTIONS = 20;

/** Where the archive goes on after its n-th answer, instead of where it was asked to: `ends` are the ends of its pages. */
const ARCHIVES: [
	what: string,
	after: (ends: readonly string[], n: number) => string | undefined,
][] = [
	['always answers the same', ([start]) => start],
	['goes to and fro between two pages', (ends, n) => ends[n % 2]],
	['begins again at its end', (ends, n) => ends[n % 3]],
];

it.each(ARCHIVES)(
	'an archive that %s is left alone, and the rest goes on',
	async (_, after) => {
		const wire = await home.wire();
		const alice = await home.join('alice', wire.server);
		await alice.befriend(bob);
		await bob.messenger.messages.send(alice.jid, 'before');
		await alice.received(bob, 'before');
		await alice.messenger.close();
		for (let n = 0; n < MISSED; n++) await bob.messenger.messages.send(alice.jid, `missed ${n}`);
		await bob.delivered(alice, `missed ${MISSED - 1}`, 'sent');
		const ends: string[] = [];
		let questions = 0;
		wire.pass = (xml, from) => {
			if (from === 'server')
				return xml.includes('<fin') ? xml.replace(/ complete=(["'])true\1/, '') : xml;
			if (!xml.includes('<after>')) return xml;
			questions += 1;
			return xml.replace(/<after>([^<]*)/, (_all, id: string) => {
				if (ends.length < 3 && !ends.includes(id)) ends.push(id);
				return `<after>${after(ends, questions - 1) ?? id}`;
			});
		};
		await alice.begin();
		await until(
			'ready',
			() => {
				const { connection, catchingUp } = alice.messenger.state;
				return connection === 'online' && !catchingUp;
			},
			15_000,
		);
		await bob.messenger.messages.send(alice.jid, 'after');
		await alice.received(bob, 'after');
		await alice.messenger.messages.send(bob.jid, 'an answer');
		await bob.received(alice, 'an answer', 5000);
		expect(questions).toBeGreaterThan(1);
		expect(questions).toBeLessThan(MAX_QUESTIONS);
		const texts = (await alice.allMessages(bob))
			.filter(({ isOwn }) => !isOwn)
			.map(({ text }) => text);
		// The server has kept them for us elsewhere, too.
		const missed = Array.from({ length: MISSED }, (_, n) => `missed ${n}`);
		expect(texts).toEqual(['before', ...missed, 'after']);
	},
	60_000,
);
