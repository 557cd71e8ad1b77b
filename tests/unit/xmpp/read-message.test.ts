import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArchivePage } from '../../../src/xmpp/extensions/archive.ts';
import {
	readBundle,
	readDeviceList,
	readOmemoElement,
} from '../../../src/xmpp/extensions/omemo.ts';
import { readMessage } from '../../../src/xmpp/read-message.ts';
import { readContacts } from '../../../src/xmpp/roster.ts';
import { times } from '../../what-runs.ts';

const ME = 'me@a.example';
const NOW = 1_700_000_000_000;
const read = (stanza: unknown) => readMessage(stanza, ME, NOW);

describe('a message', () => {
	it('is reduced to what we understand', () => {
		const stanza = {
			type: 'chat',
			from: 'You@B.example/phone',
			to: `${ME}/web`,
			id: '1',
			originId: 'o1',
			body: 'hello',
			stanzaIds: [
				{ by: 'evil@b.example', id: 'forged' },
				{ by: ME, id: 'mine' },
			],
			receipt: { type: 'request' },
			marker: { type: 'markable' },
			delay: { timestamp: new Date(5000) },
		};
		expect(read(stanza)).toEqual({
			from: 'you@b.example',
			fromFull: 'You@B.example/phone',
			to: ME,
			isOwn: false,
			peer: 'you@b.example',
			isError: false,
			id: '1',
			originId: 'o1',
			archiveId: 'mine',
			time: 5000,
			isDelayed: true,
			body: 'hello',
			wantsReceipt: true,
			isMarkable: true,
		});
	});

	it('of our own belongs to whom it was sent', () => {
		const stanza = { type: 'chat', from: `${ME}/other`, to: 'you@b.example', body: 'x' };
		expect(read(stanza)).toMatchObject({ isOwn: true, peer: 'you@b.example' });
	});

	it.each([
		['to somebody else', { type: 'chat', from: 'a@b.example', to: 'c@d.example', body: 'x' }],
		['of a group', { type: 'groupchat', from: 'room@b.example/me', to: ME, body: 'x' }],
		['from nobody', { type: 'chat', from: '@', to: ME, body: 'x' }],
		['of no type that we know', { type: 5, from: 'a@b.example', to: ME, body: 'x' }],
	])('%s is none', (_, stanza) => {
		expect(read(stanza)).toBeUndefined();
	});

	it('with anything at all in it is read, or is none', () => {
		const anything = fc.record(
			{
				type: fc.oneof(fc.constantFrom('chat', 'normal', 'error'), fc.anything()),
				from: fc.oneof(fc.constant('a@b.example/c'), fc.anything()),
				to: fc.oneof(fc.constant(ME), fc.anything()),
				id: fc.anything(),
				originId: fc.anything(),
				stanzaIds: fc.anything(),
				body: fc.anything(),
				omemo: fc.anything(),
				delay: fc.anything(),
				receipt: fc.anything(),
				marker: fc.anything(),
				chatState: fc.anything(),
				replace: fc.anything(),
				error: fc.anything(),
				encryptionMethod: fc.anything(),
			},
			{ requiredKeys: [] },
		);
		fc.assert(
			fc.property(anything, (stanza) => {
				const message = read(stanza);
				if (message === undefined) return;
				for (const name of ['id', 'originId', 'body', 'archiveId', 'replaces'] as const)
					expect(['string', 'undefined']).toContain(typeof message[name]);
				expect(Number.isFinite(message.time)).toBe(true);
			}),
			{ numRuns: times(2000, 500) },
		);
	});

	it('is cut where it would never end', () => {
		const stanza = { type: 'chat', from: 'a@b.example', to: ME, body: 'x'.repeat(2 ** 20) };
		expect(read(stanza)?.body?.length).toBe(100_000);
		const cut = read({ ...stanza, body: `${'x'.repeat(99_999)}😀` })?.body;
		expect(cut).toBe('x'.repeat(99_999));
	});
});

describe('what others publish', () => {
	it('is read, or is none, whatever it is', () => {
		fc.assert(
			fc.property(fc.anything(), (value) => {
				for (const reader of [readOmemoElement, readBundle, readDeviceList, readContacts])
					expect(() => reader(value)).not.toThrow();
			}),
		);
		expect(readContacts([null, 5, { jid: 3 }]).contacts).toEqual([]);
		const line = { now: () => NOW, readMessage: read };
		expect(readArchivePage(line, { results: [{}, { id: 5 }, { id: 'x' }] })).toEqual({
			messages: [],
			first: 'x',
			last: 'x',
			complete: false,
		});
	});

	it('is an element only with a sender, and keys only with a receiver', () => {
		const keys = [
			{ rid: 5, value: Buffer.from([1]), preKey: true },
			{ rid: 0, value: Buffer.from([1]) },
			{ rid: 6, value: 'text' },
		];
		const element = readOmemoElement({ header: { sid: 9, keys }, payload: Buffer.from([2]) });
		expect(element).toEqual({
			sid: 9,
			iv: new Uint8Array(0),
			keys: [{ rid: 5, isPreKey: true, bytes: Uint8Array.of(1) }],
			payload: Uint8Array.of(2),
		});
		expect(readOmemoElement({ header: { sid: -1 } })).toBeUndefined();
		expect(readOmemoElement({ header: { sid: 9 } })?.keys).toEqual([]);
	});

	it('is a name of whole characters', () => {
		const name = `${'x'.repeat(199)}👩\u200d💻`;
		const [contact] = readContacts([{ jid: 'a@b.example', name }]).contacts;
		expect(contact?.name).toBe('x'.repeat(199));
	});

	it('is a contact with an address, or one that is gone', () => {
		expect(
			readContacts([
				{ jid: 'A@b.example', name: ' Anna ', subscription: 'both' },
				{ jid: 'c@d.example', subscription: 'remove' },
				{ jid: 'e@f.example', subscription: 'evil', pending: 'subscribe' },
			]),
		).toEqual({
			contacts: [
				{ jid: 'a@b.example', name: 'Anna', subscription: 'both', isPending: false },
				{ jid: 'e@f.example', subscription: 'none', isPending: true },
			],
			removed: ['c@d.example'],
		});
	});
});
