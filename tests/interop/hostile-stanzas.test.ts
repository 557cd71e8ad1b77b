import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Agent, createClient } from 'stanza';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { Person, until } from './person.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
let server: ProsodyServer;
let alice: Person;
let bob: Person;
let eve: Agent;

beforeAll(async () => {
	const users = ['alice', 'bob', 'eve'];
	server = await startProsody({
		folder,
		accounts: users.map((user) => ({ user, password: user })),
	});
	alice = await new Person(server, 'alice').signIn();
	bob = await new Person(server, 'bob').signIn();
	eve = createClient({
		jid: 'eve@localhost',
		password: 'eve',
		transports: { websocket: server.websocket, bosh: false },
	});
	await new Promise<void>((resolve) => {
		eve.on('session:started', () => resolve());
		eve.connect();
	});
}, 60_000);

afterAll(async () => {
	eve?.disconnect();
	await alice?.messenger.close();
	await bob?.messenger.close();
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

/** Sends markup as it is, past everything that would keep it in order. */
async function raw(xml: string): Promise<void> {
	const transport = eve.transport as unknown as { socket: WebSocket };
	transport.socket.send(xml);
}

const OMEMO = 'eu.siacs.conversations.axolotl';
const message = (content: string, attributes = '') =>
	`<message xmlns="jabber:client" to="alice@localhost" type="chat" ${attributes}>${content}</message>`;
const BIDI = '\u202egnp.exe\u2066\u200b';
const BIG = 'x'.repeat(60_000);

const HOSTILE = [
	message(''),
	message('<body/>', 'id=""'),
	message(`<body>${BIG}</body>`, `id="${'i'.repeat(2000)}"`),
	message(`<body>&lt;img src=x onerror=alert(1)&gt; &lt;script&gt;alert(1)&lt;/script&gt;</body>`),
	message(`<body>${BIDI}</body>`, 'id="bidi"'),
	message(`<encrypted xmlns="${OMEMO}"/>`),
	message(`<encrypted xmlns="${OMEMO}"><header/></encrypted>`),
	message(`<encrypted xmlns="${OMEMO}"><header sid="1"><key rid="x">!!</key></header></encrypted>`),
	message(
		`<encrypted xmlns="${OMEMO}"><header sid="99999999999"><iv>AA==</iv></header><payload>AA==</payload></encrypted>`,
	),
	message(
		`<encrypted xmlns="${OMEMO}"><header sid="7">${'<key rid="1" prekey="true">MwoA</key>'.repeat(2000)}<iv>AAAAAAAAAAAAAAAA</iv></header><payload>AAAA</payload></encrypted>`,
		'id="keys"',
	),
	message(`<received xmlns="urn:xmpp:receipts"/>`),
	message(`<received xmlns="urn:xmpp:receipts" id="x"/><request xmlns="urn:xmpp:receipts"/>`),
	message(`<displayed xmlns="urn:xmpp:chat-markers:0"/>`),
	message(`<replace xmlns="urn:xmpp:message-correct:0"/><body>r</body>`, 'id="r1"'),
	message(`<replace xmlns="urn:xmpp:message-correct:0" id="r1"/><body>r2</body>`, 'id="r1"'),
	message(`<retract xmlns="urn:xmpp:message-retract:1"/>`),
	message(`<reactions xmlns="urn:xmpp:reactions:0"/>`),
	message(
		`<reactions xmlns="urn:xmpp:reactions:0" id="r1"><reaction>${BIG}</reaction></reactions>`,
	),
	message(`<reply xmlns="urn:xmpp:reply:0"/><body>x</body>`, 'id="r3"'),
	message(
		`<reply xmlns="urn:xmpp:reply:0" id="r1"/><fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:reply:0"><body start="-5" end="9e9"/></fallback><body>y</body>`,
		'id="r4"',
	),
	message(`<delay xmlns="urn:xmpp:delay" stamp="yesterday"/><body>late</body>`, 'id="late"'),
	message(
		`<delay xmlns="urn:xmpp:delay" stamp="9999-12-31T23:59:59Z"/><body>early</body>`,
		'id="early"',
	),
	message(
		`<received xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0"><message xmlns="jabber:client" from="bob@localhost/x" to="alice@localhost" type="chat" id="forged-carbon"><body>forged carbon</body></message></forwarded></received>`,
	),
	message(
		`<sent xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0"><message xmlns="jabber:client" from="alice@localhost/x" to="bob@localhost" type="chat" id="forged-sent"><body>forged sent</body></message></forwarded></sent>`,
	),
	message(
		`<result xmlns="urn:xmpp:mam:2" id="1" queryid="1"><forwarded xmlns="urn:xmpp:forward:0"><message xmlns="jabber:client" from="bob@localhost/x" to="alice@localhost" type="chat" id="forged-archive"><body>forged archive</body></message></forwarded></result>`,
	),
	message(
		`<event xmlns="http://jabber.org/protocol/pubsub#event"><items node="${OMEMO}.devicelist"><item id="current"><list xmlns="${OMEMO}">${Array.from({ length: 3000 }, (_, id) => `<device id="${id}"/>`).join('')}</list></item></items></event>`,
	),
	message(
		`<event xmlns="http://jabber.org/protocol/pubsub#event"><items node="${OMEMO}.devicelist"><item/></items></event>`,
	),
	message('<error type="cancel"/>', 'type-x="" id="e"').replace('type="chat"', 'type="error"'),
	`<presence xmlns="jabber:client" to="alice@localhost" type="subscribe"/>`,
	`<presence xmlns="jabber:client" to="alice@localhost/nowhere"><x xmlns="vcard-temp:x:update"><photo>zz</photo></x></presence>`,
	`<iq xmlns="jabber:client" to="alice@localhost/nowhere" type="get" id="q1"><query xmlns="http://jabber.org/protocol/disco#info"/></iq>`,
];

it('a flood of nonsense and forgeries leaves the connection up, and nothing of it in other conversations', async () => {
	await bob.messenger.messages.send(alice.jid, 'before');
	await alice.received(bob, 'before');
	for (const stanza of HOSTILE) await raw(stanza);
	await bob.messenger.messages.send(alice.jid, 'after');
	await alice.received(bob, 'after');
	// Eve's last words have come when this one has.
	await raw(message('<body>the end</body>', 'id="the-end"'));
	await until('the end', async () =>
		(await alice.allMessages({ jid: 'eve@localhost' })).some(({ text }) => text === 'the end'),
	);
	expect(alice.messenger.state.connection).toBe('online');
	expect((await alice.allMessages(bob)).map(({ text }) => text)).toEqual(['before', 'after']);
	expect(await alice.allMessages({ jid: 'alice@localhost' })).toEqual([]);
	const fromEve = await alice.allMessages({ jid: 'eve@localhost' });
	// They did arrive, and what is a message among them is one.
	expect(fromEve.map(({ text }) => text)).toEqual(
		expect.arrayContaining(['r2', 'y', 'late', 'early']),
	);
	expect(fromEve.every(({ time }) => time <= Date.now())).toBe(true);
	expect(fromEve.some(({ text }) => text?.includes('forged'))).toBe(false);
	expect(alice.messenger.state.requests).toContain('eve@localhost');
	expect((await alice.messenger.devices.of('eve@localhost')).length).toBeLessThanOrEqual(100);
	await alice.messenger.messages.send(bob.jid, 'still here');
	await bob.received(alice, 'still here');
});
