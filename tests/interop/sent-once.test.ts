import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { createBrittleVault } from './brittle-vault.ts';
import { People } from './people.ts';
import { until } from './person.ts';
import { startWire, type Wire } from './wire.ts';

const COUNT = 60;

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
let server: ProsodyServer;
let people: People;
let wire: Wire;

beforeAll(async () => {
	server = await startProsody({ folder });
	people = new People(server);
	wire = await startWire(server);
}, 60_000);

afterAll(async () => {
	await people?.close();
	await wire?.close();
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

it('each message passes once over a line that does not break, however slow the disk is', async () => {
	const vault = createBrittleVault();
	const alice = await people.join('alice', wire.server, vault.open());
	const bob = await people.join('bob');
	await alice.befriend(bob);
	// As long as a disk takes that is busy: what is acknowledged is not written down at once.
	vault.slow(10);
	for (let n = 0; n < COUNT; n++) {
		await alice.messenger.send(bob.jid, `${n}`);
		await bob.messenger.send(alice.jid, `back ${n}`);
	}
	await until('all', async () => {
		const own = (await alice.allMessages(bob)).filter(({ isOwn }) => isOwn);
		return own.every(({ state }) => state === 'delivered');
	});
	const ids = wire.log.flatMap(({ from, xml }) =>
		from === 'client' && xml.startsWith('<message') && xml.includes('<payload>')
			? [/\bid="([^"]*)"/.exec(xml)?.[1]]
			: [],
	);
	expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
	expect(ids.length).toBe(COUNT);
});
