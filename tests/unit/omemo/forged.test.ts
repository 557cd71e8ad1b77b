import { beforeEach, describe, expect, it } from 'vitest';
import type { OmemoElement } from '../../../src/core/omemo-element.ts';
import { Client, Forger, Server } from './support.ts';

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
	await meet();
});

/** Both have a session in which both have written. */
async function meet(): Promise<void> {
	await bob.decrypt(A, await alice.encrypt(B, 'hello'));
	await alice.decrypt(B, await bob.encrypt(A, 'hello to you'));
}

const verify = (fingerprint: string) => alice.omemo.setTrust(B, fingerprint, 'verified');

/** What alice holds of the keys of bob's devices, those in use first. */
async function held() {
	return (await alice.omemo.devices(B)).map(({ id, fingerprint, trust }) => [
		id,
		fingerprint,
		trust,
	]);
}

async function heal(client: Client, jid: string, id: number): Promise<OmemoElement[]> {
	const sent: OmemoElement[] = [];
	await client.omemo.heal(jid, id, async (element, writes) => {
		await client.vault.chat.write(writes);
		sent.push(element);
	});
	return sent;
}

describe('a beginning by another key under the id of a verified device', () => {
	beforeEach(async () => verify(await bob.fingerprint()));

	it('is read, and loses nothing of the true device, nor what is sent to it', async () => {
		const underWay = [await bob.encrypt(A, 'one'), await bob.encrypt(A, 'two')];
		const got = await alice.decrypt(B, await mallory.forge(alice, 'trust me', sid));
		expect(got).toMatchObject({ text: 'trust me', waits: false, device: { trust: 'undecided' } });
		for (const element of underWay)
			expect((await alice.decrypt(B, element)).device.trust).toBe('verified');
		const sent = await alice.encrypt(B, 'to bob');
		expect(sent.keys.map(({ rid }) => rid)).toEqual([sid]);
		expect((await bob.decrypt(A, sent)).text).toBe('to bob');
		expect(await held()).toEqual([
			[sid, await bob.fingerprint(), 'verified'],
			[sid, await mallory.fingerprint(), 'undecided'],
		]);
	});

	it('goes on decrypting by its own session, beside the true one', async () => {
		await alice.decrypt(B, await mallory.forge(alice, 'one', sid));
		const second = { ...(await mallory.client.encrypt(A, 'two')), sid };
		expect(second.keys[0]?.isPreKey).toBe(true);
		expect((await alice.decrypt(B, second)).device.trust).toBe('undecided');
		expect((await alice.decrypt(B, await bob.encrypt(A, 'true'))).device.trust).toBe('verified');
	});

	it('is not answered in the place of the true device', async () => {
		await alice.decrypt(B, await mallory.forge(alice, 'one', sid));
		let answer: OmemoElement | undefined;
		await alice.omemo.answer(B, sid, async (element, writes) => {
			await alice.vault.chat.write(writes);
			answer = element;
		});
		expect((await bob.decrypt(A, answer as OmemoElement)).text).toBeUndefined();
	});

	it('is in use from the moment that it is verified, and the last one that was verified is', async () => {
		await alice.decrypt(B, await mallory.forge(alice, 'my new phone', sid));
		await verify(await mallory.fingerprint());
		const { keys } = await alice.encrypt(B, 'to the new one');
		const toMallory = { sid: alice.omemo.deviceId ?? 0, iv: new Uint8Array(12), keys };
		await expect(bob.decrypt(A, toMallory)).rejects.toMatchObject({ code: 'session-broken' });
		expect((await held()).map(([, fingerprint]) => fingerprint)).toEqual([
			await mallory.fingerprint(),
			await bob.fingerprint(),
		]);
		// The other one still reads on.
		expect((await alice.decrypt(B, await bob.encrypt(A, 'still here'))).text).toBe('still here');
		await verify(await bob.fingerprint());
		expect((await bob.decrypt(A, await alice.encrypt(B, 'back'))).text).toBe('back');
	});

	it('takes the place of one that is distrusted only if it is trusted', async () => {
		await alice.decrypt(B, await mallory.forge(alice, 'one', sid));
		await alice.omemo.setTrust(B, await bob.fingerprint(), 'distrusted');
		await expect(alice.encrypt(B, 'x')).rejects.toMatchObject({ code: 'no-trusted-devices' });
		await verify(await mallory.fingerprint());
		expect((await alice.encrypt(B, 'y')).keys.length).toBe(1);
	});

	it('in any number pushes out nothing', async () => {
		const early = await bob.encrypt(A, 'early');
		for (let count = 0; count < 12; count++)
			await alice.decrypt(B, await new Forger(server, B).forge(alice, `no ${count}`, sid));
		expect((await held()).length).toBe(5);
		expect((await alice.decrypt(B, early)).text).toBe('early');
		expect((await bob.decrypt(A, await alice.encrypt(B, 'to bob'))).text).toBe('to bob');
		const rows = await alice.vault.chat.page(`omemo\n${A}\nsession\n${B}`, { limit: 100 });
		expect(rows.length).toBe(5);
	});

	it('by a swapped bundle breaks nothing while a session is mended', async () => {
		await mallory.forge(alice, '', sid);
		const early = await bob.encrypt(A, 'early');
		server.bundles.set(`${B}/${sid}`, mallory.bundle);
		expect(await heal(alice, B, sid)).toEqual([]);
		expect((await alice.decrypt(B, early)).device.trust).toBe('verified');
		expect((await bob.decrypt(A, await alice.encrypt(B, 'to bob'))).text).toBe('to bob');
		expect(await held()).toEqual([
			[sid, await bob.fingerprint(), 'verified'],
			[sid, await mallory.fingerprint(), 'undecided'],
		]);
	});

	it('by a swapped bundle is not written to when the session is gone', async () => {
		await mallory.forge(alice, '', sid);
		server.bundles.set(`${B}/${sid}`, mallory.bundle);
		await alice.vault.chat.removeAll(`omemo\n${A}\nsession`);
		await expect(alice.encrypt(B, 'x')).rejects.toMatchObject({ code: 'no-trusted-devices' });
		expect((await alice.omemo.devices(B))[0]).toMatchObject({ id: sid, leftOut: 'other-key' });
	});
});

