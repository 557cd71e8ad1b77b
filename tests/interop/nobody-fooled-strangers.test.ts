import { beforeEach, expect, it } from 'vitest';
import { Person, until } from './person.ts';
import { messageXml, type RawClient, startRawClient } from './raw-client.ts';
import { FAR, useServer } from './use-server.ts';
import type { Wire } from './wire.ts';

const home = useServer({ answer: () => undefined });

const OMEMO = 'eu.siacs.conversations.axolotl';
const STREAMS = 'http://jabber.org/protocol';
/** More than Prosody lets through from a client, and less than from another server. */
const TOO_LONG = 'i'.repeat(300_000);

/** Questions of all kinds, and what is none. */
const PAYLOADS: Record<string, string> = {
	'a ping': '<ping xmlns="urn:xmpp:ping"/>',
	'what it understands': `<query xmlns="${STREAMS}/disco#info"/>`,
	'what it understands, by a name': `<query xmlns="${STREAMS}/disco#info" node="https://balcony.chat#x"/>`,
	'what it has': `<query xmlns="${STREAMS}/disco#items"/>`,
	'its version': '<query xmlns="jabber:iq:version"/>',
	'its time': '<time xmlns="urn:xmpp:time"/>',
	'how long it has been idle': '<query xmlns="jabber:iq:last"/>',
	'a visiting card': '<vCard xmlns="vcard-temp"/>',
	'a contact': '<query xmlns="jabber:iq:roster"><item jid="eve@far.localhost"/></query>',
	'a block': '<block xmlns="urn:xmpp:blocking"><item jid="bob@localhost"/></block>',
	'a call': '<jingle xmlns="urn:xmpp:jingle:1" action="session-initiate" sid="a73"/>',
	'a stream of bytes': `<open xmlns="${STREAMS}/ibb" block-size="4096" sid="i781hf64"/>`,
	'a proxy': `<query xmlns="${STREAMS}/bytestreams" sid="vxf9n471bn46"/>`,
	'a command': `<command xmlns="${STREAMS}/commands" node="list" action="execute"/>`,
	'what nobody understands': '<anything xmlns="urn:example:anything">x</anything>',
	'what cannot be read': '<ping xmlns="urn:xmpp:ping" constructor="1"/>',
	'a tower': `${'<x xmlns="urn:x">'.repeat(200)}${'</x>'.repeat(200)}`,
	'an error': '<error type="cancel"/>',
};
/** Questions that a server of one's own may ask, as no client may. */
const ODD_PAYLOADS: Record<string, string> = {
	nothing: '',
	'two things': '<ping xmlns="urn:xmpp:ping"/><ping xmlns="urn:xmpp:ping"/>',
	'a text': 'ping',
};
const IDS: readonly string[] = ['', ' ', '&lt;&amp;&quot;&apos;&gt;', '\u202e👍', 'constructor'];

let alice: Person;
let bob: Person;
let wire: Wire;
let eve: Stranger;
let far: Stranger;
/** of alice's */
let device = 0;

/** Somebody whom alice does not know, and who sees all that comes to them. */
interface Stranger {
	readonly jid: string;
	send(xml: string): void;
	/** what came, as it is */
	readonly received: readonly string[];
}

beforeEach(async () => {
	wire = await home.wire();
	[alice, bob] = [await home.join('alice', wire.server), await home.join('bob')];
	await alice.befriend(bob);
	const own = await alice.messenger.devices.of(alice.jid);
	device = own.find(({ isThis }) => isThis)?.id ?? 0;
	eve = await neighbour();
	far = farAway();
}, 60_000);

/** A stranger with an account on the same server. */
async function neighbour(): Promise<Stranger> {
	const line = await home.wire();
	const { user, jid, messenger } = await home.join('eve');
	await messenger.close();
	const raw: RawClient = await startRawClient(line.server, user);
	raw.send('<presence xmlns="jabber:client"/>');
	await until(`${jid} is there`, () =>
		line.log.some(({ from, xml }) => from === 'server' && xml.startsWith('<presence')),
	);
	return {
		jid,
		send: raw.send,
		get received() {
			return line.log.flatMap(({ from, xml }) => (from === 'server' ? [xml] : []));
		},
	};
}

