import { beforeEach, describe, expect, it } from 'vitest';
import { createOmemoRows } from '../../../src/omemo/omemo-rows.ts';
import { Client, Failure, Forger, Server } from './support.ts';

const A = 'alice@a.example';
const B = 'bob@b.example';
const HOUR = 60 * 60 * 1000;

let server: Server;
let alice: Client;
let bob: Client;
let sid: number;
let mallory: Forger;
beforeEach(async () => {
	server = new Server();
	alice = await new Client(server, A).start();
	bob = await new Client(server, B).start();
	sid = bob.omemo.deviceId ?? 0;
	mallory = new Forger(server, B);
});

const seeList = () => alice.omemo.listChanged(B, server.lists.get(B) ?? []);
const judge = async (fingerprint: string, trust: 'verified' | 'distrusted') =>
	alice.omemo.setTrust(B, fingerprint, trust);
/** Something of mallory's comes under the id of a device whose keys alice has not fetched. */
const forgeFirst = async (id: number) =>
	alice.decrypt(B, await mallory.forge(alice, 'it is me', id));

/** What alice holds of the keys under one id, the one in use first. */
async function held(id: number) {
	return (await alice.omemo.devices(B))
		.filter((device) => device.id === id)
		.map(({ fingerprint, trust }) => [fingerprint, trust]);
}

/** A second device of bob's, on the list, whose keys alice has not fetched. */
async function laptopOf(): Promise<{ laptop: Client; id: number }> {
	const laptop = await new Client(server, B).start();
	await seeList();
	return { laptop, id: laptop.omemo.deviceId ?? 0 };
}

describe('a forged beginning under an id whose keys were never fetched', () => {
	it('is not written to: the published keys decide', async () => {
		await seeList();
		server.fetches = 0;
		await forgeFirst(sid);
		expect(server.fetches).toBe(0);
		const sent = await alice.encrypt(B, 'secret');
		expect((await bob.decrypt(A, sent)).text).toBe('secret');
		expect(await held(sid)).toEqual([
			[await bob.fingerprint(), 'blind'],
			[await mallory.fingerprint(), 'blind'],
		]);
		await alice.encrypt(B, 'again');
		expect(server.fetches).toBe(1);
	});

	it('does not stand in the way of a key that was verified by what somebody named', async () => {
		await seeList();
		await alice.omemo.verify(B, [{ id: sid, fingerprint: await bob.fingerprint() }]);
		await forgeFirst(sid);
		const sent = await alice.encrypt(B, 'secret');
		expect((await bob.decrypt(A, sent)).text).toBe('secret');
		expect((await held(sid))[0]).toEqual([await bob.fingerprint(), 'verified']);
	});

	it('is not to blame while the published keys cannot be had just now: another try may help', async () => {
		await seeList();
		await alice.omemo.verify(B, [{ id: sid, fingerprint: await bob.fingerprint() }]);
		await forgeFirst(sid);
		server.bundleGates.set(`${B}/${sid}`, async () => {
			throw new Failure('passing');
		});
		for (let tries = 0; tries < 2; tries++)
			await expect(alice.encrypt(B, 'x')).rejects.toMatchObject({ code: 'unavailable' });
		server.bundleGates.clear();
		expect((await bob.decrypt(A, await alice.encrypt(B, 'back'))).text).toBe('back');
	});

	it('is not written to where a device was verified after it', async () => {
		const { laptop, id } = await laptopOf();
		await forgeFirst(id);
		await alice.decrypt(B, await bob.encrypt(A, 'hello'));
		await judge(await bob.fingerprint(), 'verified');
		const sent = await alice.encrypt(B, 'to the phone alone');
		expect(sent.keys.map(({ rid }) => rid)).toEqual([sid]);
		expect(alice.leftOut).toEqual([{ jid: B, id }]);
		expect((await held(id))[0]).toEqual([await laptop.fingerprint(), 'undecided']);
	});

	it('is not written to where the published key is distrusted', async () => {
		await alice.decrypt(B, await bob.encrypt(A, 'hello'));
		await judge(await bob.fingerprint(), 'distrusted');
		await alice.omemo.forget(B, await bob.fingerprint());
		await seeList();
		await forgeFirst(sid);
		await expect(alice.encrypt(B, 'x')).rejects.toMatchObject({ code: 'no-trusted-devices' });
		expect((await held(sid))[0]).toEqual([await bob.fingerprint(), 'distrusted']);
	});

	it('under one of our own ids is not written to', async () => {
		const tablet = await new Client(server, A).start();
		await alice.omemo.listChanged(A, server.lists.get(A) ?? []);
		const own = new Forger(server, A);
		await alice.decrypt(A, await own.forge(alice, 'x', tablet.omemo.deviceId ?? 0));
		const sent = await alice.encrypt(B, 'mine, too');
		expect((await tablet.decrypt(A, sent)).text).toBe('mine, too');
	});

	it('that an older version has taken for the key of the device is not written to any more', async () => {
		await seeList();
		await forgeFirst(sid);
		const rows = createOmemoRows(alice.vault.chat, A);
		const { devices } = await rows.peer(B);
		expect(devices[0]?.isPublished).toBeUndefined();
		const sent = await alice.encrypt(B, 'secret');
		expect((await bob.decrypt(A, sent)).text).toBe('secret');
		expect((await rows.peer(B)).devices[0]?.isPublished).toBe(true);
	});
});

