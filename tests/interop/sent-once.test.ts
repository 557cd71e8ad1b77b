import { expect, it } from 'vitest';
import { createBrittleVault } from './brittle-vault.ts';
import { until } from './person.ts';
import { useServer } from './use-server.ts';

const COUNT = 60;

const home = useServer();

it('each message passes once over a line that does not break, however slow the disk is', async () => {
	const vault = createBrittleVault();
	const wire = await home.wire();
	const alice = await home.join('alice', wire.server, vault.open());
	const bob = await home.join('bob');
	await alice.befriend(bob);
	// As long as a disk takes that is busy: what is acknowledged is not written down at once.
	vault.slow(10);
	for (let n = 0; n < COUNT; n++) {
		await alice.messenger.messages.send(bob.jid, `${n}`);
		await bob.messenger.messages.send(alice.jid, `back ${n}`);
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
