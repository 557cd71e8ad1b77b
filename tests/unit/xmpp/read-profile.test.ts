import { describe, expect, it } from 'vitest';
import { readAvatarData, readAvatarMetadata } from '../../../src/xmpp/extensions/avatars.ts';
import { readNick } from '../../../src/xmpp/extensions/nicknames.ts';
import { fetchServices } from '../../../src/xmpp/extensions/service-discovery.ts';
import { findUploadService, readUploadService } from '../../../src/xmpp/extensions/upload.ts';
import { readVisitingCard } from '../../../src/xmpp/extensions/vcard.ts';

const ID = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);

describe('avatar metadata', () => {
	it('names a picture in the account, not one elsewhere', () => {
		expect(readAvatarMetadata({ versions: [{ id: ID, mediaType: 'image/png' }] })).toBe(ID);
		const elsewhere = { id: OTHER, uri: 'https://tracker.example/a.png' };
		expect(readAvatarMetadata({ versions: [elsewhere, { id: ID }] })).toBe(ID);
		expect(readAvatarMetadata({ versions: [elsewhere] })).toBeUndefined();
	});

	it('that is empty takes the picture away', () => {
		expect(readAvatarMetadata({ versions: [] })).toBe('');
		expect(readAvatarMetadata({})).toBe('');
		expect(readAvatarMetadata(undefined)).toBe('');
	});

	it.each([{ versions: 'x' }, { versions: [null, 7, { id: 7 }, { id: '../x' }] }])(
		'of nonsense is ignored: %j',
		(content) => {
			expect(readAvatarMetadata(content)).toBeUndefined();
		},
	);
});

it('data, nicknames and visiting cards are what they should be, or nothing', () => {
	expect(readAvatarData({ data: Buffer.from('x') })).toEqual(Uint8Array.of(120));
	expect(readAvatarData({ data: 'x' })).toBeUndefined();
	expect(readNick({ nick: ' Ann ' })).toBe('Ann');
	expect(readNick({ nick: 7 })).toBeUndefined();
	expect(readNick(undefined)).toBe('');
	expect(readNick({ nick: 'x'.repeat(5000) })?.length).toBe(200);
	const long = `${'x'.repeat(199)}😀`;
	expect(readNick({ nick: long })).toBe('x'.repeat(199));
	expect(readVisitingCard({ fullName: long }).name).toBe('x'.repeat(199));
	const photo = { type: 'photo', data: 'eA==' };
	expect(readVisitingCard({ fullName: 'Ann B', records: [photo] })).toEqual({
		name: 'Ann B',
		photo: Uint8Array.of(120),
	});
	const nick = { type: 'nickname', value: 'annie' };
	expect(readVisitingCard({ fullName: 'Ann B', records: [nick] })).toEqual({ name: 'annie' });
	const noPhoto = { records: [{ type: 'photo', data: '!' }] };
	for (const nonsense of [
		undefined,
		null,
		7,
		{ records: 'x' },
		{ records: [null], fullName: [] },
		noPhoto,
	])
		expect(readVisitingCard(nonsense)).toEqual({});
});

describe('the upload service', () => {
	const UPLOAD = 'urn:xmpp:http:upload:0';
	const form = (value: unknown) => ({ fields: [{ name: 'max-file-size', value }] });

	it('says how much it takes', () => {
		const read = (extensions: unknown) =>
			readUploadService('up.a.example', { features: [UPLOAD], extensions });
		expect(read([form('1000')])).toEqual({ jid: 'up.a.example', maxSize: 1000 });
		for (const nonsense of [undefined, 'x', [null], [form('many')], [form('-1')], [form(null)]])
			expect(read(nonsense)).toEqual({ jid: 'up.a.example' });
		expect(readUploadService('a.example', { features: 'x' })).toBeUndefined();
		expect(readUploadService('a.example', undefined)).toBeUndefined();
	});

	it('is found among what a server lists, though some do not answer', async () => {
		const agent = {
			getDiscoItems: async () => ({
				items: [{ jid: 'dead.a.example' }, null, { jid: 7 }, { jid: 'up.a.example' }],
			}),
			async getDiscoInfo(jid: string) {
				if (jid === 'dead.a.example') throw new Error('timeout');
				return { features: jid === 'up.a.example' ? [UPLOAD] : [] };
			},
		};
		const line = { agent: agent as never, own: 'me@a.example', services: [] };
		const services = await fetchServices(line);
		expect(line.services).toEqual(['a.example', 'dead.a.example', '7', 'up.a.example']);
		expect(await findUploadService(agent as never, services)).toEqual({ jid: 'up.a.example' });
	});
});
