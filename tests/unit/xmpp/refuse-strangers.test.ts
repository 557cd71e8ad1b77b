import { afterEach, beforeEach, expect, it } from 'vitest';
import { canonical, Line, ME, stanzasOf, YOU } from './support.ts';

const EVE = 'eve@c.example';
const OMEMO = 'eu.siacs.conversations.axolotl';
const GONE = '<service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>';

let line: Line;
beforeEach(async () => {
	line = await Line.open();
});
afterEach(() => line.close());

/** A question by somebody to the device that we are on. */
const ping = (
	from: string,
	id = 'p1',
	to = `${ME}/web`,
	content = '<ping xmlns="urn:xmpp:ping"/>',
) => `<iq xmlns="jabber:client" type="get" from="${from}" to="${to}" id="${id}">${content}</iq>`;
const refusal = (to: string, id = 'p1') =>
	`<iq xmlns="jabber:client" type="error" to="${to}" id="${id}"><error type="cancel">${GONE}</error></iq>`;

async function answersTo(...stanzas: string[]): Promise<unknown[]> {
	line.wire.sent.length = 0;
	await line.wire.receive(...stanzas);
	expect(line.uncounted).toBe(0);
	return line.wire.sent.map(canonical);
}

it.each([`${YOU}/phone`, YOU, `${ME}/laptop`, ME, 'a.example'])('%s is answered', async (from) => {
	const result = `<iq xmlns="jabber:client" type="result" to="${from}" id="p1"/>`;
	expect(await answersTo(ping(from))).toEqual([canonical(result)]);
});

it.each([
	`${EVE}/x`,
	EVE,
	'c.example',
	'b.example',
	'you@evil.example/phone',
	'me@b.example/web',
	'someone@a.example/x',
	'upload.a.example',
	'&#x202e;@b.example',
	`${YOU}@c.example`,
])('%s finds nobody', async (from) => {
	expect(await answersTo(ping(from))).toEqual([canonical(refusal(from))]);
});

it('services that our server lists are no strangers, and those who live there are', async () => {
	line.wire.answer(stanzasOf('0363-upload', 'found.in.xml'));
	await line.connection.upload.findService();
	const [service, person] = ['upload.a.example', 'eve@upload.a.example/x'];
	expect(await answersTo(ping(service), ping(person))).toEqual(
		[`<iq xmlns="jabber:client" type="result" to="${service}" id="p1"/>`, refusal(person)].map(
			canonical,
		),
	);
});

it('what cannot be read is answered all the same, under the names that it has', async () => {
	const unreadable = '<ping xmlns="urn:xmpp:ping" constructor="1"/>';
	const id = 'a &lt; b from=&apos;a.example&apos; type=&quot;result&quot;';
	for (const from of [`${EVE}/x to=1`, `${YOU}/phone`])
		expect(await answersTo(ping(from, id, `${ME}/web`, unreadable))).toEqual([
			canonical(refusal(from, id)),
		]);
});

it('an empty id is one', async () => {
	expect(await answersTo(ping(`${EVE}/x`, ''), ping(`${YOU}/phone`, ''))).toEqual([
		canonical(refusal(`${EVE}/x`, '')),
		canonical(`<iq xmlns="jabber:client" type="result" to="${YOU}/phone" id=""/>`),
	]);
});

it('nothing goes out that the server would not let through, nor that names where we are', async () => {
	expect(await answersTo(ping(`${EVE}/x`, 'i'.repeat(70_000)))).toEqual([]);
	expect(await answersTo(ping(`${EVE}/x`, 'p1', ME))).toEqual([]);
});

it('a message to a group that nobody here is in comes back, and is none of ours that arrived', async () => {
	const sent = `<message xmlns="jabber:client" type="groupchat" from="${EVE}/x" to="${ME}/web" id="mine"><body>x</body></message>`;
	const back = `<message xmlns="jabber:client" type="error" to="${EVE}/x" id="mine"><error type="cancel">${GONE}</error></message>`;
	expect(await answersTo(sent)).toEqual([canonical(back)]);
	await line.wire.receive('<a xmlns="urn:xmpp:sm:3" h="1"/>');
	line.wire.agent.emit('message:acked', { type: 'error', id: 'mine' } as never);
	expect(line.told).toEqual([]);
});

it('what strangers show of themselves is not told', async () => {
	const shown = (from: string) => [
		`<presence xmlns="jabber:client" from="${from}/x"><x xmlns="vcard-temp:x:update"><photo>${'a'.repeat(40)}</photo></x></presence>`,
		`<presence xmlns="jabber:client" from="${from}/x" type="unavailable"/>`,
		`<message xmlns="jabber:client" from="${from}" type="headline"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="${OMEMO}.devicelist"><item id="current"><list xmlns="${OMEMO}"><device id="7"/></list></item></items></event></message>`,
		`<message xmlns="jabber:client" from="${from}" type="headline"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="http://jabber.org/protocol/nick"><item id="current"><nick xmlns="http://jabber.org/protocol/nick">Me</nick></item></items></event></message>`,
	];
	await line.wire.receive(...shown(EVE));
	expect(line.told).toEqual([]);
	await line.wire.receive(...shown(YOU));
	expect(line.told.map(([name]) => name)).toEqual([
		...['presence', 'avatar', 'presence', 'deviceList', 'nick'],
	]);
	expect(line.wire.sent).toEqual([]);
});

it('who becomes known is answered from then on', async () => {
	line.known.add(EVE);
	const result = `<iq xmlns="jabber:client" type="result" to="${EVE}/x" id="p1"/>`;
	expect(await answersTo(ping(`${EVE}/x`))).toEqual([canonical(result)]);
	line.known.delete(EVE);
	expect(await answersTo(ping(`${EVE}/x`))).toEqual([canonical(refusal(`${EVE}/x`))]);
});
