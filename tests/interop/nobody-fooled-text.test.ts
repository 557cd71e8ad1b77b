import { beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../src/chat/model/message.ts';
import { shownText } from '../../src/chat/model/shown-text.ts';
import { Person, until } from './person.ts';
import { messageXml, startRawClient } from './raw-client.ts';
import { useServer } from './use-server.ts';

const home = useServer();
const LINK = `aesgcm://files.localhost/a/b.jpg#${'0a'.repeat(44)}`;
let alice: Person;
let bob: Person;
/** What alice's server puts into the next encrypted message: all that stands beside the encryption is in its hands. */
let added: string;

beforeEach(async () => {
	const wire = await home.wire();
	alice = await home.join('alice', wire.server);
	bob = await home.join('bob');
	await alice.befriend(bob);
	await alice.messenger.messages.send(bob.jid, 'Shall we?');
	await bob.received(alice, 'Shall we?');
	added = '';
	wire.pass = (xml, from) => {
		if (from !== 'server' || !xml.includes('<encrypted') || !xml.includes('<payload')) return xml;
		const content = added;
		added = '';
		return xml.replace('</message>', `${content}</message>`);
	};
});

const theirs = async () => (await alice.allMessages(bob)).filter(({ isOwn }) => !isOwn);
const own = async () => (await alice.allMessages(bob)).filter(({ isOwn }) => isOwn);

/** Bob says something, alice's server puts `content` beside it, and it has come. */
async function says(text: string, content: string, from = bob): Promise<Message> {
	added = content;
	await from.messenger.messages.send(alice.jid, text);
	return until(`"${text}"`, async () =>
		(await theirs()).find((message) => message.text?.endsWith(text)),
	);
}

const range = (end: number, start = 0) =>
	`<fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:reply:0"><body start="${start}" end="${end}"/></fallback>`;
const reply = (id: string) => `<reply xmlns="urn:xmpp:reply:0" to="${alice.jid}" id="${id}"/>`;
const replace = (id: string) => `<replace xmlns="urn:xmpp:message-correct:0" id="${id}"/>`;
const retract = (id: string) => `<retract xmlns="urn:xmpp:message-retract:1" id="${id}"/>`;
const react = (id: string, emoji: string) =>
	`<reactions xmlns="urn:xmpp:reactions:0" id="${id}"><reaction>${emoji}</reaction></reactions>`;

describe('a server that writes beside the encryption', () => {
	it('takes nothing out of a text', async () => {
		const [question] = await own();
		const { id = '' } = question ?? {};
		const texts = ['Do not send the money today', 'No.', '> never\nyes', `see this: ${LINK}`];
		const contents = [range(6, 2), range(3), range(8), range(10)];
		for (const [n, text] of texts.entries()) await says(text, reply(id) + contents[n]);
		const shown = async () => (await theirs()).map(shownText);
		expect(await shown()).toEqual(texts);
		expect((await theirs()).filter(({ attachment }) => attachment !== undefined)).toEqual([]);
		await alice.restart();
		expect(await shown()).toEqual(texts);
	});

	it('makes no reaction, retraction or receipt of a text', async () => {
		const [question] = await own();
		const { id = '' } = question ?? {};
		await says('👎', react(id, '👎'));
		await says('No.', retract(id));
		await says('Really not.', replace(id));
		await says('Never.', `<received xmlns="urn:xmpp:receipts" id="${id}"/>`);
		expect((await theirs()).map(({ text }) => text)).toEqual([
			'👎',
			'No.',
			'Really not.',
			'Never.',
		]);
		expect((await own())[0]).toMatchObject({ text: 'Shall we?' });
		expect((await own())[0]).not.toHaveProperty('reactions');
	});

	it('that says a text corrects another one hides neither', async () => {
		const first = await says('Meet at six', '');
		await says('At seven', replace(first.id));
		const all = await theirs();
		expect(all).toMatchObject([{ text: 'At seven', earlier: [{ text: 'Meet at six' }] }]);
	});

	it('that takes back what was said hides nothing that comes later', async () => {
		const first = await says('Meet at six', '');
		// In the name of bob, as a server can.
		const raw = await startRawClient(home.server, bob.user);
		raw.send(messageXml(alice.jid, retract(first.id), 'id="forged"'));
		await until('a line', async () => (await theirs())[0]?.isRetracted);
		await says('At seven', replace(first.id));
		expect((await theirs()).map(shownText)).toEqual([undefined, 'At seven']);
		raw.close();
	});
});

describe('a second device of the contact', () => {
	/** alice has verified bob's first device before the second was there */
	let attacker: Person;

	beforeEach(async () => {
		await says('hello', '');
		const [device] = await alice.messenger.devices.of(bob.jid);
		await alice.messenger.devices.setTrust(bob.jid, device?.fingerprint ?? '', 'verified');
		attacker = await new Person(home.server, bob.user).signIn();
		return () => attacker.messenger.close();
	});

	it('does not replace what a verified one said', async () => {
		const first = await says('Meet at six', '');
		await says('Send the money', replace(first.id), attacker);
		expect((await theirs()).slice(1)).toMatchObject([
			{ text: 'Meet at six', device: { trust: 'verified' } },
			{ text: 'Send the money', device: { trust: 'undecided' } },
		]);
		await says('Meet at seven', replace(first.id));
		expect((await theirs())[1]).toMatchObject({
			text: 'Meet at seven',
			device: { trust: 'verified' },
			earlier: [{ text: 'Meet at six' }],
		});
	});

	it('replaces it once it is trusted, too', async () => {
		const first = await says('Meet at six', '');
		const { device } = await says('hello from here', '', attacker);
		await alice.messenger.devices.setTrust(bob.jid, device?.fingerprint ?? '', 'verified');
		await says('Meet at seven', replace(first.id), attacker);
		const { text, earlier } = (await theirs())[1] ?? {};
		expect([text, earlier?.map((one) => one.text)]).toEqual(['Meet at seven', ['Meet at six']]);
		await alice.messenger.devices.setTrust(bob.jid, device?.fingerprint ?? '', 'distrusted');
		const [hello] = await theirs();
		await says('Meet at eight', replace(hello?.id ?? ''), attacker);
		expect((await theirs()).map(shownText)).toEqual([
			'hello',
			'Meet at seven',
			'hello from here',
			'Meet at eight',
		]);
	});
});

it('answers, corrections and retractions of our own come as they were meant', async () => {
	const question = await bob.received(alice, 'Shall we?');
	await bob.messenger.messages.send(alice.jid, 'ys', question);
	const answer = await until('an answer', async () => (await theirs())[0]);
	expect(answer.text).toBe('> Shall we?\nys');
	expect(shownText(answer)).toBe('ys');
	await bob.messenger.messages.correct(
		await bob.delivered(alice, 'ys', 'delivered', 'read'),
		'yes',
	);
	const corrected = await until('a correction', async () => {
		const [message] = await theirs();
		return message?.isCorrected && message;
	});
	expect(shownText(corrected)).toBe('yes');
	expect(corrected.replyTo?.id).toBe(question.id);
	await bob.messenger.messages.retract(await bob.own(alice, 'yes'));
	await until('a line', async () => (await theirs())[0]?.isRetracted);
	expect((await theirs())[0]).not.toHaveProperty('earlier');
});