/** A stranger who has a server of their own. */
function farAway(): Stranger {
	const jid = `eve.${alice.user}@${FAR}`;
	const namespace = ' xmlns="jabber:client"';
	return {
		jid,
		send: (xml) => home.far.send(xml.replace(namespace, ` from="${jid}/web"`)),
		get received() {
			return home.far.received.filter((xml) => xml.includes(jid));
		},
	};
}

/** Where alice is just now. */
function fullAddress(): string {
	const bound = wire.log.findLast(({ from, xml }) => from === 'server' && xml.includes('<jid>'));
	return /<jid>([^<]+)</.exec(bound?.xml ?? '')?.[1] ?? '';
}

/** Resolves once all that was sent before to anyone of alice's was dealt with, and what came of it is here. */
async function settled(stranger: Stranger): Promise<void> {
	const fence = `fence-${crypto.randomUUID()}`;
	stranger.send(messageXml(alice.jid, `<body>${fence}</body>`, `id="${fence}"`));
	await until(`alice reads ${fence}`, async () =>
		(await alice.allMessages(stranger)).some(({ text }) => text === fence),
	);
	await alice.messenger.messages.send(bob.jid, fence);
	await bob.received(alice, fence);
	stranger.send(
		`<iq xmlns="jabber:client" to="localhost" type="get" id="${fence}"><ping xmlns="urn:xmpp:ping"/></iq>`,
	);
	await until(`the server answers ${fence}`, () =>
		stranger.received.some((xml) => xml.startsWith('<iq') && xml.includes(fence)),
	);
}

/** What somebody hears after something they sent, and before something they send then. */
async function heardAfter(stranger: Stranger, ...xmls: readonly string[]): Promise<string[]> {
	const begin = stranger.received.length;
	for (const xml of xmls) stranger.send(xml);
	await settled(stranger);
	return stranger.received
		.slice(begin)
		.filter((said) => /^<(?:iq|message|presence)\b/.test(said) && !said.includes('fence-'));
}

/**
 * What was heard, but for addresses and the order of attributes. Prosody adds the language of the stream, and a place in the
 * archive, to what a client says, and nothing to what it says itself: no client can leave that out.
 */
function comparable(said: readonly string[], to: string): string[] {
	return said.map((xml) =>
		xml
			.replaceAll(to, 'TO')
			.replaceAll("'", '"')
			.replace(/<stanza-id [^>]*>/, '')
			.replace(/^<\w+((?:\s+[\w:]+="[^"]*")*)/, (tag, attributes: string) => {
				const all = attributes.match(/[\w:]+="[^"]*"/g) ?? [];
				const told = all.filter((one) => one !== 'xml:lang="en"').sort();
				return `${tag.split(/\s/)[0]} ${told.join(' ')}`;
			}),
	);
}

const iq = (to: string, type: string, id: string, payload: string) =>
	`<iq xmlns="jabber:client" to="${to}" type="${type}" id="${id}">${payload}</iq>`;

const PING = '<ping xmlns="urn:xmpp:ping"/>';
const WHERE = ['on the same server', 'on a server of their own'] as const;
const strangerOf = (where: string) => (where === WHERE[0] ? eve : far);

/** Begins a session, as far as it says. */
const ENCRYPTED = `<encrypted xmlns="${OMEMO}"><header sid="777"><key rid="RID" prekey="true">${btoa('x'.repeat(180))}</key><iv>${btoa('x'.repeat(12))}</iv></header><payload>${btoa('hello')}</payload></encrypted><store xmlns="urn:xmpp:hints"/>`;