describe('a beginning by another key under the id of a device that nobody has verified', () => {
	it('changes nothing until the bundle is looked at, which is before the next message', async () => {
		const early = await bob.encrypt(A, 'early');
		server.fetches = 0;
		await alice.decrypt(B, await mallory.forge(alice, 'who?', sid));
		expect(server.fetches).toBe(0);
		const sent = await alice.encrypt(B, 'to bob');
		expect(server.fetches).toBe(1);
		expect((await bob.decrypt(A, sent)).text).toBe('to bob');
		expect((await alice.decrypt(B, early)).text).toBe('early');
		await alice.encrypt(B, 'again');
		expect(server.fetches).toBe(1);
	});

	it('is in use if the bundle names it: an app that was installed anew under its old id', async () => {
		const forged = await mallory.forge(alice, 'installed anew', sid);
		server.bundles.set(`${B}/${sid}`, mallory.bundle);
		expect((await alice.decrypt(B, forged)).device.trust).toBe('blind');
		const sent = await alice.encrypt(B, 'to the new one');
		expect(sent.keys.map(({ rid, isPreKey }) => [rid, isPreKey])).toEqual([[sid, false]]);
		await expect(bob.decrypt(A, sent)).rejects.toMatchObject({ code: 'session-broken' });
		expect((await held())[0]).toEqual([sid, await mallory.fingerprint(), 'blind']);
	});

	it('that is verified leaves the other one doubtful, and is in use', async () => {
		await alice.decrypt(B, await mallory.forge(alice, 'me', sid));
		await verify(await mallory.fingerprint());
		expect(await held()).toEqual([
			[sid, await mallory.fingerprint(), 'verified'],
			[sid, await bob.fingerprint(), 'undecided'],
		]);
	});

	it('does not hold up messages while the bundle cannot be had', async () => {
		await alice.decrypt(B, await mallory.forge(alice, 'who?', sid));
		server.bundleGates.set(`${B}/${sid}`, async () => 'none');
		server.fetches = 0;
		for (const text of ['one', 'two', 'three'])
			expect((await bob.decrypt(A, await alice.encrypt(B, text))).text).toBe(text);
		expect(server.fetches).toBe(1);
		server.bundleGates.clear();
		alice.time += HOUR;
		await alice.encrypt(B, 'four');
		await alice.encrypt(B, 'five');
		expect(server.fetches).toBe(2);
	});

	it('is in use once it is verified by what somebody names, as soon as the bundle says so, too', async () => {
		await mallory.forge(alice, '', sid);
		await alice.omemo.verify(B, [{ id: sid, fingerprint: await mallory.fingerprint() }]);
		await expect(alice.encrypt(B, 'x')).rejects.toMatchObject({ code: 'no-trusted-devices' });
		server.bundles.set(`${B}/${sid}`, mallory.bundle);
		await alice.omemo.verify(B, [{ id: sid, fingerprint: await mallory.fingerprint() }]);
		expect((await alice.encrypt(B, 'y')).keys.length).toBe(1);
		expect((await held())[0]).toEqual([sid, await mallory.fingerprint(), 'verified']);
	});
});

