import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { APP_VERSION } from '../../../src/xmpp/extensions/software-version.ts';
import { golden, ME, YOU } from './support.ts';

const EVE = 'eve@c.example';
const bytes = (...values: number[]) => Uint8Array.from(values);

golden('0384-omemo-devices', {
	pushed: { tells: [['deviceList', YOU, [31415, 4294967295]]] },
	'our-own': { tells: [['deviceList', ME, [27183]]] },
	'with-nonsense': {
		tells: [
			['deviceList', YOU, [5]],
			['deviceList', YOU, []],
		],
	},
	fetched: { does: (line) => line.devices.fetchDeviceList(YOU), gives: [31415, 27183] },
	'of-nobody': { does: (line) => line.devices.fetchDeviceList(YOU), gives: undefined },
	refused: {
		does: (line) => line.devices.fetchDeviceList(YOU),
		throws: { code: 'refused', condition: 'resource-constraint' },
	},
	'answered-with-nothing': { does: (line) => line.devices.fetchDeviceList(YOU), gives: undefined },
	published: { does: (line) => line.devices.publishDeviceList([27183, 12321]) },
	'published-on-a-closed-node': { does: (line) => line.devices.publishDeviceList([12321]) },
});

golden('0384-omemo-bundles', {
	fetched: {
		does: (line) => line.devices.fetchBundle(YOU, 31415),
		gives: {
			identityKey: bytes(5, 4),
			signedPreKey: { id: 0, publicKey: bytes(5, 1), signature: bytes(2, 3) },
			preKeys: [
				{ id: 4294967295, publicKey: bytes(5, 5) },
				{ id: 7, publicKey: bytes(5, 7) },
			],
		},
	},
	'that-lack-something': {
		does: async (line) => [
			await line.devices.fetchBundle(YOU, 31415),
			await line.devices.fetchBundle(YOU, 31415),
			await line.devices.fetchBundle(YOU, 31415),
		],
		gives: [undefined, undefined, undefined],
	},
	published: {
		does: (line) =>
			line.devices.publishBundle(12321, {
				identityKey: bytes(5, 4),
				signedPreKey: { id: 1, publicKey: bytes(5, 1), signature: bytes(2, 3) },
				preKeys: [
					{ id: 5, publicKey: bytes(5, 5) },
					{ id: 6, publicKey: bytes(5, 6) },
				],
			}),
	},
});

golden('rfc6121-roster', {
	fetched: {
		does: (line) => line.roster.fetch(),
		gives: [
			{ jid: YOU, name: 'You <b>', subscription: 'both', isPending: false },
			{ jid: 'asked@b.example', subscription: 'none', isPending: true },
			{ jid: 'fan@b.example', subscription: 'from', isPending: false },
			{ jid: 'idol@b.example', subscription: 'to', isPending: false },
			{ jid: 'odd@b.example', subscription: 'none', isPending: false },
		],
	},
	empty: { does: (line) => line.roster.fetch(), gives: [] },
	pushed: {
		tells: [
			['roster', [{ jid: YOU, name: 'You', subscription: 'both', isPending: false }], []],
			['roster', [], [YOU]],
		],
	},
	forged: {},
	added: { does: (line) => line.roster.add(YOU, 'You') },
	renamed: { does: (line) => line.roster.rename(YOU, 'My friend') },
	removed: { does: (line) => line.roster.remove(YOU) },
});

golden('rfc6121-presence', {
	'comes-and-goes': {
		tells: [
			['presence', YOU, true],
			['presence', YOU, false],
		],
	},
	asked: { tells: [['subscriptionRequest', YOU]] },
	refused: { tells: [['presenceRefused', YOU, 'remote-server-not-found']] },
	'the-others': { tells: [['presenceRefused', YOU, 'remote-server-not-found']] },
	'of-types-that-there-are-not': { tells: [['presence', YOU, true]] },
	accepted: { does: (line) => line.roster.accept(YOU) },
	denied: { does: (line) => line.roster.deny(YOU) },
});

golden('0191-blocking', {
	fetched: { does: (line) => line.blocking.fetch(), gives: [EVE, 'mallory@c.example'] },
	blocked: { does: (line) => line.blocking.set(EVE, true), tells: [['blocked', [EVE], true]] },
	unblocked: { does: (line) => line.blocking.set(EVE, false) },
	pushed: {
		tells: [
			['blocked', [EVE, 'mallory@c.example'], true],
			['blocked', ['mallory@c.example'], false],
		],
	},
	forged: {},
});

golden('0077-registration', {
	'password-changed': { does: (line) => line.registration.changePassword('a <new> secret') },
	'password-refused': {
		does: (line) => line.registration.changePassword('1'),
		throws: { code: 'refused', condition: 'not-acceptable' },
	},
});

golden('0352-client-state', {
	'nobody-looks': { does: (line) => line.setActive(false) },
	'somebody-looks': { does: (line) => line.setActive(true) },
});

golden('0199-ping', { answered: {} });
golden('0092-version', { asked: {} });

it('the version that is told is that of the package', () => {
	const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
	expect(APP_VERSION).toBe(version);
});

golden('rfc6120-requests', { 'not-understood': {}, 'of-strangers': {}, 'answers-to-nothing': {} });
