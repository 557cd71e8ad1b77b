import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Line, ME, YOU } from './support.ts';

let line: Line;
beforeEach(async () => {
	line = await Line.open();
});
afterEach(() => line.close());

const around = (content: string, id = 'm') =>
	`<message xmlns="jabber:client" type="chat" from="${YOU}/x" to="${ME}" id="${id}">${content}</message>`;
const nested = (depth: number, opens: string, closes: string) =>
	opens.repeat(depth) + closes.repeat(depth);
const FORWARDED = [
	'<forwarded xmlns="urn:xmpp:forward:0"><message xmlns="jabber:client">',
	'</message></forwarded>',
] as const;

/** Milliseconds that anything may take to be read: the page answers to nobody meanwhile. */
const MAX_TIME = 3000;

describe.each([
	['a frame that is too long', around(`<body>${'x'.repeat(10_000_000)}</body>`)],
	['an attribute that is too long', around(`<a b="${'x'.repeat(10_000_000)}"/>`)],
	['the attribute constructor', around('<a constructor="1"/>')],
	['the attribute __proto__', around('<a __proto__="1"/>')],
	['an entity that there is not', around('<body>&nothing;</body>')],
	['an element that is not closed', around('<a><b></a>')],
	['no end', '<message xmlns="jabber:client" type="chat"><body>x</body>'],
	['a comment', around('<!-- x -->')],
])('%s', (_, xml) => {
	it('says nothing, counts, and is no end of anything', async () => {
		const begun = performance.now();
		await line.wire.receive(xml, around('<body>next</body>', 'n'));
		expect(performance.now() - begun).toBeLessThan(MAX_TIME);
		expect(line.told).toMatchObject([['message', { id: 'n', body: 'next' }]]);
		expect(line.uncounted).toBe(0);
		expect(line.connection).toBeDefined();
	});
});

it.each([
	['100,000 elements', `<body>x</body>${'<a/>'.repeat(100_000)}`],
	[
		'100,000 attributes',
		`<body>x</body><a ${Array.from({ length: 100_000 }, (_, n) => `a${n}="1"`).join(' ')}/>`,
	],
	['100,000 bodies', '<body>x</body>'.repeat(100_000)],
	['50,000 fallbacks', `<body>x</body>${'<fallback xmlns="urn:xmpp:fallback:0"/>'.repeat(50_000)}`],
	['as many elements within each other as there are', `<body>x</body>${nested(20, ...FORWARDED)}`],
	['100,000 elements within each other', `<body>x</body>${nested(100_000, '<a>', '</a>')}`],
	['10,000 messages within each other', `<body>x</body>${nested(10_000, ...FORWARDED)}`],
	['1000 messages within each other', `<body>x</body>${nested(1000, ...FORWARDED)}`],
	['names in other scripts', '<body>x</body><ünïcode 漢字="1"/>'],
	['what looks like the end of a tag', '<x a="b>c"/><body>x</body>'],
])('%s are read', async (_, content) => {
	const begun = performance.now();
	await line.wire.receive(around(content));
	expect(performance.now() - begun).toBeLessThan(MAX_TIME);
	expect(line.told).toMatchObject([['message', { body: 'x' }]]);
});

it('an answer that cannot be read is one that fails, not one that never comes', async () => {
	line.wire.answer([
		`<iq xmlns="jabber:client" type="result" from="${YOU}" to="${ME}/web" id="q1"><a constructor=""/></iq>`,
	]);
	await expect(line.connection.devices.fetchDeviceList(YOU)).rejects.toMatchObject({
		code: 'refused',
		condition: 'undefined-condition',
	});
	expect(line.uncounted).toBe(0);
});

it('what is no stanza and cannot be read ends the stream', async () => {
	await expect(line.wire.receive('<open constructor=""/>')).rejects.toThrow('no frame');
});
