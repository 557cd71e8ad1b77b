import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchProfile } from '../../../src/xmpp/fetch-profile.ts';
import { isPassing, XmppError } from '../../../src/xmpp/xmpp-error.ts';
import { Line, ME, YOU } from './support.ts';

let line: Line;
beforeEach(async () => {
	line = await Line.open();
});
afterEach(() => line.close());

const answer = (error: string) =>
	`<iq xmlns="jabber:client" type="error" from="${YOU}" to="${ME}/web" id="q1">${error}</iq>`;
const stanzaError = (type: string, condition: string) =>
	`<error type="${type}"><${condition} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>`;

/** What a look for somebody's devices ends with. */
async function ask(error: string): Promise<unknown> {
	line.wire.answer([answer(error)]);
	return line.connection.devices.fetchDeviceList(YOU).catch((thrown: unknown) => thrown);
}

describe('a request that is refused says how', () => {
	it.each([
		['cancel', 'remote-server-not-found', false],
		['wait', 'remote-server-timeout', true],
		['cancel', 'remote-server-timeout', true],
		['modify', 'not-acceptable', false],
		['wait', 'internal-server-error', true],
		['cancel', 'internal-server-error', false],
		['cancel', 'not-allowed', false],
		['cancel', 'resource-constraint', true],
		['wait', 'resource-constraint', true],
		['cancel', 'recipient-unavailable', true],
	])('%s, %s', async (type, condition, passes) => {
		const error = await ask(stanzaError(type, condition));
		expect(error).toBeInstanceOf(XmppError);
		expect(error).toMatchObject({ code: 'refused', type, condition });
		expect(isPassing(error as XmppError)).toBe(passes);
	});

	it('with nothing in its error, or without one', async () => {
		expect(await ask('<error/>')).toMatchObject({ code: 'refused', type: undefined });
		line.wire.nameIds('q');
		expect(await ask('')).toMatchObject({ code: 'refused', condition: 'undefined-condition' });
	});

	it('with a type that there is not', async () => {
		expect(await ask(stanzaError('soon', 'not-allowed'))).toMatchObject({ type: undefined });
	});
});

it.each(['item-not-found', 'service-unavailable', 'forbidden', 'not-authorized'])(
	'%s means that nothing is there for us',
	async (condition) => {
		expect(await ask(stanzaError('cancel', condition))).toBeUndefined();
	},
);

it('a connection that is gone passes by itself, and is no fault of whom we asked', () => {
	expect(isPassing(new XmppError('offline'))).toBe(false);
	expect(isPassing(new XmppError('timeout'))).toBe(true);
});

describe('a look for a name and a picture', () => {
	const iq = (id: string, from: string, error: string) =>
		`<iq xmlns="jabber:client" type="error" from="${from}" to="${ME}/web" id="${id}">${error}</iq>`;

	it('asks for both at once', async () => {
		const work = fetchProfile(line.connection, YOU);
		await line.wire.receive();
		expect(line.wire.sent).toHaveLength(2);
		const gone = stanzaError('cancel', 'remote-server-not-found');
		await line.wire.receive(iq('q1', YOU, gone), iq('q2', YOU, gone));
		expect(await work).toEqual({});
	});

	const late = stanzaError('wait', 'remote-server-timeout');
	const given = (id: string, node: string, content: string) =>
		`<iq xmlns="jabber:client" type="result" from="${YOU}" to="${ME}/web" id="${id}"><pubsub xmlns="http://jabber.org/protocol/pubsub"><items node="${node}"><item id="1">${content}</item></items></pubsub></iq>`;
	const NAME = `<nick xmlns="http://jabber.org/protocol/nick">You</nick>`;
	const AVATAR = 'a'.repeat(40);
	const PICTURE = `<metadata xmlns="urn:xmpp:avatar:metadata"><info id="${AVATAR}" type="image/png" bytes="1"/></metadata>`;

	it('gives the name where the picture may be had later, and says so', async () => {
		const work = fetchProfile(line.connection, YOU);
		await line.wire.receive();
		await line.wire.receive(
			given('q1', 'http://jabber.org/protocol/nick', NAME),
			iq('q2', YOU, late),
		);
		const failure = { code: 'refused', condition: 'remote-server-timeout' };
		expect(await work).toMatchObject({ nick: 'You', failure });
	});

	it('gives the picture where the name may be had later, and says so', async () => {
		const work = fetchProfile(line.connection, YOU);
		await line.wire.receive();
		await line.wire.receive(iq('q1', YOU, late), given('q2', 'urn:xmpp:avatar:metadata', PICTURE));
		const failure = { code: 'refused', condition: 'remote-server-timeout' };
		expect(await work).toMatchObject({ avatarId: AVATAR, failure });
	});

	it('is over where the line goes between the two', async () => {
		const work = fetchProfile(line.connection, YOU).catch((thrown: unknown) => thrown);
		await line.wire.receive();
		await line.wire.receive(given('q1', 'http://jabber.org/protocol/nick', NAME));
		line.wire.agent.transport?.disconnect();
		expect(await work).toMatchObject({ code: 'offline' });
	});

	it.each([
		['both', () => fetchProfile(line.connection, YOU)],
		['the visiting card', () => line.connection.visitingCards.fetch(YOU)],
	])('that may work later says so: %s', async (_, ask) => {
		const work = ask().catch((thrown: unknown) => thrown);
		await line.wire.receive();
		await line.wire.receive(iq('q1', YOU, late), iq('q2', YOU, late));
		expect(await work).toMatchObject({ code: 'refused', condition: 'remote-server-timeout' });
	});
});