/** The messages and presences of a stranger that something might answer by itself. */
const SAYS: Record<string, (to: string) => string> = {
	'a text that wants a receipt': (to) =>
		messageXml(to, '<body>hello</body><request xmlns="urn:xmpp:receipts"/>', 'id="r1"'),
	'a text that wants a marker': (to) =>
		messageXml(to, '<body>hello</body><markable xmlns="urn:xmpp:chat-markers:0"/>', 'id="r2"'),
	'that they type': (to) => messageXml(to, `<composing xmlns="${STREAMS}/chatstates"/>`),
	'a receipt': (to) => messageXml(to, '<received xmlns="urn:xmpp:receipts" id="x"/>', 'id="r3"'),
	'a call': (to) =>
		messageXml(to, '<propose xmlns="urn:xmpp:jingle-message:0" id="c1"/>', 'id="r4"'),
	'an invitation': (to) =>
		messageXml(to, '<x xmlns="jabber:x:conference" jid="room@far.localhost"/>', 'id="r5"'),
	'a form': (to) => messageXml(to, '<x xmlns="jabber:x:data" type="form"/>', 'id="r6"'),
	'a headline': (to) => typed(messageXml(to, '<body>news</body>', 'id="r7"'), 'headline'),
	'something to a group': (to) =>
		typed(
			messageXml(to, '<body>all</body><request xmlns="urn:xmpp:receipts"/>', 'id="r8"'),
			'groupchat',
		),
	'an error': (to) => typed(messageXml(to, '<error type="cancel"/>', 'id="r9"'), 'error'),
	'something that nobody can decrypt': (to) =>
		messageXml(to, ENCRYPTED.replaceAll('RID', String(device)), 'id="r10"'),
	'a list of devices': (to) => typed(deviceListEvent(to), 'headline'),
	'that they are there': (to) =>
		`<presence xmlns="jabber:client" to="${to}"><c xmlns="${STREAMS}/caps" hash="sha-1" node="urn:eve" ver="AAAA"/><x xmlns="vcard-temp:x:update"><photo>${'a'.repeat(40)}</photo></x></presence>`,
	'that alice is in their room': (to) =>
		`<presence xmlns="jabber:client" to="${to}"><x xmlns="${STREAMS}/muc#user"><item affiliation="none" role="participant"/><status code="110"/></x></presence>`,
	'that they are gone': (to) => `<presence xmlns="jabber:client" to="${to}" type="unavailable"/>`,
};
const typed = (xml: string, type: string) => xml.replace('type="chat"', `type="${type}"`);
const deviceListEvent = (to: string) =>
	messageXml(
		to,
		`<event xmlns="${STREAMS}/pubsub#event"><items node="${OMEMO}.devicelist"><item id="current"><list xmlns="${OMEMO}"><device id="666"/></list></item></items></event>`,
		'id="e1"',
	);

it.each(WHERE)('questions of a stranger %s find nobody, as where nobody is', async (where) => {
	const stranger = strangerOf(where);
	const payloads = Object.values(stranger === far ? { ...PAYLOADS, ...ODD_PAYLOADS } : PAYLOADS);
	const ask = async (to: string) => {
		const all = payloads.flatMap((payload, n) =>
			['get', 'set', 'result', 'error'].map((type) => iq(to, type, `${type}-${n}`, payload)),
		);
		const named = IDS.map((id) => iq(to, 'get', id, PING));
		return comparable(await heardAfter(stranger, ...all, ...named), to);
	};
	const gone = await ask(`${alice.jid}/gone`);
	expect(gone).toHaveLength(2 * payloads.length + IDS.length);
	expect(await ask(fullAddress())).toEqual(gone);
});

it.each(WHERE)(
	'whatever else a stranger %s says, they hear what they hear where nobody is',
	async (where) => {
		const stranger = strangerOf(where);
		const say = async (to: string) => {
			const said = Object.values(SAYS).map((says) => says(to));
			return comparable(await heardAfter(stranger, ...said), to);
		};
		expect(await say(fullAddress())).toEqual(await say(`${alice.jid}/gone`));
		// Nor later: stanza goes back to the rooms that it was in.
		const begin = stranger.received.length;
		await alice.restart();
		await settled(stranger);
		const since = stranger.received.slice(begin).filter((xml) => !xml.includes('fence-'));
		expect(since.filter((xml) => xml.includes(alice.user))).toEqual([]);
		// They leave nothing behind.
		expect(Object.keys(alice.messenger.state.available)).not.toContain(stranger.jid);
		expect(await alice.messenger.devices.of(stranger.jid)).toEqual([]);
	},
);

