import { beforeEach, expect, it } from 'vitest';
import { shownText } from '../../src/chat/model/shown-text.ts';
import { Person, until } from './person.ts';
import { messageXml, type RawClient, startRawClient } from './raw-client.ts';
import { useServer } from './use-server.ts';
import type { Wire } from './wire.ts';

const home = useServer();
/** what carol says passes here */
let wire: Wire;
let alice: Person;
let carol: Person;
/** another client of carol's */
let raw: RawClient;

beforeEach(async () => {
	wire = await home.wire();
	alice = await home.join('alice');
	carol = await home.join('carol', wire.server);
	await alice.befriend(carol);
	raw = await startRawClient(home.server, carol.user);
	return () => raw.close();
});

const say = (content: string, attributes = '') =>
	raw.send(messageXml(alice.jid, content, attributes));
const theirs = async () => (await alice.allMessages(carol)).filter(({ isOwn }) => !isOwn);
const texts = async () => (await theirs()).map(({ text, problem }) => text ?? problem);

/** What carol's other client has said has come when its last word has. */
async function end(): Promise<void> {
	say('<body>the end</body>', 'id="the-end"');
	await alice.received(carol, 'the end');
}

/** From its archive a new device of alice's reads the same. */
async function again(): Promise<Person> {
	const other = await new Person(home.server, alice.user).signIn();
	await other.messenger.close();
	return other;
}

it('keeps all that comes in the clear under one id', async () => {
	for (const text of ['first', 'second', 'third', 'first'])
		say(`<body>${text}</body>`, 'id="aaaa1"');
	say('<origin-id xmlns="urn:xmpp:sid:0" id="aaaa1"/><body>fourth</body>', 'id="aaaa1"');
	await end();
	// Who says the same again under the same id within minutes, with ids of their own in the archive, may mean it.
	expect((await texts()).filter((text, at, all) => all.indexOf(text) === at)).toEqual([
		'first',
		'second',
		'third',
		'fourth',
		'the end',
	]);
	await alice.restart();
	expect((await texts()).slice(0, 3)).toEqual(['first', 'second', 'third']);
	const elsewhere = (await (await again()).allMessages(carol)).map(({ text }) => text);
	expect(elsewhere).toEqual(expect.arrayContaining(['first', 'second', 'third', 'fourth']));
});

it('keeps all that comes encrypted under one id, and each of it once', async () => {
	wire.pass = (xml, from) =>
		from === 'client' && xml.startsWith('<message') && xml.includes('<payload>')
			? xml.replace(/\bid="[0-9a-f-]{36}"/g, 'id="1"')
			: xml;
	const wanted = ['one', 'two', 'three'];
	for (const text of wanted) await carol.messenger.messages.send(alice.jid, text);
	await end();
	await until('all', async () => (await theirs()).length > wanted.length);
	expect((await texts()).filter((text) => text !== 'the end')).toEqual(wanted);
	// All of it comes again from the archive if the position in it is lost; nothing is doubled by that.
	await alice.messenger.close();
	await carol.messenger.messages.send(alice.jid, 'four');
	await alice.signIn();
	await alice.received(carol, 'four');
	expect((await texts()).filter((text) => text !== 'the end')).toEqual([...wanted, 'four']);
	expect(
		(await theirs())
			.filter(({ text }) => text !== 'the end')
			.every(({ isEncrypted }) => isEncrypted),
	).toBe(true);
});

/** A gateway puts other ids in the place of carol's, wherever they are named, and back; her origin ids stay. */
function renameIds(): void {
	const own = new Set<string>();
	wire.pass = (xml, from) => {
		if (!xml.startsWith('<message')) return xml;
		if (from === 'server') return xml.replace(/\b(id=["'])m-/g, '$1');
		const id = /^<message[^>]*\bid="([^"]*)"/.exec(xml)?.[1] ?? '';
		own.add(id);
		return xml
			.replace(/^<message[^>]*>/, (start) => start.replace(`id="${id}"`, `id="m-${id}"`))
			.replace(/<(replace|retract|reactions|reply)\b[^>]*>/g, (start) =>
				start.replace(/\bid="([^"]*)"/, (all, of: string) => (own.has(of) ? `id="m-${of}"` : all)),
			);
	};
}

