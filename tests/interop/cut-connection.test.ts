import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { times } from '../what-runs.ts';
import { type CuttingLine, startCuttingLine } from './cutting-line.ts';
import { Person, until } from './person.ts';

/** More for a long look: CUTS=500 MESSAGES=5000 npx vitest run tests/interop/cut-connection */
const CUTS = Number(process.env['CUTS'] ?? times(100, 15));
const MESSAGES = Number(process.env['MESSAGES'] ?? times(1000, 150));

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
let server: ProsodyServer;
let line: CuttingLine;

beforeAll(async () => {
	const users = ['alice', 'bob'];
	server = await startProsody({
		folder,
		accounts: users.map((user) => ({ user, password: user })),
	});
	line = await startCuttingLine(server.httpPort);
}, 60_000);

afterAll(async () => {
	await line?.close();
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

it(`loses, doubles and reorders none of ${2 * MESSAGES} messages over a line that is cut ${CUTS} times`, async () => {
	const over = { ...server, websocket: `ws://localhost:${line.port}/xmpp-websocket` };
	const [alice, bob] = [new Person(over, 'alice'), new Person(over, 'bob')];
	await alice.signIn();
	await bob.signIn();
	await alice.messenger.people.addContact(bob.jid);
	await until('request', () => bob.messenger.state.requests.includes(alice.jid));
	bob.messenger.people.answerRequest(alice.jid, true);

	let isTalking = true;
	const talk = async (from: Person, to: Person, who: string) => {
		for (let n = 0; n < MESSAGES; n++) {
			await from.messenger.messages.send(to.jid, `${who} ${n}`);
			await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
		}
	};
	const cutting = (async () => {
		for (let cuts = 0; cuts < CUTS; cuts++) {
			await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
			line.cut();
			await until('cut', () => alice.messenger.state.connection !== 'online');
			for (const { messenger } of [alice, bob]) messenger.wake();
			await until(
				'back',
				() => {
					for (const { messenger } of [alice, bob]) messenger.wake();
					return [alice, bob].every(({ messenger }) => messenger.state.connection === 'online');
				},
				60_000,
			);
		}
		isTalking = false;
	})();
	await Promise.all([talk(alice, bob, 'a'), talk(bob, alice, 'b'), cutting]);
	expect(isTalking).toBe(false);
	await Promise.all([alice.online(), bob.online()]);
	for (const [from, to, who] of [
		[alice, bob, 'a'],
		[bob, alice, 'b'],
	] as const) {
		let seen = '';
		const look = async () => {
			const all = (await to.allMessages(from)).filter(({ isOwn }) => !isOwn);
			const sent = (await from.allMessages(to)).filter(({ isOwn }) => isOwn);
			const waiting = sent.filter(({ state }) => state === 'waiting');
			const failed = sent.filter(({ state }) => state === 'failed');
			const states = [from, to].map(({ messenger }) => messenger.state.connection);
			seen = `${all.length} came, ${waiting.length} wait, from ${waiting[0]?.text}, ${failed.length} failed: ${failed[0]?.problem}; ${states}`;
			return all.length >= MESSAGES && waiting.length === 0 && all;
		};
		// A look reads thousands of rows: more of them would take the time that both need to catch up.
		const theirs = await until(() => `all of ${who}: ${seen}`, look, 120_000, 1000);
		const wanted = Array.from({ length: MESSAGES }, (_, n) => `${who} ${n}`);
		expect(theirs.map(({ text, problem }) => text ?? problem)).toEqual(wanted);
		expect(theirs.every(({ isEncrypted }) => isEncrypted)).toBe(true);
	}
	await alice.messenger.close();
	await bob.messenger.close();
}, 600_000);
