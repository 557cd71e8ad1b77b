import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cleanBlob, withTablePlace } from '../../src/chat/files/clean-blob.ts';
import { sourceOfBlob } from '../../src/media/keep-file.ts';
import { tablePlaceOf } from '../../src/media/table-writer.ts';
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

it('a video with a table of tags is for Profanity what it is for everybody, and plays', async () => {
	const file = (name: string) => path.join(folder, name);
	const ffmpeg = (...words: string[]) => execFileSync('ffmpeg', ['-v', 'error', ...words]);
	const noise = 'testsrc2=s=320x180:r=25:d=4,noise=alls=60:allf=t';
	const h264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -b:v 4M'.split(' ');
	ffmpeg('-f', 'lavfi', '-i', noise, ...h264, file('video.mp4'));
	const video = new Blob([Uint8Array.from(readFileSync(file('video.mp4')))]);
	const clean = await cleanBlob(video, 'video/mp4');
	if (clean === undefined) throw new Error('not cleaned');
	const blob = await withTablePlace(clean, 'video/mp4');
	const { offset = 0, length = 0 } = (await tablePlaceOf(sourceOfBlob(blob))) ?? {};
	expect(length).toBeGreaterThan(64);

	const before = (await alice.messages(carol)).length;
	await alice.messenger.files.share(carol.jid, [{ blob, name: 'video.mp4' }]);
	const said = await until('said', async () =>
		(await alice.messages(carol)).slice(before).find(({ text = '' }) => text.startsWith('aesgcm:')),
	);
	const got = await carol.download(said.text ?? '', blob.size);
	const sent = Buffer.from(await blob.arrayBuffer());
	expect(got.subarray(offset, offset + 8).toString()).toBe('SEGTAGS1');
	const rest = (bytes: Buffer) =>
		Buffer.concat([bytes.subarray(0, offset), bytes.subarray(offset + length)]);
	expect(rest(got).equals(rest(sent))).toBe(true);
	writeFileSync(file('got.mp4'), got);
	const frames = (name: string) =>
		String(ffmpeg('-xerror', '-i', file(name), '-f', 'framemd5', '-'));
	expect(frames('got.mp4')).toBe(frames('video.mp4'));
}, 90_000);
