import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
	type Connection,
	type ConnectionEvents,
	makeConnection,
} from '../../../src/xmpp/connection.ts';

let calls: unknown[][];
let isMissing: boolean;
let mistake: Error | undefined;
let told: unknown[][];
let connection: Connection;

vi.mock('../../../src/xmpp/stanza-connection.ts', () => ({
	get makeStanzaConnection() {
		if (isMissing) throw new TypeError('not loaded');
		if (mistake !== undefined)
			return () => {
				throw mistake;
			};
		return () =>
			new Proxy(
				{},
				{
					get: (_, name) =>
						name === 'stanzaLimit'
							? 10_000
							: name === 'archive'
								? { fetch: async () => 'a page' }
								: (...given: unknown[]) => {
										calls.push([name, ...given]);
										return Promise.resolve('an answer');
									},
				},
			);
	},
}));

beforeEach(() => {
	vi.useFakeTimers();
	[calls, told, isMissing, mistake] = [[], [], false, undefined];
});

/** Makes one, whose stanza begins to load. */
function make(): void {
	const events = { state: (...given: unknown[]) => void told.push(given) };
	connection = makeConnection({
		account: 'me@a.example',
		password: 'a secret',
		url: 'wss://a.example/',
		events: events as unknown as ConnectionEvents,
	});
}
afterEach(() => vi.useRealTimers());
const loaded = () => vi.advanceTimersByTimeAsync(1);

it('is one that is offline until stanza is there, and then connects', async () => {
	make();
	const { send, archive } = connection;
	connection.connect('web');
	expect(told).toEqual([['connecting', false]]);
	expect(() => send({ id: 'a', to: 'you@a.example', store: true })).toThrow('offline');
	await expect(archive.fetch({})).rejects.toMatchObject({ code: 'offline' });
	expect(connection.stanzaLimit).toBe(65_536);
	await expect(connection.roster.accept('you@a.example')).rejects.toThrow('offline');
	await loaded();
	expect(calls).toEqual([['connect', 'web']]);
	expect(connection.stanzaLimit).toBe(10_000);
	expect(await archive.fetch({})).toBe('a page');
});

it('does not connect if it was closed before', async () => {
	make();
	connection.connect('web');
	await connection.close();
	await loaded();
	expect(calls).toEqual([]);
	expect(told.at(-1)).toEqual(['offline', false]);
});

it('tries again after a while, and when it is woken', async () => {
	isMissing = true;
	make();
	connection.connect('web');
	await loaded();
	expect(told.at(-1)).toEqual(['offline', false]);
	await vi.advanceTimersByTimeAsync(5000);
	expect(told.slice(-2)).toEqual([
		['connecting', false],
		['offline', false],
	]);
	isMissing = false;
	connection.wake();
	await loaded();
	expect(calls).toEqual([['connect', 'web']]);
});

it('tells the server that nobody looks also where that was said before stanza was there', async () => {
	make();
	connection.setActive(false);
	connection.connect('web');
	await loaded();
	expect(calls).toEqual([
		['setActive', false],
		['connect', 'web'],
	]);
});

it('that was closed before stanza was there does not come back', async () => {
	make();
	isMissing = true;
	connection.connect('web');
	await loaded();
	await connection.close();
	isMissing = false;
	connection.wake();
	await vi.advanceTimersByTimeAsync(60_000);
	expect(told.at(-1)).toEqual(['offline', false]);
	expect(calls).toEqual([]);
});

it('a mistake of ours is reported, and not tried again as if there were no network', async () => {
	const reported: unknown[] = [];
	vi.stubGlobal('reportError', (thrown: unknown) => reported.push(thrown));
	mistake = new TypeError('no such method');
	make();
	connection.connect('web');
	await loaded();
	await vi.advanceTimersByTimeAsync(60_000);
	vi.unstubAllGlobals();
	expect(reported).toEqual([mistake]);
	expect(told).toEqual([
		['connecting', false],
		['offline', false],
	]);
});
