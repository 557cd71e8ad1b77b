import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createMutex } from '../../src/core/async/mutex.ts';
import { aesgcmUri, encryptFile } from '../encrypt-file.ts';
import type { XmppAccount, XmppServer } from '../xmpp-server.ts';
import { type DemoPerson, startDemoPerson } from './demo-person.ts';
import { SCENE, type SceneLine } from './scene.ts';

/** Set by the build elsewhere: what lies on this machine is fetched without TLS. */
Object.assign(globalThis, { __LOOPBACK__: true });

const NAMES = { anna: 'Anna Keller', ben: 'Ben Ortiz' } as const;
type Name = keyof typeof NAMES;

/** A line as it is sent; again and again the same, so that who has it already takes it for a repetition. */
interface Spoken {
	readonly by: Name;
	readonly id: string;
	readonly text: string;
}

/**
 * Makes Anna and Ben each other's contacts, and has them say the scene to each device that signs in for the first time: what was
 * encrypted before a device was there is not for it. `folder` keeps what must stay.
 */
export async function startDemo({
	server,
	accounts,
	folder,
}: {
	server: XmppServer;
	accounts: Readonly<Record<Name, XmppAccount>>;
	folder: string;
}): Promise<{ close(): Promise<void> }> {
	mkdirSync(folder, { recursive: true });
	const serial = createMutex();
	const heard: Record<Name, readonly number[]> = { anna: [], ben: [] };
	let people: Record<Name, DemoPerson> | undefined;
	let spoken: readonly Spoken[] = [];

	/** Speaks to whoever came since the last time. */
	const speak = () =>
		serial(async () => {
			if (people === undefined) return;
			const { anna, ben } = people;
			const fresh = [...(await anna.untold(heard.anna)), ...(await ben.untold(heard.ben))];
			if (fresh.length === 0) return;
			// Each may have heard of its own devices only.
			for (const person of [anna, ben]) {
				await person.hear(anna.jid, heard.anna);
				await person.hear(ben.jid, heard.ben);
			}
			for (const { by, ...line } of spoken)
				await people[by].say((by === 'anna' ? ben : anna).jid, line);
		});
	const start = (name: Name) =>
		startDemoPerson({
			server,
			account: accounts[name],
			name: NAMES[name],
			file: path.join(folder, `${name}.json`),
			devices(ids) {
				heard[name] = ids;
				speak().catch(complain);
			},
		});

	const [anna, ben] = await Promise.all([start('anna'), start('ben')]);
	await Promise.all([
		anna.know({ jid: ben.jid, name: NAMES.ben }),
		ben.know({ jid: anna.jid, name: NAMES.anna }),
	]);
	spoken = await prepare(path.join(folder, 'scene.json'), { anna, ben });
	people = { anna, ben };
	await speak();
	return {
		async close() {
			await Promise.all([anna.close(), ben.close()]);
		},
	};
}

/** The scene with its files where they can be fetched; as it was before, if it was. */
async function prepare(
	file: string,
	people: Readonly<Record<Name, DemoPerson>>,
): Promise<readonly Spoken[]> {
	if (existsSync(file)) {
		const before = JSON.parse(readFileSync(file, 'utf8')) as Spoken[];
		if (before.length === SCENE.length) return before;
	}
	const spoken: Spoken[] = [];
	for (const line of SCENE)
		spoken.push({ by: line.by, id: randomUUID(), text: await textOf(line, people[line.by]) });
	writeFileSync(file, JSON.stringify(spoken));
	return spoken;
}

async function textOf(line: SceneLine, person: DemoPerson): Promise<string> {
	if ('text' in line) return line.text;
	const encrypted = await encryptFile(readFileSync(path.join('samples', line.file)));
	const name = `${randomUUID()}${path.extname(line.file)}`;
	return aesgcmUri(await person.put(name, encrypted.bytes), encrypted);
}

/** The demo goes on without it. */
function complain(thrown: unknown): void {
	console.error('  The two accounts could not be told their history:', thrown);
}
