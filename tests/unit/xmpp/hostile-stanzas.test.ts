import fc from 'fast-check';
import { JXT } from 'stanza';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { times } from '../../what-runs.ts';
import { Line, ME, message, NOW, stanzasOf, YOU } from './support.ts';

const EVE = 'eve@c.example';
const OMEMO = 'eu.siacs.conversations.axolotl';

let line: Line;
beforeEach(async () => {
	line = await Line.open();
});
afterEach(() => line.close());

const chat = (content: string, attributes = 'id="m1"') =>
	`<message xmlns="jabber:client" from="${YOU}/phone" to="${ME}" type="chat" ${attributes}>${content}</message>`;

async function tells(xml: string): Promise<unknown[]> {
	line.told.length = 0;
	await line.wire.receive(xml);
	expect(line.uncounted).toBe(0);
	return line.told.map(([, told]) => told);
}

describe('what is far too large', () => {
	it.each([
		['a body', `<body>${'x'.repeat(2 ** 20)}</body>`, { body: 'x'.repeat(100_000) }],
		[
			'a payload',
			`<encrypted xmlns="${OMEMO}"><header sid="1"/><payload>${'A'.repeat(3 * 2 ** 20)}</payload></encrypted>`,
			{},
		],
		[
			'an id of an answered message',
			`<reply xmlns="urn:xmpp:reply:0" id="${'i'.repeat(1000)}"/>`,
			{},
		],
		[
			'a heap of reactions',
			`<reactions xmlns="urn:xmpp:reactions:0" id="m0">${'<reaction>👍</reaction>'.repeat(5000)}</reactions>`,
			{ reactions: { id: 'm0', emojis: ['👍'] } },
		],
		[
			'a heap of ids',
			`${`<stanza-id xmlns="urn:xmpp:sid:0" by="${EVE}" id="x"/>`.repeat(5000)}<body>hello</body>`,
			{ body: 'hello' },
		],
		[
			'a tower',
			`${'<x xmlns="urn:x">'.repeat(20_000)}${'</x>'.repeat(20_000)}<body>hello</body>`,
			{ body: 'hello' },
		],
	])('%s is cut, or left out', async (_, content, given) => {
		expect(await tells(chat(content))).toEqual([message({ id: 'm1', ...given })[1]]);
	});

	it('a name is left out', async () => {
		expect(await tells(chat('<body>hello</body>', `id="${'i'.repeat(513)}"`))).toEqual([
			message({ body: 'hello' })[1],
		]);
	});

	it('keys and prekeys are looked at up to a number', async () => {
		const keys = `<key rid="5">MwoA</key>`.repeat(5000);
		const [told] = await tells(
			chat(`<encrypted xmlns="${OMEMO}"><header sid="1">${keys}</header></encrypted>`),
		);
		expect(told).toMatchObject({ encrypted: { sid: 1, keys: { length: 1000 } } });
		const preKeys = '<preKeyPublic preKeyId="1">BQE=</preKeyPublic>'.repeat(5000);
		line.wire.answer([
			(stanzasOf('0384-omemo-bundles', 'fetched.in.xml')[0] ?? '').replace(
				'<prekeys>',
				`<prekeys>${preKeys}`,
			),
		]);
		const bundle = await line.connection.devices.fetchBundle(YOU, 31415);
		expect(bundle?.preKeys.length).toBe(1000);
	});
});

