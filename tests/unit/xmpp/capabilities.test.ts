import { createHash } from 'node:crypto';
import { JXT } from 'stanza';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Line } from './support.ts';

const INFO = 'http://jabber.org/protocol/disco#info';
const CAPS = 'http://jabber.org/protocol/caps';

let line: Line;
beforeEach(async () => {
	line = await Line.open();
});
afterEach(() => line.close());

/** What a client's answer to disco#info hashes to (XEP-0115 section 5.1). */
function hashOf(query: JXT.XMLElement): string {
	const identities = query.getChildren('identity').map(({ attributes }) => {
		const { category, type, name } = attributes;
		return `${category}/${type}//${name}<`;
	});
	const features = query.getChildren('feature').map(({ attributes }) => attributes['var']);
	const text = [...identities.sort(), ...features.sort().map((feature) => `${feature}<`)].join('');
	return createHash('sha1').update(text).digest('base64');
}

it('what is promised with a presence is what is said when somebody asks', async () => {
	const presence = line.opening
		.map((xml) => JXT.parse(xml))
		.find(({ name }) => name === 'presence');
	const { node, ver, hash } = presence?.getChild('c', CAPS)?.attributes ?? {};
	expect(hash).toBe('sha-1');
	await line.wire.receive(
		`<iq xmlns="jabber:client" type="get" from="you@b.example/phone" to="me@a.example/web" id="p1">
			<query xmlns="${INFO}" node="${node}#${ver}"/>
		</iq>`,
	);
	const [answer = ''] = line.wire.sent;
	const query = JXT.parse(answer).getChild('query', INFO);
	expect(query?.getChildren('feature').length).toBeGreaterThan(10);
	expect(hashOf(query as JXT.XMLElement)).toBe(ver);
});

it('a session begins with what it needs: a name of its own, copies of what others of ours write, presence', () => {
	const kinds = line.opening
		.map((xml) => JXT.parse(xml))
		.map((element) => {
			const [child] = element.children as JXT.XMLElement[];
			return `${element.getName()} ${child?.getNamespace()}`;
		});
	expect(kinds).toEqual([
		'iq urn:ietf:params:xml:ns:xmpp-bind',
		'iq urn:xmpp:carbons:2',
		`presence ${CAPS}`,
	]);
	expect(line.opening[0]).toContain('<resource>web</resource>');
	// Only to the server: nobody in particular learns where we are.
	for (const xml of line.opening) expect(JXT.parse(xml).attributes['to']).toBeUndefined();
});

const subscribed = (from: string) =>
	`<presence xmlns="jabber:client" from="${from}" to="me@a.example" type="subscribed"/>`;

it('who lets us in hears again what is to be pushed to us', async () => {
	const withoutId = (xml: string) => xml.replace(/ id="[^"]*"/, '');
	await line.wire.receive(subscribed('you@b.example'));
	const opening = line.opening.filter((xml) => xml.startsWith('<presence'));
	expect(line.wire.sent.map(withoutId)).toEqual(opening.map(withoutId));
});

it('a stranger who says that they let us in hears nothing', async () => {
	await line.wire.receive(subscribed('eve@c.example'), subscribed('you@c.example/x'));
	expect(line.wire.sent).toEqual([]);
});