describe('rows that an older version has written', () => {
	const key = (fingerprint: string) => `omemo\n${A}\nsession\n${B}\n${sid}\n${fingerprint}`;
	const old = () => `omemo\n${A}\nsession\n${B}\n${sid}`;

	beforeEach(async () => {
		const { chat } = alice.vault;
		const now = key(await bob.fingerprint());
		await chat.write([await chat.put(old(), await chat.get(now)), chat.remove(now)]);
	});

	it('are read, written to, and moved', async () => {
		expect((await alice.decrypt(B, await bob.encrypt(A, 'one'))).text).toBe('one');
		const [isOld, isNew] = await alice.vault.chat.has([old(), key(await bob.fingerprint())]);
		expect([isOld, isNew]).toEqual([false, true]);
		expect((await bob.decrypt(A, await alice.encrypt(B, 'two'))).text).toBe('two');
	});

	it('are written to before anything came, and outlive a forged beginning', async () => {
		await verify(await bob.fingerprint());
		await alice.decrypt(B, await mallory.forge(alice, 'trust me', sid));
		const early = await bob.encrypt(A, 'early');
		const sent = await alice.encrypt(B, 'one');
		expect(sent.keys[0]?.isPreKey).toBe(false);
		expect((await bob.decrypt(A, sent)).text).toBe('one');
		expect((await alice.decrypt(B, early)).text).toBe('early');
	});

	it('of a device that was forgotten for the length of a list are read, and written to again', async () => {
		const { chat } = alice.vault;
		const row = `omemo\n${A}\npeer\n${B}`;
		const peer = (await chat.get(row)) as object;
		await chat.write([await chat.put(row, { ...peer, devices: [{ id: sid, active: true }] })]);
		const sent = await alice.encrypt(B, 'one');
		expect(sent.keys[0]?.isPreKey).toBe(false);
		expect((await bob.decrypt(A, sent)).text).toBe('one');
	});

	it('of a device that was forgotten and is not back are read', async () => {
		const { chat } = alice.vault;
		const row = `omemo\n${A}\npeer\n${B}`;
		const peer = (await chat.get(row)) as object;
		await chat.write([await chat.put(row, { ...peer, devices: [] })]);
		for (const text of ['one', 'two'])
			expect((await alice.decrypt(B, await bob.encrypt(A, text))).text).toBe(text);
	});

	it('are gone when the key is forgotten', async () => {
		await alice.omemo.forget(B, await bob.fingerprint());
		expect(await alice.vault.chat.has([old()])).toEqual([false]);
		await expect(alice.decrypt(B, await bob.encrypt(A, 'one'))).rejects.toMatchObject({
			code: 'session-broken',
		});
	});
});
