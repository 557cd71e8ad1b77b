import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Vault } from '../../src/vault/vault.ts';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import type { XmppServer } from '../../tools/xmpp-server.ts';
import { type Component, type Question, startComponent } from './component.ts';
import { People } from './people.ts';
import type { Person } from './person.ts';
import { startWire, type Wire } from './wire.ts';

/** A real server, and all that is on it. What begins in a test, or before each, ends with that test. */
export interface Home {
	readonly server: ProsodyServer;
	/** The other server, whose addresses are all the test's. */
	readonly far: Component;
	/** Makes an account for somebody new, and signs in; `over`: the server as they reach it. */
	join(name: string, over?: XmppServer, vault?: Vault): Promise<Person>;
	/** A line to the server that hears and changes what passes. */
	wire(): Promise<Wire>;
}

/** The domain of the other server. */
export const FAR = 'far.localhost';
/** Milliseconds that starting the server may take. */
const START_TIME = 60_000;

/** Starts a Prosody before the tests of a file, and ends it after them. To be called before any other hook. */
export function useServer({
	globals = '',
	answer,
}: {
	/** more of its configuration */
	globals?: string;
	/** what the other server answers; there is one if this is given */
	answer?: (question: Question) => string | undefined;
} = {}): Home {
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
	let server: ProsodyServer | undefined;
	let people: People | undefined;
	let far: Component | undefined;
	/** what ends with the file, and what ends with the test; the last first */
	const ofFile: (() => Promise<void>)[] = [];
	const ofTest: (() => Promise<void>)[] = [];
	let isInTest = false;

	const later = (end: () => Promise<void>) => void (isInTest ? ofTest : ofFile).unshift(end);
	async function end(all: (() => Promise<void>)[]): Promise<void> {
		for (const one of all.splice(0)) await one();
	}
	function started<T>(value: T | undefined): T {
		if (value === undefined) throw new Error('there is no server yet, or no other one');
		return value;
	}

	beforeAll(async () => {
		const host = { host: FAR, secret: 'far' };
		server = await startProsody({ folder, globals, components: answer ? [host] : [] });
		people = new People(server);
		if (answer) far = await startComponent(server, host, answer);
	}, START_TIME);
	beforeEach(() => {
		isInTest = true;
	});
	afterEach(async () => {
		isInTest = false;
		await end(ofTest);
	});
	afterAll(async () => {
		await end(ofFile);
		await far?.close();
		await server?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	return {
		get server() {
			return started(server);
		},
		get far() {
			return started(far);
		},
		async join(name, over, vault) {
			const person = await started(people).join(name, over, vault);
			later(async () => person.messenger.close());
			return person;
		},
		async wire() {
			const wire = await startWire(started(server));
			later(wire.close);
			return wire;
		},
	};
}