it('an answer that no server would let through is not given, and ends nothing', async () => {
	const begin = wire.log.length;
	await heardAfter(far, iq(fullAddress(), 'get', TOO_LONG, PING));
	expect(wire.log.slice(begin).some(({ xml }) => xml.includes('stream:error'))).toBe(false);
});

it('who is answered, and who is blocked or forgotten, is known and not known any more', async () => {
	const find = async () =>
		comparable(await heardAfter(far, iq(fullAddress(), 'get', 'p', PING)), fullAddress());
	const unknown = await find();
	expect(unknown.join()).toContain('service-unavailable');
	await alice.messenger.chats.setPlaintext(far.jid, true);
	// Nothing was accepted by that.
	expect(await find()).toEqual(unknown);
	await alice.messenger.messages.send(far.jid, 'who are you?');
	const [known = ''] = (await find()).filter((xml) => xml.startsWith('<iq'));
	expect(known).toContain('type="result"');
	await alice.messenger.people.setBlocked(far.jid, true);
	await alice.messenger.people.setBlocked(far.jid, false);
	await alice.messenger.chats.remove(far.jid);
	expect(await find()).toEqual(unknown);
});

it('who begins to write is answered by no device before they are answered by somebody', async () => {
	const carol = await home.join('carol');
	await carol.messenger.messages.send(alice.jid, 'hello');
	await alice.received(carol, 'hello');
	// Nobody decrypts that with any session.
	far.send(messageXml(alice.jid, ENCRYPTED.replaceAll('RID', String(device)), 'id="broken"'));
	await bob.messenger.messages.send(alice.jid, 'hello');
	await alice.received(bob, 'hello');
	const said = () => wire.log.filter(({ from, xml }) => from === 'client' && /^<message/.test(xml));
	// The devices that wait for an answer get theirs together.
	await until('an answer to a contact', () =>
		said().some(({ xml }) => xml.includes(bob.jid) && xml.includes('<encrypted')),
	);
	expect(said().filter(({ xml }) => xml.includes(carol.jid) || xml.includes(FAR))).toEqual([]);
	await alice.messenger.messages.send(carol.jid, 'hello yourself');
	await carol.received(alice, 'hello yourself');
});

it('a contact who asks as soon as they see a new device of ours is no stranger to it', async () => {
	const line = await home.wire();
	const raw = await startRawClient(line.server, bob.user);
	const asked = new Set<string>();
	line.pass = (xml, from) => {
		const [, full] = /^<presence[^>]* from='([^']*)'/.exec(xml) ?? [];
		if (from === 'server' && full?.startsWith(`${alice.jid}/`) && !asked.has(full)) {
			asked.add(full);
			raw.send(iq(full, 'get', `ask-${full}`, PING));
		}
		return xml;
	};
	raw.send('<presence xmlns="jabber:client"/>');
	const other = await new Person(home.server, alice.user).signIn();
	const answers = () =>
		line.log.filter(({ from, xml }) => from === 'server' && /^<iq[^>]*ask-/.test(xml));
	await until('both devices answer', () => asked.size === 2 && answers().length === 2);
	await other.messenger.close();
	for (const { xml } of answers()) expect(xml).toMatch(/^<iq[^>]* type='result'/);
});

it('of those who ask to be contacts only so many are remembered', async () => {
	const ask = (n: number) =>
		home.far.send(
			`<presence from="s${n}.${alice.user}@${FAR}" to="${alice.jid}" type="subscribe"/>`,
		);
	for (let n = 0; n < 300; n++) ask(n);
	await settled(far);
	expect(alice.messenger.state.requests).toHaveLength(50);
	// The others do not stand in the way of somebody from elsewhere.
	eve.send(`<presence xmlns="jabber:client" to="${alice.jid}" type="subscribe"/>`);
	await until('a request', () => alice.messenger.state.requests.includes(eve.jid));
});