const NAMES: readonly (readonly [string, string])[] = [
	['body', 'jabber:client'],
	['error', 'jabber:client'],
	['show', 'jabber:client'],
	['message', 'jabber:client'],
	['item-not-found', 'urn:ietf:params:xml:ns:xmpp-stanzas'],
	['received', 'urn:xmpp:carbons:2'],
	['sent', 'urn:xmpp:carbons:2'],
	['forwarded', 'urn:xmpp:forward:0'],
	['result', 'urn:xmpp:mam:2'],
	['fin', 'urn:xmpp:mam:2'],
	['delay', 'urn:xmpp:delay'],
	['request', 'urn:xmpp:receipts'],
	['received', 'urn:xmpp:receipts'],
	['displayed', 'urn:xmpp:chat-markers:0'],
	['markable', 'urn:xmpp:chat-markers:0'],
	['composing', 'http://jabber.org/protocol/chatstates'],
	['replace', 'urn:xmpp:message-correct:0'],
	['origin-id', 'urn:xmpp:sid:0'],
	['stanza-id', 'urn:xmpp:sid:0'],
	['encryption', 'urn:xmpp:eme:0'],
	['reply', 'urn:xmpp:reply:0'],
	['fallback', 'urn:xmpp:fallback:0'],
	['reactions', 'urn:xmpp:reactions:0'],
	['reaction', 'urn:xmpp:reactions:0'],
	['retract', 'urn:xmpp:message-retract:1'],
	['encrypted', OMEMO],
	['header', OMEMO],
	['key', OMEMO],
	['payload', OMEMO],
	['list', OMEMO],
	['device', OMEMO],
	['bundle', OMEMO],
	['event', 'http://jabber.org/protocol/pubsub#event'],
	['items', 'http://jabber.org/protocol/pubsub#event'],
	['item', 'http://jabber.org/protocol/pubsub#event'],
	['pubsub', 'http://jabber.org/protocol/pubsub'],
	['metadata', 'urn:xmpp:avatar:metadata'],
	['info', 'urn:xmpp:avatar:metadata'],
	['nick', 'http://jabber.org/protocol/nick'],
	['query', 'jabber:iq:roster'],
	['item', 'jabber:iq:roster'],
	['block', 'urn:xmpp:blocking'],
	['unblock', 'urn:xmpp:blocking'],
	['item', 'urn:xmpp:blocking'],
	['query', 'jabber:iq:register'],
	['query', 'http://jabber.org/protocol/disco#info'],
	['c', 'http://jabber.org/protocol/caps'],
	['x', 'vcard-temp:x:update'],
	['photo', 'vcard-temp:x:update'],
	['x', 'http://jabber.org/protocol/muc#user'],
	['ping', 'urn:xmpp:ping'],
];
const ATTRIBUTES = [
	...['id', 'by', 'from', 'to', 'type', 'stamp', 'rid', 'sid', 'prekey', 'node', 'queryid', 'jid'],
	...['subscription', 'ask', 'for', 'start', 'end', 'namespace', 'name', 'complete', 'xml:lang'],
];
const VALUES = [
	...[ME, `${ME}/web`, YOU, EVE, 'a.example', '', 'q1', '1', '-1', '4294967296', 'NaN', 'true'],
	...['chat', 'error', 'groupchat', 'result', 'set', 'get', 'subscribe', 'unavailable', 'remove'],
	...['disconnected', 'session:started', 'auth:failed', 'message', 'carbon:sent', 'error', '*'],
	...[`${OMEMO}.devicelist`, 'urn:xmpp:avatar:metadata', 'urn:xmpp:reply:0', '__proto__', 'both'],
	...['9999-12-31T23:59:59Z', 'yesterday', '<b>&"\'', '\u202e', 'constructor', 'xn--\u0080'],
];
const TEXTS = [
	'',
	'AAAA',
	'!!',
	'👍',
	'<script>',
	'\u202e',
	'1',
	'{',
	'111f4b3c50d7b0df729d299bc6f8e9ef9066971f',
];

interface Tree {
	readonly name: readonly [string, string];
	readonly attributes: Record<string, string>;
	readonly text: string;
	readonly children: readonly Tree[];
}

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
	tree: fc.record({
		name: fc.constantFrom(...NAMES),
		attributes: fc.dictionary(fc.constantFrom(...ATTRIBUTES), fc.constantFrom(...VALUES), {
			maxKeys: 5,
		}),
		text: fc.constantFrom(...TEXTS),
		children: fc.oneof(
			{ maxDepth: 4, depthIdentifier: 'tree' },
			fc.constant([]),
			fc.array(tie('tree'), { maxLength: 3 }),
		),
	}),
}));

function elementOf({ name: [name, xmlns], attributes, text, children }: Tree): JXT.XMLElement {
	const element = new JXT.XMLElement(name, { ...attributes, xmlns });
	for (const child of children) element.appendChild(elementOf(child));
	element.appendChild(text);
	return element;
}

/** Whose affair something is that a connection told; undefined for what is nobody else's but ours and the server's. */
function subjectOf([name, first]: Line['told'][number]): string | undefined {
	if (name === 'message') return first.isOwn ? ME : first.peer;
	return typeof first === 'string' && !['state', 'acked'].includes(name) ? first : undefined;
}

it('whatever somebody sends, all that comes of it is theirs, and the server is told that it came', async () => {
	const stanza = fc.record({
		kind: fc.constantFrom('message', 'message', 'presence', 'iq'),
		attributes: fc.dictionary(
			fc.constantFrom('id', 'type', 'xml:lang'),
			fc.constantFrom(...VALUES),
		),
		children: fc.array(tree, { maxLength: 3 }),
	});
	const subjects = new Set<string | undefined>();
	await fc.assert(
		fc.asyncProperty(stanza, async ({ kind, attributes, children }) => {
			const element = new JXT.XMLElement(kind, {
				...attributes,
				xmlns: 'jabber:client',
				from: `${EVE}/x`,
				to: `${ME}/web`,
			});
			for (const child of children) element.appendChild(elementOf(child));
			await tells(element.toString());
			for (const told of line.told) {
				subjects.add(subjectOf(told));
				if (told[0] === 'message') expect(told[1].time).toBeLessThanOrEqual(NOW);
			}
			expect([...subjects].filter((subject) => subject !== EVE)).toEqual([]);
		}),
		{ numRuns: times(3000, 1000) },
	);
	// It was no empty talk.
	expect([...subjects]).toEqual([EVE]);
});
