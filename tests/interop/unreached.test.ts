import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { hasEjabberd, startEjabberd } from '../../tools/ejabberd.ts';
import { startProsody } from '../../tools/prosody.ts';
import { eachOrFirst } from '../what-runs.ts';
import { Person } from './person.ts';
import { until } from './until.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-unreached-'));
const SERVERS = [
	['Prosody', startProsody],
	...(hasEjabberd() ? ([['ejabberd', startEjabberd]] as const) : []),
] as const;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(eachOrFirst(SERVERS))(
	'%s says which server it does not reach, and of nobody that they do not exist',
	async (name, start) => {
		const server = await start({ folder: path.join(folder, name) });
		await server.register({ user: 'alice', password: 'alice' });
		const alice = await new Person(server, 'alice').signIn();
		const { messenger } = alice;
		const far = 'nobody@no-such-host.example';
		await messenger.people.addContact('nobody@localhost');
		await messenger.people.addContact(far);
		// Neither has a connection to other servers here.
		await until('why', () => messenger.state.unreached[far] === 'not-allowed');
		expect(messenger.state.contacts['nobody@localhost']?.isPending).toBe(true);
		expect(messenger.state.unreached['nobody@localhost']).toBeUndefined();
		// Asked once more, as servers do when somebody comes back.
		await messenger.people.removeContact(far);
		await until('gone', () => messenger.state.unreached[far] === undefined);
		await messenger.close();
		await server.close();
	},
	60_000,
);