describe('a forged beginning under the id of a new device, after another was verified', () => {
	let laptop: Client;
	let id: number;
	beforeEach(async () => {
		await alice.decrypt(B, await bob.encrypt(A, 'hello'));
		await judge(await bob.fingerprint(), 'verified');
		({ laptop, id } = await laptopOf());
		await forgeFirst(id);
	});

	it('hides nothing: the true key is there to compare', async () => {
		const forged = [await mallory.fingerprint(), 'undecided'];
		expect(await held(id)).toEqual([forged]);
		const doubtful = (await alice.omemo.devices(B)).filter(({ isDoubtful }) => isDoubtful);
		expect(doubtful.map((device) => device.id)).toEqual([id]);
		await alice.omemo.learn(B);
		expect(await held(id)).toEqual([[await laptop.fingerprint(), 'undecided'], forged]);
		expect((await alice.omemo.devices(B)).some(({ isDoubtful }) => isDoubtful)).toBe(false);
		await judge(await laptop.fingerprint(), 'verified');
		const sent = await alice.encrypt(B, 'to both');
		expect((await laptop.decrypt(A, sent)).text).toBe('to both');
	});

	it('and is distrusted hides nothing either: the device is named by what is not encrypted to it', async () => {
		await judge(await mallory.fingerprint(), 'distrusted');
		await alice.encrypt(B, 'x');
		expect(alice.leftOut).toEqual([{ jid: B, id }]);
		expect(await held(id)).toEqual([
			[await laptop.fingerprint(), 'undecided'],
			[await mallory.fingerprint(), 'distrusted'],
		]);
	});

	it('in any number takes nothing back from the published key', async () => {
		await alice.omemo.learn(B);
		server.fetches = 0;
		for (let count = 0; count < 6; count++)
			await alice.decrypt(B, await new Forger(server, B).forge(alice, `no ${count}`, id));
		await alice.encrypt(B, 'x');
		await alice.omemo.learn(B);
		expect((await held(id))[0]).toEqual([await laptop.fingerprint(), 'undecided']);
		expect(server.fetches).toBe(0);
	});
});

describe('a device that writes before its keys were fetched', () => {
	it('is written to after its keys were looked at once', async () => {
		server.fetches = 0;
		await seeList();
		await alice.decrypt(B, await bob.encrypt(A, 'hello'));
		expect(server.fetches).toBe(1);
		for (const text of ['one', 'two']) {
			const sent = await alice.encrypt(B, text);
			expect(sent.keys.map(({ isPreKey }) => isPreKey)).toEqual([false]);
			expect((await bob.decrypt(A, sent)).text).toBe(text);
		}
		expect(server.fetches).toBe(2);
		expect(await alice.trustOf(B)).toEqual(['blind']);
	});

	it('is written to where its keys cannot be had, and they are not asked for with each message', async () => {
		server.bundleGates.set(`${B}/${sid}`, async () => {
			throw new Failure('passing');
		});
		await seeList();
		await alice.decrypt(B, await bob.encrypt(A, 'hello'));
		server.fetches = 0;
		for (const text of ['one', 'two', 'three']) {
			expect((await bob.decrypt(A, await alice.encrypt(B, text))).text).toBe(text);
			await alice.decrypt(B, await bob.encrypt(A, 'yes'));
		}
		expect(server.fetches).toBe(1);
		expect(alice.leftOut).toEqual([]);
		server.bundleGates.clear();
		alice.time += HOUR;
		await alice.encrypt(B, 'four');
		await alice.encrypt(B, 'five');
		expect(server.fetches).toBe(2);
	});

	it('by a key that was verified is written to without another look', async () => {
		await seeList();
		await alice.decrypt(B, await bob.encrypt(A, 'hello'));
		await judge(await bob.fingerprint(), 'verified');
		server.fetches = 0;
		await alice.encrypt(B, 'one');
		await alice.omemo.learn(B);
		expect(server.fetches).toBe(0);
	});
});
