import { expect, it } from 'vitest';
import type { Connection } from '../../../src/xmpp/connection.ts';
import { readUploadSlot, requestUploadSlot } from '../../../src/xmpp/extensions/upload.ts';
import { golden } from './support.ts';

const SERVICE = { jid: 'upload.a.example' };
const FILE = { name: 'f00d.jpg', size: 23456 };
const ask = (line: Connection) => line.upload.requestSlot(SERVICE, FILE);
const limited = { ...SERVICE, maxSize: 23455 };

golden('0363-upload', {
	found: {
		does: (line) => line.upload.findService(),
		gives: { jid: 'upload.a.example', maxSize: 104857600 },
	},
	slot: {
		does: ask,
		gives: {
			put: new URL('https://upload.a.example/4a/f00d.jpg'),
			get: new URL('https://files.b.example/4a/f00d.jpg'),
			headers: {},
		},
	},
	'slot-with-headers': {
		does: ask,
		gives: {
			put: new URL('https://upload.a.example/4a/f00d.jpg'),
			get: new URL('https://upload.a.example/4a/f00d.jpg?v=1'),
			headers: { Authorization: 'Bearerabc', Expires: 'Wed, 21 Oct 2026' },
		},
	},
	'slot-insecure': { does: ask, throws: { code: 'slot-invalid' } },
	'slot-with-fragment': { does: ask, throws: { code: 'slot-invalid' } },
	'slot-with-cookie': {
		does: ask,
		throws: { code: 'slot-cookie', detail: { host: 'upload.a.example' } },
	},
	'slot-empty': { does: ask, throws: { code: 'slot-invalid' } },
	'too-large': {
		does: ask,
		throws: { code: 'too-large', detail: { limit: 20000, text: 'File too large.' } },
	},
	quota: {
		does: ask,
		throws: { code: 'quota', detail: { retryAt: Date.UTC(2026, 11, 3, 23, 42, 5) } },
	},
	refused: { does: ask, throws: { code: 'forbidden' } },
	'above-the-limit': {
		does: (line) => line.upload.requestSlot(limited, FILE),
		throws: { code: 'too-large', detail: { limit: 23455 } },
	},
});

it.each([
	['nothing', undefined],
	['text', 'slot'],
	['an address with a password in it', slot('https://a:b@upload.example/f')],
	['another scheme', slot('ftp://upload.example/f')],
	['no address', slot('upload')],
	['an empty fragment', slot('https://upload.example/f#')],
])('a slot that is %s is refused', (_, value) => {
	expect(() => readUploadSlot(value)).toThrow(expect.objectContaining({ code: 'slot-invalid' }));
});

function slot(download: string) {
	return { upload: { url: 'https://upload.example/f' }, download };
}

it.each([
	['cancel', 'remote-server-timeout', 'slot-timeout'],
	['cancel', 'recipient-unavailable', 'slot-timeout'],
	['wait', 'internal-server-error', 'slot-timeout'],
	['wait', 'resource-constraint', 'quota'],
	['cancel', 'internal-server-error', 'slot-refused'],
	['cancel', 'remote-server-not-found', 'slot-refused'],
	['modify', 'not-acceptable', 'slot-refused'],
	['auth', 'forbidden', 'forbidden'],
])('a refusal of type %s with %s is %s', async (type, condition, code) => {
	const agent = { getUploadSlot: () => Promise.reject({ error: { type, condition } }) };
	await expect(requestUploadSlot(agent, SERVICE, FILE)).rejects.toMatchObject({ code });
});

it('no answer stays what it is', async () => {
	const thrown = { error: { condition: 'timeout' } };
	const agent = { getUploadSlot: () => Promise.reject(thrown) };
	await expect(requestUploadSlot(agent, SERVICE, FILE)).rejects.toBe(thrown);
});
