import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { createBrittleVault } from './brittle-vault.ts';
import { type Component, startComponent } from './component.ts';
import { People } from './people.ts';
import { type Person, until } from './person.ts';
import { startWire, type Wire } from './wire.ts';

/** All of them: STRANGERS=6000 npx vitest run tests/interop/nothing-lost-strangers */
const STRANGERS = Number(process.env['STRANGERS'] ?? 1000);
/** What one of twice as many may cost more. */
const GROWTH = 1.3;
const FAR = { host: 'far.localhost', secret: 'far' };
/** Strangers between two messages of a contact. */
const BETWEEN = 100;

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
let server: ProsodyServer;
let people: People;
let far: Component;
const wires: Wire[] = [];

beforeAll(async () => {
	server = await startProsody({ folder, components: [FAR] });
	people = new People(server);
	far = await startComponent(server, FAR);
}, 60_000);

afterAll(async () => {
	await people?.close();
	for (const wire of wires) await wire.close();
	await far?.close();
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

interface Cost {
	readonly calls: number;
	readonly rows: number;
	readonly conversations: number;
}

/** So many strangers write to somebody, and a contact in between; what that costs. */
async function crowd(count: number): Promise<{ alice: Person; bob: Person; cost: Cost }> {
	const vault = createBrittleVault();
	const wire = await startWire(server);
	wires.push(wire);
	const alice = await people.join('alice', wire.server, vault.open());
	// What the test looks at costs her nothing.
	alice.vault = vault.kept;
	const bob = await people.join('bob');
	await alice.befriend(bob);
	await bob.messenger.send(alice.jid, 'before');
	await alice.received(bob, 'before');
	const { calls, rows } = vault;
	const passed = () => wire.log.filter(({ xml }) => xml.includes('<body>buy ')).length;
	for (let n = 0; n < count; n += BETWEEN) {
		for (let m = n; m < n + BETWEEN; m++)
			far.send(
				`<message from="s${m}.${alice.user}@far.localhost" to="${alice.jid}" type="chat" id="${m}"><body>buy ${m}</body></message>`,
			);
		await until('strangers', () => passed() === n + BETWEEN);
		// All that came before it has been dealt with when this one has.
		await bob.messenger.send(alice.jid, `between ${n}`);
		await alice.received(bob, `between ${n}`);
	}
	const texts = (await alice.allMessages(bob)).map(({ text }) => text);
	const between = Array.from({ length: count / BETWEEN }, (_, n) => `between ${n * BETWEEN}`);
	expect(texts).toEqual(['before', ...between]);
	const cost = {
		calls: vault.calls - calls,
		rows: vault.rows - rows,
		conversations: alice.messenger.state.conversations.length,
	};
	return { alice, bob, cost };
}

it(`${2 * STRANGERS} strangers cost no more each than ${STRANGERS}, and become no ${STRANGERS} conversations`, async () => {
	const { cost: one } = await crowd(STRANGERS);
	const { alice, bob, cost: two } = await crowd(2 * STRANGERS);
	console.log(one, two);
	expect(two.calls).toBeLessThan(2 * GROWTH * one.calls);
	expect(two.rows).toBeLessThan(2 * GROWTH * one.rows);
	// It does not depend on how many they are.
	expect(two.conversations).toBeLessThan(STRANGERS);
	expect(two.conversations).toBeLessThan(one.conversations * GROWTH);
	// Whom one knows is not pushed out, and one can go on with them; also the next time.
	const has = () => alice.messenger.state.conversations.some(({ peer }) => peer === bob.jid);
	expect(has()).toBe(true);
	await alice.messenger.close();
	await alice.signIn();
	expect(has()).toBe(true);
	expect(alice.messenger.state.conversations.length).toBeLessThan(one.conversations * GROWTH);
	await alice.messenger.send(bob.jid, 'an answer');
	await bob.received(alice, 'an answer');
}, 600_000);
