import { beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../../src/core/bytes.ts';
import { withKey } from '../../../src/omemo/device-keys.ts';
import { createOmemoRows, type Identity, type Peer } from '../../../src/omemo/omemo-rows.ts';
import {
	identityOf,
	trustIn,
	withDevice,
	withIdentity,
	withList,
} from '../../../src/omemo/peer.ts';
import type { Trust } from '../../../src/omemo/trust.ts';
import { Client, Failure, Forger, Server } from './support.ts';

const A = 'alice@a.example';
const B = 'bob@b.example';
const NOW = 1_000_000_000_000;

let server: Server;
let alice: Client;
let bob: Client;
let sid: number;
beforeEach(async () => {
	server = new Server();
	alice = await new Client(server, A).start();
	bob = await new Client(server, B).start();
	sid = bob.omemo.deviceId ?? 0;
});

const judge = async (client: Client, trust: Trust) =>
	alice.omemo.setTrust(client.account, await client.fingerprint(), trust);
const seeList = () => alice.omemo.listChanged(B, server.lists.get(B) ?? []);

const key = (at: number) =>
	Uint8Array.from({ length: 32 }, (_, byte) => (at >> ((byte % 4) * 8)) & 255);
const identity = (at: number, trust: Trust): Identity => ({ key: key(at), trust, firstSeen: NOW });
const peerOf = (...identities: Identity[]): Peer => ({ devices: [], identities });

function flooded(peer: Peer, count: number): Peer {
	let after = peer;
	for (let at = 0; at < count; at++) after = withIdentity(after, key(1_000_000 + at), NOW);
	return after;
}

describe('what a person has judged', () => {
	it.each(['verified', 'distrusted'] as const)('outlives any number of others: %s', (trust) => {
		const after = flooded(peerOf(identity(1, trust)), 1000);
		expect(trustIn(after, key(1))).toBe(trust);
		expect(after.identities.length).toBeLessThanOrEqual(401);
	});

	it('of more than there is room for otherwise is all kept', () => {
		const judged = Array.from({ length: 450 }, (_, at) => identity(at + 1, 'distrusted'));
		const after = flooded(peerOf(...judged), 1000);
		expect(judged.every((one) => trustIn(after, one.key) === 'distrusted')).toBe(true);
	});

	it('takes nothing from a blind key in use, and trusts no other for it', () => {
		const devices = [{ id: 5, active: true, identityKey: key(2) }];
		const before = { devices, identities: [identity(2, 'blind'), identity(1, 'verified')] };
		const after = flooded(before, 1000);
		expect(trustIn(after, key(2))).toBe('blind');
		expect(after.identities.some(({ trust }) => trust === 'undecided')).toBe(true);
		expect(after.identities.filter(({ trust }) => trust === 'blind').length).toBe(1);
	});

	it('and took back leaves what waits undecided, however many come', () => {
		const after = flooded(peerOf(identity(1, 'distrusted'), identity(2, 'undecided')), 1000);
		expect(after.identities.every(({ trust }) => trust !== 'blind')).toBe(true);
		expect(trustIn(withIdentity(after, key(2), NOW), key(2))).toBe('undecided');
	});

	it('is not forgotten with the device: a key that is distrusted stays so', async () => {
		await alice.encrypt(B, 'one');
		await judge(bob, 'distrusted');
		await alice.omemo.forget(B, await bob.fingerprint());
		expect((await alice.decrypt(B, await bob.encrypt(A, 'me again'))).device.trust).toBe(
			'distrusted',
		);
		await expect(alice.encrypt(B, 'x')).rejects.toMatchObject({ code: 'no-trusted-devices' });
	});

	it('is kept of a key for which there was no room', async () => {
		await alice.omemo.setTrust(B, toHex(key(7)), 'verified');
		const { device } = await alice.decrypt(B, await bob.encrypt(A, 'one'));
		expect(device.trust).toBe('undecided');
	});

	it('keeps its devices and their sessions, whatever is on the list', async () => {
		await bob.decrypt(A, await alice.encrypt(B, 'one'));
		await alice.decrypt(B, await bob.encrypt(A, 'two'));
		await judge(bob, 'verified');
		const early = await bob.encrypt(A, 'early');
		for (const start of [1000, 2000, 3000])
			await alice.omemo.listChanged(
				B,
				Array.from({ length: 100 }, (_, at) => start + at),
			);
		expect((await alice.decrypt(B, early)).device.trust).toBe('verified');
		await alice.omemo.listChanged(B, [...Array.from({ length: 200 }, (_, at) => 5000 + at), sid]);
		const sent = await alice.encrypt(B, 'three');
		expect(sent.keys.map(({ rid, isPreKey }) => [rid, isPreKey])).toEqual([[sid, false]]);
		expect((await alice.omemo.devices(B)).length).toBeLessThanOrEqual(201);
	});

	it('stays with the device that it was said of while others come and go', () => {
		let peer: Peer = peerOf(identity(1, 'distrusted'));
		peer = withDevice(peer, 1, { identityKey: key(1) });
		for (let list = 0; list < 5; list++)
			peer = withList(
				peer,
				Array.from({ length: 100 }, (_, at) => 100 + list * 100 + at),
				NOW,
			);
		for (let id = 10_000; id < 10_500; id++) peer = withDevice(peer, id, { identityKey: key(id) });
		expect(peer.devices.some(({ id }) => id === 1)).toBe(true);
		expect(peer.devices.length).toBeLessThanOrEqual(201);
		expect(identityOf(peer, key(1))?.trust).toBe('distrusted');
	});
});

describe('a device that is not on the list', () => {
	it('is read, and not written to because an old message of it comes', async () => {
		const other = await new Client(server, B).start();
		await seeList();
		await alice.encrypt(B, 'to both');
		const old = await other.encrypt(A, 'before I was sold');
		server.lists.set(B, [sid]);
		await seeList();
		expect((await alice.decrypt(B, old)).text).toBe('before I was sold');
		expect((await alice.encrypt(B, 'to bob')).keys.map(({ rid }) => rid)).toEqual([sid]);
	});

	it('and was never seen is kept, and the list is asked for again before the next message', async () => {
		await alice.encrypt(B, 'one');
		const other = await new Client(server, B).start();
		const listed = server.lists.get(B) ?? [];
		server.lists.set(B, [sid]);
		expect((await alice.decrypt(B, await other.encrypt(A, 'new'))).text).toBe('new');
		expect((await alice.omemo.devices(B)).map(({ active }) => active)).toEqual([true, false]);
		server.listFetches.length = 0;
		expect((await alice.encrypt(B, 'two')).keys.map(({ rid }) => rid)).toEqual([sid]);
		expect(server.listFetches).toEqual([B]);
		server.lists.set(B, listed);
		await alice.decrypt(B, await other.encrypt(A, 'now I am on it'));
		const sent = await alice.encrypt(B, 'three');
		expect(sent.keys.map(({ rid }) => rid)).toEqual(listed);
		expect((await other.decrypt(A, sent)).text).toBe('three');
	});

	it('is kept, whoever else has written from devices that are on no list', () => {
		let peer = withList(peerOf(), [1], NOW);
		for (let id = 1000; id < 1150; id++) peer = withKey(peer, id, key(id), 'beginning', NOW);
		peer = withKey(peer, 2, key(2), 'beginning', NOW);
		expect(peer.devices.length).toBe(101);
		expect(peer.devices.find(({ id }) => id === 2)).toMatchObject({ active: false });
		expect(peer.devices.find(({ id }) => id === 1)).toMatchObject({ active: true });
	});

	it('is written to where no list is known, also if the server says that there is none', async () => {
		const element = await bob.encrypt(A, 'hello');
		server.lists.delete(B);
		await expect(alice.encrypt(B, 'x')).rejects.toMatchObject({ code: 'no-devices' });
		await alice.decrypt(B, element);
		server.listFetches.length = 0;
		for (const text of ['y', 'z'])
			expect((await alice.encrypt(B, text)).keys.map(({ rid }) => rid)).toEqual([sid]);
		expect(server.listFetches).toEqual([]);
		const other = await new Client(server, B).start();
		server.lists.delete(B);
		await alice.decrypt(B, await other.encrypt(A, 'and I'));
		expect((await alice.encrypt(B, 'to both')).keys.length).toBe(2);
	});

	it('is not put back by mending its session', async () => {
		await alice.encrypt(B, 'one');
		const other = await new Client(server, B).start();
		server.lists.set(B, [sid]);
		await seeList();
		await alice.omemo.heal(B, other.omemo.deviceId ?? 0, (_, writes) =>
			alice.vault.chat.write(writes),
		);
		expect((await alice.encrypt(B, 'two')).keys.map(({ rid }) => rid)).toEqual([sid]);
	});
});

describe('a device that was not verified while others were', () => {
	let other: Client;
	let id: number;
	beforeEach(async () => {
		await alice.encrypt(B, 'one');
		await judge(bob, 'verified');
		other = await new Client(server, B).start();
		id = other.omemo.deviceId ?? 0;
		await seeList();
	});
	const unverified = async () =>
		(await alice.omemo.devices(B))
			.filter(({ isUnverified }) => isUnverified)
			.map((device) => [device.id, device.fingerprint]);

	it('is known as such before its key is, and named by what is not encrypted to it', async () => {
		expect(await unverified()).toEqual([[id, undefined]]);
		await alice.omemo.learn(B);
		expect(await unverified()).toEqual([[id, await other.fingerprint()]]);
		await alice.encrypt(B, 'two');
		expect(alice.leftOut).toEqual([{ jid: B, id }]);
		await judge(other, 'verified');
		expect(await unverified()).toEqual([]);
		await alice.encrypt(B, 'three');
		expect(alice.leftOut).toEqual([]);
	});

	it('is not named once a person has said that it is not trusted', async () => {
		await alice.omemo.learn(B);
		await judge(other, 'distrusted');
		await alice.encrypt(B, 'two');
		expect(alice.leftOut).toEqual([]);
		expect(await unverified()).toEqual([]);
	});

	it('is not known as such where its key may be the one that was verified', async () => {
		const third = await new Client(server, B).start();
		const fingerprint = await third.fingerprint();
		await alice.omemo.verify(B, [{ id: third.omemo.deviceId ?? 0, fingerprint }]);
		await seeList();
		expect(await unverified()).toEqual([]);
		await alice.omemo.learn(B);
		expect(await unverified()).toEqual([[id, await other.fingerprint()]]);
	});

	it('that cannot be learned throws nothing, and is asked again after a while', async () => {
		server.bundleGates.set(`${B}/${id}`, async () => {
			throw new Failure('passing');
		});
		server.fetches = 0;
		await alice.omemo.learn(B);
		await alice.omemo.learn(B);
		expect(server.fetches).toBe(1);
		server.bundleGates.clear();
		alice.time += 60_000;
		await alice.omemo.learn(B);
		expect(await unverified()).toEqual([[id, await other.fingerprint()]]);
	});

	it('is one that claims the id of another, too', async () => {
		const mallory = new Forger(server, B);
		await alice.decrypt(B, await mallory.forge(alice, 'x', sid));
		await alice.omemo.learn(B);
		expect(await unverified()).toContainEqual([sid, await mallory.fingerprint()]);
		await alice.encrypt(B, 'two');
		expect(alice.leftOut).toEqual([{ jid: B, id }]);
	});
});

describe('from the first verification on', () => {
	/** A device that the server puts on bob's list, and whether alice writes to it. */
	async function another(): Promise<{ client: Client; isWrittenTo: () => Promise<boolean> }> {
		const client = await new Client(server, B).start();
		const id = client.omemo.deviceId ?? 0;
		await seeList();
		return {
			client,
			isWrittenTo: async () => {
				const sent = await alice.encrypt(B, 'secret').catch(() => undefined);
				return sent?.keys.some(({ rid }) => rid === id) === true;
			},
		};
	}
	const takesBack: readonly [string, () => Promise<void>][] = [
		['distrusted', async () => judge(bob, 'distrusted')],
		['forgotten', async () => alice.omemo.forget(B, await bob.fingerprint())],
		[
			'distrusted and forgotten',
			async () => {
				await judge(bob, 'distrusted');
				await alice.omemo.forget(B, await bob.fingerprint());
			},
		],
	];

	beforeEach(async () => {
		await alice.decrypt(B, await bob.encrypt(A, 'hello'));
		await judge(bob, 'verified');
	});

	it.each(takesBack)(
		'no new device is trusted blindly, also when the verified one is %s',
		async (_, takeBack) => {
			await takeBack();
			const { client, isWrittenTo } = await another();
			const { id, isUnverified } = (await alice.omemo.devices(B)).at(-1) ?? expect.unreachable();
			expect([id, isUnverified]).toEqual([client.omemo.deviceId, true]);
			expect(await isWrittenTo()).toBe(false);
			expect((await alice.decrypt(B, await client.encrypt(A, 'hi'))).device.trust).toBe(
				'undecided',
			);
			await judge(client, 'verified');
			expect(await isWrittenTo()).toBe(true);
		},
	);

	it('nor when an older version has written down the verification', async () => {
		const rows = createOmemoRows(alice.vault.chat, A);
		const { isVerifying, ...old } = await rows.peer(B);
		expect(isVerifying).toBe(true);
		await rows.write([await rows.putPeer(B, old)]);
		await alice.omemo.forget(B, await bob.fingerprint());
		expect(await (await another()).isWrittenTo()).toBe(false);
	});

	it('nor when keys were verified by what somebody has named, and never came', async () => {
		const carol = 'carol@c.example';
		await alice.omemo.verify(carol, [{ id: 5, fingerprint: toHex(key(5)) }]);
		await alice.omemo.forget(carol, toHex(key(5)));
		await new Client(server, carol).start();
		await expect(alice.encrypt(carol, 'x')).rejects.toMatchObject({ code: 'no-trusted-devices' });
	});

	it('but a key that is only distrusted says nothing of the next', async () => {
		const carol = await new Client(server, 'carol@c.example').start();
		await alice.encrypt(carol.account, 'one');
		await judge(carol, 'distrusted');
		const next = await new Client(server, carol.account).start();
		await alice.omemo.listChanged(carol.account, server.lists.get(carol.account) ?? []);
		const sent = await alice.encrypt(carol.account, 'two');
		expect(sent.keys.map(({ rid }) => rid)).toEqual([next.omemo.deviceId]);
	});
});

describe('an empty list', () => {
	const active = async () => (await alice.omemo.devices(B)).filter((device) => device.active);

	it('takes off a device for good, also one that is forgotten', async () => {
		await alice.decrypt(B, await bob.encrypt(A, 'hello'));
		const late = await bob.encrypt(A, 'late');
		server.lists.set(B, []);
		await seeList();
		await alice.omemo.forget(B, await bob.fingerprint());
		await expect(alice.decrypt(B, late)).rejects.toMatchObject({ code: 'duplicate' });
		const mallory = new Forger(server, B);
		expect((await alice.decrypt(B, await mallory.forge(alice, 'hi', sid))).text).toBe('hi');
		expect(await active()).toEqual([]);
		await expect(alice.encrypt(B, 'x')).rejects.toMatchObject({ code: 'no-devices' });
	});

	it.each(['pushed', 'fetched'])('that came first lets nobody in: %s', async (how) => {
		server.lists.set(B, []);
		if (how === 'pushed') await seeList();
		else await alice.encrypt(B, 'x').catch(() => undefined);
		await alice.decrypt(B, await new Forger(server, B).forge(alice, 'hi', 77));
		expect(await active()).toEqual([]);
	});

	it('of an older version is none: it wrote down that there was none in the same way', async () => {
		const rows = createOmemoRows(alice.vault.chat, A);
		await rows.write([await rows.putPeer(B, { ...peerOf(), listedAt: NOW })]);
		await alice.decrypt(B, await bob.encrypt(A, 'hello'));
		expect((await active()).map(({ id }) => id)).toEqual([sid]);
	});
});
