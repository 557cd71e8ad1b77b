import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startProsody } from '../../tools/prosody.ts';
import { freePort, type XmppServer } from '../../tools/xmpp-server.ts';
import { Person, until } from './person.ts';
import { Profanity } from './profanity.ts';
import { startTlsFront, type TlsFront } from './tls-front.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
let front: TlsFront;
let server: XmppServer;
let alice: Person;
let carol: Profanity;

beforeAll(async () => {
	const httpPort = await freePort();
	front = await startTlsFront(path.join(folder, 'certificates'), httpPort);
	const accounts = ['alice', 'carol'].map((user) => ({ user, password: user }));
	server = await startProsody({ folder, accounts, httpPort, uploadPort: front.port });
	alice = await new Person(server, 'alice').signIn();
	carol = await Profanity.start(server, 'carol', 'carol');
	await carol.trustCertificates(front.certificates);
	await alice.messenger.people.addContact(carol.jid);
	await carol.type(`/sub allow ${alice.jid}`);
	await carol.type(`/sub request ${alice.jid}`);
	await until('contacts', () => {
		const contact = alice.messenger.state.contacts[carol.jid];
		return contact?.subscription === 'both';
	});
}, 90_000);

afterAll(async () => {
	carol?.close();
	await alice?.messenger.close();
	await server?.close();
	await front?.close();
	rmSync(folder, { recursive: true, force: true });
});

it('Profanity downloads and decrypts what Balcony sent, byte for byte', async () => {
	await alice.messenger.messages.send(carol.jid, 'a file comes');
	await carol.type(`/msg ${alice.jid}`);
	await carol.shows('a file comes');
	for (const [index, size] of [1, 70_000, 300_001, 2_000_000].entries()) {
		const bytes = randomBytes(size);
		const blob = new Blob([new Uint8Array(bytes)]);
		await alice.messenger.files.share(carol.jid, [{ blob, name: `file ${index}.bin` }]);
		const said = await until('said', async () =>
			(await alice.messages(carol)).filter(({ text = '' }) => text.startsWith('aesgcm:')).at(index),
		);
		const got = await carol.download(said.text ?? '', size);
		expect(got.equals(bytes)).toBe(true);
	}
}, 90_000);