it('finds by its id what has another origin-id: corrections, reactions, retractions; encrypted', async () => {
	renameIds();
	await carol.messenger.changeSettings({ reactsInClear: true });
	for (const text of ['tpyo', 'nice', 'oops']) {
		await carol.messenger.messages.send(alice.jid, text);
		await alice.received(carol, text);
	}
	await carol.messenger.messages.correct(await carol.own(alice, 'tpyo'), 'typo');
	await alice.received(carol, 'typo');
	// And once more, by the name of the correction or by that of what it corrects.
	await carol.messenger.messages.correct(await carol.own(alice, 'typo'), 'typed');
	await carol.messenger.messages.react(await carol.own(alice, 'nice'), ['👍']);
	await carol.messenger.messages.retract(await carol.own(alice, 'oops'));
	await alice.messenger.messages.send(carol.jid, 'a question');
	await carol.messenger.messages.send(
		alice.jid,
		'an answer',
		await carol.received(alice, 'a question'),
	);
	await alice.received(carol, 'an answer');
	const came = await theirs();
	expect(
		came.map((message) => [
			shownText(message),
			message.isCorrected ?? message.isRetracted,
			message.reactions?.map(({ emojis }) => emojis.join()),
		]),
	).toEqual([
		['typed', true, undefined],
		['nice', undefined, ['👍']],
		[undefined, true, undefined],
		['an answer', undefined, undefined],
	]);
	// Receipts name the id, and what is ours is found by it.
	await carol.delivered(alice, 'an answer', 'delivered', 'read');
});

/** Without it the archive leaves out what has no body (XEP-0334). */
const STORE = '<store xmlns="urn:xmpp:hints"/>';
const ORIGIN = (id: string) => `<origin-id xmlns="urn:xmpp:sid:0" id="${id}"/>`;

it('finds by either name what is in the clear', async () => {
	for (const by of ['m', 'o']) {
		say(`${ORIGIN(`o1${by}`)}<body>tpyo</body>`, `id="m1${by}"`);
		say(`${ORIGIN(`o2${by}`)}<body>nice</body>`, `id="m2${by}"`);
		say(`${ORIGIN(`o3${by}`)}<body>oops</body>`, `id="m3${by}"`);
		say(
			`${ORIGIN(`o4${by}`)}<replace xmlns="urn:xmpp:message-correct:0" id="${by}1${by}"/><body>typo</body>`,
			`id="m4${by}"`,
		);
		say(
			`<reactions xmlns="urn:xmpp:reactions:0" id="${by}2${by}"><reaction>👍</reaction></reactions>${STORE}`,
			`id="m5${by}"`,
		);
		say(`<retract xmlns="urn:xmpp:message-retract:1" id="${by}3${by}"/>${STORE}`, `id="m6${by}"`);
	}
	await end();
	const seen = (await theirs()).map(({ text, isRetracted, reactions }) =>
		text && reactions
			? `${text} ${reactions.map(({ emojis }) => emojis.join()).join()}`
			: (text ?? isRetracted),
	);
	const once = ['typo', 'nice 👍', true];
	expect(seen).toEqual([...once, ...once, 'the end']);
	const other = await again();
	const elsewhere = (await other.allMessages(carol)).filter(({ isOwn }) => !isOwn);
	expect(elsewhere.map(({ text, isRetracted }) => text ?? isRetracted)).toEqual([
		'typo',
		'nice',
		true,
		'typo',
		'nice',
		true,
		'the end',
	]);
});

it('a correction and a receipt mean the newest of two with one name', async () => {
	say('<body>first</body>', 'id="7"');
	say('<body>secnod</body>', 'id="7"');
	say('<replace xmlns="urn:xmpp:message-correct:0" id="7"/><body>second</body>', 'id="8"');
	await end();
	expect(await texts()).toEqual(['first', 'second', 'the end']);
});

it('takes back what is taken back the old way, and shows no fallback of it', async () => {
	say(`${ORIGIN('o1')}<body>a secret</body>`, 'id="o1"');
	say(`${ORIGIN('o2')}<body>another</body>`, 'id="m2"');
	for (const id of ['o1', 'o2'])
		say(
			`<body>This person attempted to retract a previous message, but it's unsupported by your client.</body><fallback xmlns="urn:xmpp:fallback:0"/><apply-to xmlns="urn:xmpp:fasten:0" id="${id}"><retract xmlns="urn:xmpp:message-retract:0"/></apply-to>`,
			`id="r-${id}"`,
		);
	await end();
	expect((await theirs()).map(({ text, isRetracted }) => text ?? isRetracted)).toEqual([
		true,
		true,
		'the end',
	]);
});

it('takes two hearts for one', async () => {
	say('<body>lovely</body>', 'id="l1"');
	await alice.received(carol, 'lovely');
	say(
		'<reactions xmlns="urn:xmpp:reactions:0" id="l1"><reaction>❤</reaction><reaction>❤\ufe0f</reaction><reaction>👍</reaction></reactions>',
		'id="l2"',
	);
	await end();
	const [lovely] = await theirs();
	expect(lovely?.reactions?.[0]?.emojis.map((emoji) => emoji.replace('\ufe0f', ''))).toEqual([
		'❤',
		'👍',
	]);
});
