import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOmemoRows } from '../../../src/omemo/omemo-rows.ts';
import { pass, passUntil, quiet } from './pass-time.ts';
import { Client, Failure, Server } from './support.ts';

const A = 'alice@a.example';
const B = 'bob@b.example';
const C = 'carol@c.example';
const MINUTE = 60_000;
/** Milliseconds after which the connection gives a request up. */
const TIMEOUT = 15_000;

let server: Server;
let alice: Client;
let bob: Client;
beforeEach(async () => {
	server = new Server();
	alice = await new Client(server, A).start();
	bob = await new Client(server, B).start();
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => void vi.useRealTimers());

const wait = (milliseconds: number) =>
	new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const never = () => new Promise<never>(() => undefined);
const silent = async () => {
	await wait(TIMEOUT);
	throw new Failure('passing');
};
const refuses = (kind: 'offline' | 'passing' | 'permanent') => async () => {
	throw new Failure(kind);
};

/** Another device of an account, which does what a gate says. */
async function second(account: string, gate: () => Promise<undefined>): Promise<number> {
	const device = await new Client(server, account).start();
	const id = device.omemo.deviceId ?? 0;
	server.bundleGates.set(`${account}/${id}`, gate);
	if (account === A) await alice.omemo.listChanged(A, server.lists.get(A) ?? []);
	return id;
}

async function failureIn(work: Promise<unknown>) {
	return work.then(
		() => expect.unreachable(),
		(thrown: unknown) => thrown as Error & { code?: string },
	);
}

describe('a device whose keys cannot be had', () => {
	it.each([
		['refuses', refuses('permanent'), 'refused'],
		['cannot just now', refuses('passing'), 'passing'],
	] as const)('%s: the others are written to, and it is named', async (_, gate, leftOut) => {
		const id = await second(B, gate);
		const sent = await alice.encrypt(B, 'hello');
		expect((await bob.decrypt(A, sent)).text).toBe('hello');
		expect(alice.leftOut).toEqual([{ jid: B, id }]);
		const devices = await alice.omemo.devices(B);
		expect(devices.find((device) => device.id === id)).toMatchObject({ leftOut });
		expect(devices.filter((device) => device.leftOut !== undefined).length).toBe(1);
	});

	it('is malformed or missing: the others are written to', async () => {
		const [bad, none] = [await second(B, never), await second(B, never)];
		const bundle = server.bundles.get(`${B}/${bad}`);
		if (bundle === undefined) expect.unreachable();
		server.bundleGates.set(`${B}/${bad}`, async () => ({
			...bundle,
			signedPreKey: { ...bundle.signedPreKey, publicKey: new Uint8Array(3) },
		}));
		server.bundleGates.delete(`${B}/${none}`);
		server.bundles.delete(`${B}/${none}`);
		await alice.encrypt(B, 'hello');
		expect(alice.leftOut.map(({ id }) => id)).toEqual([bad, none]);
		const devices = await alice.omemo.devices(B);
		expect(devices.map(({ leftOut }) => leftOut)).toEqual([undefined, 'invalid', 'missing']);
	});

	it.each([
		['of the contact', B],
		['of our own', A],
	])(
		'is silent, %s: the message goes out after five seconds, the next ones at once',
		async (_, owner) => {
			const id = await second(owner, silent);
			const sending = alice.encrypt(B, 'hello');
			expect(await passUntil(sending, TIMEOUT)).toBe(5000);
			expect((await bob.decrypt(A, await sending)).text).toBe('hello');
			expect(alice.leftOut).toEqual([{ jid: owner, id }]);
			expect(await passUntil(alice.encrypt(B, 'again'), TIMEOUT)).toBe(0);
			expect(alice.leftOut).toEqual([{ jid: owner, id }]);
			await pass(TIMEOUT);
			expect((await alice.omemo.devices(owner)).find((device) => device.id === id)?.leftOut).toBe(
				'passing',
			);
			// One request for all of them.
			expect(await passUntil(alice.encrypt(B, 'at once'), TIMEOUT)).toBe(0);
			expect(server.fetches).toBe(2);
		},
	);

	it('that answers late has a session from then on, also after its time was over', async () => {
		for (const late of [8000, 60_000]) {
			const id = await second(B, async () => {
				await wait(late);
				return undefined;
			});
			await passUntil(alice.omemo.listChanged(B, server.lists.get(B) ?? []), 0);
			await passUntil(alice.encrypt(B, 'hello'), TIMEOUT);
			expect(alice.leftOut).toEqual([{ jid: B, id }]);
			await pass(late);
			await passUntil(alice.encrypt(B, 'again'), 0);
			expect(alice.leftOut).toEqual([]);
			expect((await alice.omemo.devices(B)).every((device) => device.leftOut === undefined)).toBe(
				true,
			);
		}
	});

	it('is tried again after a minute, five, thirty, an hour, and then each hour', async () => {
		const id = await second(B, refuses('permanent'));
		await alice.encrypt(B, 'first');
		const fetches: number[] = [];
		for (let minute = 1; minute <= 160; minute++) {
			alice.time += MINUTE;
			const before = server.fetches;
			await alice.encrypt(B, 'again');
			if (server.fetches > before) fetches.push(minute);
		}
		expect(fetches).toEqual([1, 6, 36, 96, 156]);
		server.bundleGates.clear();
		alice.time += 60 * MINUTE;
		const sent = await alice.encrypt(B, 'back');
		expect(sent.keys.map(({ rid }) => rid)).toContain(id);
		expect(alice.leftOut).toEqual([]);
	});

	it('is tried again at once when a list is pushed, and is back when it writes', async () => {
		const carol = await new Client(server, B).start();
		const id = carol.omemo.deviceId ?? 0;
		server.bundleGates.set(`${B}/${id}`, refuses('passing'));
		await alice.encrypt(B, 'first');
		expect(alice.leftOut).toEqual([{ jid: B, id }]);
		await alice.decrypt(B, await carol.encrypt(A, 'here I am'));
		await alice.encrypt(B, 'second');
		expect(alice.leftOut).toEqual([]);
		const other = await second(B, refuses('passing'));
		await alice.omemo.listChanged(B, server.lists.get(B) ?? []);
		await alice.encrypt(B, 'third');
		expect(alice.leftOut).toEqual([{ jid: B, id: other }]);
		server.bundleGates.clear();
		await alice.omemo.listChanged(B, server.lists.get(B) ?? []);
		await alice.encrypt(B, 'fourth');
		expect(alice.leftOut).toEqual([]);
	});

	it('is not marked because we are offline, nor is the message sent without it', async () => {
		const id = await second(B, refuses('offline'));
		expect((await failureIn(alice.encrypt(B, 'x'))).message).toBe('offline');
		expect((await alice.omemo.devices(B)).find((device) => device.id === id)).toEqual({
			id,
			active: true,
			isThis: false,
		});
		server.bundleGates.clear();
		expect((await alice.encrypt(B, 'online')).keys.length).toBe(2);
	});

	it('is left out until a time that is yet to come only while the clock was ahead', async () => {
		const id = await second(B, refuses('permanent'));
		alice.time += 365 * 24 * 60 * MINUTE;
		await alice.encrypt(B, 'in a year');
		alice.time -= 365 * 24 * 60 * MINUTE;
		server.bundleGates.clear();
		expect((await alice.encrypt(B, 'now')).keys.map(({ rid }) => rid)).toContain(id);
	});

	it('of an old row, which says no reason, is waited for as before', async () => {
		const id = await second(B, refuses('permanent'));
		await alice.encrypt(B, 'one');
		const rows = createOmemoRows(alice.vault.chat, A);
		const peer = await rows.peer(B);
		const devices = peer.devices.map((device) =>
			device.id === id ? { id, active: true, failedAt: alice.time } : device,
		);
		await rows.write([await rows.putPeer(B, { ...peer, devices })]);
		const before = server.fetches;
		await alice.encrypt(B, 'two');
		expect(server.fetches).toBe(before);
		expect(alice.leftOut).toEqual([{ jid: B, id }]);
	});
});

describe('a contact none of whose devices can be reached', () => {
	it('may be tried again if one may come back, and says why', async () => {
		server.bundleGates.set(`${B}/${bob.omemo.deviceId}`, refuses('passing'));
		await second(B, refuses('permanent'));
		for (let tries = 0; tries < 3; tries++) {
			const error = await failureIn(alice.encrypt(B, 'x'));
			expect(error).toMatchObject({ code: 'unavailable', cause: { kind: 'passing' } });
		}
		// Each time all of them were asked: nobody else is left.
		expect(server.fetches).toBe(6);
		server.bundleGates.clear();
		expect((await alice.encrypt(B, 'back')).keys.length).toBe(2);
	});

	it('has no devices if all have failed for good', async () => {
		server.bundleGates.set(`${B}/${bob.omemo.deviceId}`, refuses('permanent'));
		expect(await failureIn(alice.encrypt(B, 'x'))).toMatchObject({ code: 'no-devices' });
	});

	it('is waited for as long as the connection waits, and while others are written to', async () => {
		server.bundleGates.set(`${B}/${bob.omemo.deviceId}`, silent);
		await new Client(server, C).start();
		await alice.omemo.listChanged(C, server.lists.get(C) ?? []);
		const sending = failureIn(alice.encrypt(B, 'x'));
		expect(await passUntil(alice.encrypt(C, 'to carol'), 0)).toBe(0);
		expect(await passUntil(sending, 20_000)).toBe(TIMEOUT);
		expect(await sending).toMatchObject({ code: 'unavailable' });
	});

	it('takes what is slow together: the second device comes right behind the first', async () => {
		const slow = (time: number) => async () => {
			await wait(time);
			return undefined;
		};
		server.bundleGates.set(`${B}/${bob.omemo.deviceId}`, slow(7000));
		await second(B, slow(7500));
		const sending = alice.encrypt(B, 'x');
		await passUntil(sending, TIMEOUT);
		expect((await sending).keys.length).toBe(2);
		expect(alice.leftOut).toEqual([]);
	});

	it('with a hundred silent devices ends in time, and one among them is found', async () => {
		const good = bob.omemo.deviceId ?? 0;
		const ids = Array.from({ length: 99 }, (_, at) => 5_000_000 + at);
		for (const id of ids) server.bundleGates.set(`${B}/${id}`, never);
		server.lists.set(B, [...ids, good]);
		const sending = alice.encrypt(B, 'x');
		expect(await passUntil(sending, 20_000)).toBeLessThanOrEqual(15_000);
		expect((await sending).keys.map(({ rid }) => rid)).toEqual([good]);
		expect(alice.leftOut.length).toBe(99);
		expect(await passUntil(alice.encrypt(B, 'y'), 0)).toBe(0);
		await pass(20_000);
		expect(
			(await alice.omemo.devices(B)).filter(({ leftOut }) => leftOut === 'passing').length,
		).toBe(99);
		expect(server.fetches).toBe(100);
	});

	it('that names an id twice is written to once', async () => {
		const id = bob.omemo.deviceId ?? 0;
		server.lists.set(B, [id, id, id]);
		expect((await alice.encrypt(B, 'x')).keys.length).toBe(1);
		expect(server.fetches).toBe(1);
	});

	it('is asked for once by messages that come together', async () => {
		server.listFetches.length = 0;
		const sent = await Promise.all(['one', 'two', 'three'].map((text) => alice.encrypt(B, text)));
		expect(server.fetches).toBe(1);
		expect(server.listFetches).toEqual([B]);
		for (const element of sent) await bob.decrypt(A, element);
	});
});

describe('a device list', () => {
	it('that is not known and refused fails as the server says', async () => {
		server.listGates.set(B, refuses('permanent'));
		expect(await failureIn(alice.encrypt(B, 'x'))).toMatchObject({ kind: 'permanent' });
		server.listGates.set(B, refuses('offline'));
		expect(await failureIn(alice.encrypt(B, 'x'))).toMatchObject({ kind: 'offline' });
		server.listGates.set(B, refuses('passing'));
		expect(await failureIn(alice.encrypt(B, 'x'))).toMatchObject({
			code: 'unavailable',
			cause: { kind: 'passing' },
		});
		server.listGates.clear();
		await alice.encrypt(B, 'x');
	});

	it('that never comes ends the wait', async () => {
		server.listGates.set(B, never);
		const sending = failureIn(alice.encrypt(B, 'x'));
		expect(await passUntil(sending, 30_000)).toBe(20_000);
		expect(await sending).toMatchObject({ code: 'unavailable' });
	});

	it('that is known does while a newer one does not come, and is asked for again after a while', async () => {
		await alice.encrypt(B, 'one');
		await alice.omemo.start();
		server.listGates.set(B, silent);
		server.listFetches.length = 0;
		expect(await passUntil(alice.encrypt(B, 'two'), TIMEOUT)).toBe(5000);
		expect(await passUntil(alice.encrypt(B, 'three'), TIMEOUT)).toBe(0);
		await pass(TIMEOUT);
		expect(await passUntil(alice.encrypt(B, 'four'), TIMEOUT)).toBe(0);
		expect(server.listFetches).toEqual([B]);
		server.listGates.clear();
		alice.time += 5 * MINUTE;
		const other = await new Client(server, B).start();
		server.listFetches.length = 0;
		const sent = await alice.encrypt(B, 'five');
		expect(server.listFetches).toEqual([B]);
		expect(sent.keys.map(({ rid }) => rid)).toContain(other.omemo.deviceId);
	});

	it('of our own that is refused stops no message', async () => {
		await alice.encrypt(B, 'one');
		server.listGates.set(A, refuses('permanent'));
		await alice.omemo.start().catch(() => undefined);
		expect((await alice.encrypt(B, 'two')).keys.length).toBe(1);
	});

	it('that was empty is asked for again', async () => {
		const ids = server.lists.get(B) ?? [];
		server.lists.delete(B);
		expect(await failureIn(alice.encrypt(B, 'x'))).toMatchObject({ code: 'no-devices' });
		server.lists.set(B, ids);
		expect((await alice.encrypt(B, 'x')).keys.length).toBe(1);
	});
});

describe('a broken session', () => {
	it('is mended as soon as that can be, once an hour, whatever the clock was', async () => {
		await alice.encrypt(B, 'one');
		const id = bob.omemo.deviceId ?? 0;
		let healed = 0;
		const heal = () =>
			alice.omemo.heal(B, id, async (_, writes) => {
				await alice.vault.chat.write(writes);
				healed += 1;
			});
		server.bundleGates.set(`${B}/${id}`, refuses('offline'));
		await heal().catch(() => undefined);
		server.bundleGates.clear();
		alice.time += 24 * 60 * MINUTE;
		await Promise.all([heal(), heal(), heal()]);
		expect(healed).toBe(1);
		alice.time -= 24 * 60 * MINUTE;
		await heal();
		await heal();
		expect(healed).toBe(2);
		alice.time += 60 * MINUTE;
		await heal();
		expect(healed).toBe(3);
	});
});

describe('a note to self', () => {
	it('is for nobody else where this device is the only one', async () => {
		expect((await alice.encrypt(A, 'milk')).keys).toEqual([]);
		const id = await second(A, refuses('passing'));
		expect(await failureIn(alice.encrypt(A, 'milk'))).toMatchObject({ code: 'unavailable' });
		server.bundleGates.clear();
		expect((await alice.encrypt(A, 'milk')).keys.map(({ rid }) => rid)).toEqual([id]);
	});
});

describe('after it was closed', () => {
	it('nothing is written any more', async () => {
		const answers: (() => void)[] = [];
		const asked = async (): Promise<undefined> => {
			await new Promise<void>((resolve) => answers.push(resolve));
		};
		await new Client(server, C).start();
		server.listGates.set(C, asked);
		await second(B, asked);
		void alice.encrypt(C, 'x').catch(() => undefined);
		await passUntil(alice.encrypt(B, 'x'), TIMEOUT);
		alice.omemo.close();
		const write = vi.spyOn(alice.vault.chat, 'write');
		expect(answers.length).toBe(2);
		for (const answer of answers) answer();
		await quiet();
		expect(write).not.toHaveBeenCalled();
	});
});
