import { beforeEach, describe, expect, it } from 'vitest';
import { fromHex } from '../../../src/core/bytes.ts';
import { createOmemoRows } from '../../../src/omemo/omemo-rows.ts';
import { Client, Server } from './support.ts';

const A = 'alice@a.example';
const B = 'bob@b.example';

let server: Server;
let alice: Client;
let bob: Client;
beforeEach(async () => {
	server = new Server();
	alice = await new Client(server, A).start();
	bob = await new Client(server, B).start();
});

/** A device as its owner would name it to somebody. */
async function named(client: Client): Promise<{ id: number; fingerprint: string }> {
	return { id: client.omemo.deviceId ?? 0, fingerprint: await client.fingerprint() };
}

async function sees(client: Client, jid: string): Promise<void> {
	await client.omemo.listChanged(jid, server.lists.get(jid) ?? []);
}

describe('verifying by what somebody names', () => {
	it('takes a known key as verified', async () => {
		await alice.encrypt(B, 'one');
		expect(await alice.omemo.verify(B, [await named(bob)])).toEqual({
			verified: 1,
			expected: 0,
			contradicted: 0,
		});
		expect(await alice.trustOf(B)).toEqual(['verified']);
	});

	it('remembers a key that was never seen, and trusts it and no other when they come', async () => {
		const other = await new Client(server, B).start();
		expect(await alice.omemo.verify(B, [await named(bob)])).toEqual({
			verified: 0,
			expected: 1,
			contradicted: 0,
		});
		const sent = await alice.encrypt(B, 'one');
		expect(sent.keys.map(({ rid }) => rid)).toEqual([bob.omemo.deviceId]);
		expect(await alice.trustOf(B)).toEqual(['verified', 'undecided']);
		expect((await alice.decrypt(B, await other.encrypt(A, 'hi'))).device.trust).toBe('undecided');
		expect((await alice.decrypt(B, await bob.encrypt(A, 'hi'))).device.trust).toBe('verified');
	});

	it('doubts a key that was trusted blindly and is named otherwise, and writes to it no more', async () => {
		await alice.encrypt(B, 'one');
		const { id } = await named(bob);
		const fingerprint = 'ab'.repeat(32);
		expect(await alice.omemo.verify(B, [{ id, fingerprint }])).toEqual({
			verified: 0,
			expected: 0,
			contradicted: 1,
		});
		expect(await alice.trustOf(B)).toEqual(['undecided']);
		await expect(alice.encrypt(B, 'two')).rejects.toMatchObject({ code: 'no-trusted-devices' });
	});

	it('leaves what a person has decided, and a right key under a wrong id is right', async () => {
		const other = await new Client(server, B).start();
		await alice.encrypt(B, 'one');
		const [first, second] = [await named(bob), await named(other)];
		await alice.omemo.setTrust(B, first.fingerprint, 'verified');
		await alice.omemo.verify(B, [{ id: first.id, fingerprint: 'ab'.repeat(32) }]);
		expect(await alice.trustOf(B)).toEqual(['verified', 'blind']);
		const swapped = [
			{ id: first.id, fingerprint: second.fingerprint },
			{ id: second.id, fingerprint: first.fingerprint },
		];
		expect(await alice.omemo.verify(B, swapped)).toMatchObject({ verified: 0, contradicted: 2 });
		expect(await alice.trustOf(B)).toEqual(['verified', 'verified']);
	});

	it('of our own devices knows this one, and does not doubt the others for it', async () => {
		const phone = await new Client(server, A).start();
		await sees(alice, A);
		expect(await alice.omemo.verify(A, [await named(alice)])).toEqual({
			verified: 1,
			expected: 0,
			contradicted: 0,
		});
		await alice.encrypt(B, 'one');
		expect(await alice.trustOf(A)).toEqual(['verified', 'blind']);
		const forged = { id: alice.omemo.deviceId ?? 0, fingerprint: 'ab'.repeat(32) };
		expect(await alice.omemo.verify(A, [forged, await named(phone)])).toEqual({
			verified: 1,
			expected: 0,
			contradicted: 1,
		});
		expect(await alice.trustOf(A)).toEqual(['verified', 'verified']);
	});
});

describe('forgetting a device', () => {
	it('that is no longer in use leaves nothing of it', async () => {
		await alice.encrypt(B, 'one');
		const { id, fingerprint } = await named(bob);
		const key = fromHex(fingerprint) ?? expect.unreachable();
		await alice.omemo.listChanged(B, []);
		await alice.omemo.forget(B, fingerprint);
		expect(await alice.omemo.devices(B)).toEqual([]);
		const rows = createOmemoRows(alice.vault.chat, A);
		expect(await rows.session(B, id, key)).toBeUndefined();
		expect((await rows.peer(B)).identities).toEqual([]);
	});

	it('that is in use begins anew, with a new session', async () => {
		await bob.decrypt(A, await alice.encrypt(B, 'one'));
		await alice.decrypt(B, await bob.encrypt(A, 'two'));
		expect((await alice.encrypt(B, 'three')).keys[0]?.isPreKey).toBe(false);
		const { id, fingerprint } = await named(bob);
		await alice.omemo.forget(B, fingerprint);
		expect(await alice.omemo.devices(B)).toEqual([{ id, active: true, isThis: false }]);
		const sent = await alice.encrypt(B, 'four');
		expect(sent.keys[0]?.isPreKey).toBe(true);
		expect((await bob.decrypt(A, sent)).text).toBe('four');
		expect(await alice.trustOf(B)).toEqual(['blind']);
	});

	it('that was verified begins anew as one that nobody has verified, and waits for a person', async () => {
		await alice.encrypt(B, 'one');
		const { id, fingerprint } = await named(bob);
		await alice.omemo.setTrust(B, fingerprint, 'verified');
		await alice.omemo.forget(B, fingerprint);
		expect(await alice.omemo.devices(B)).toEqual([
			{ id, active: true, isThis: false, isUnverified: true },
		]);
		await expect(alice.encrypt(B, 'two')).rejects.toMatchObject({ code: 'no-trusted-devices' });
		expect(await alice.trustOf(B)).toEqual(['undecided']);
	});

	it('leaves the others alone', async () => {
		const other = await new Client(server, B).start();
		await alice.encrypt(B, 'one');
		await alice.omemo.forget(B, (await named(bob)).fingerprint);
		await alice.omemo.forget(B, 'no fingerprint');
		const rows = createOmemoRows(alice.vault.chat, A);
		const sessionOf = async (client: Client) => {
			const { id, fingerprint } = await named(client);
			return rows.session(B, id, fromHex(fingerprint) ?? expect.unreachable());
		};
		expect(await sessionOf(bob)).toBeUndefined();
		expect(await sessionOf(other)).toBeDefined();
		const sent = await alice.encrypt(B, 'two');
		expect((await other.decrypt(A, sent)).text).toBe('two');
		expect(await alice.trustOf(B)).toEqual(['blind', 'blind']);
	});
});

describe('taking a device of ours off the list', () => {
	it('publishes the list without it, and it can be forgotten then', async () => {
		const phone = await new Client(server, A).start();
		await sees(alice, A);
		await alice.encrypt(B, 'one');
		const { id, fingerprint } = await named(phone);
		await alice.omemo.dismiss(id);
		expect(server.lists.get(A)).toEqual([alice.omemo.deviceId]);
		expect(await alice.omemo.devices(A)).toMatchObject([
			{ isThis: true },
			{ id, active: false, trust: 'blind' },
		]);
		await alice.omemo.forget(A, fingerprint);
		expect((await alice.omemo.devices(A)).length).toBe(1);
	});

	it('leaves the list for good when it is erased', async () => {
		await alice.omemo.leave();
		expect(server.lists.get(A)).toEqual([]);
		await alice.omemo.listChanged(A, []);
		expect(server.lists.get(A)).toEqual([]);
	});

	it('never takes off this one', async () => {
		await alice.omemo.dismiss(alice.omemo.deviceId ?? 0);
		expect(server.lists.get(A)).toEqual([alice.omemo.deviceId]);
	});

	it('asks for the list as it is now, not as it was', async () => {
		const phone = await new Client(server, A).start();
		const tablet = await new Client(server, A).start();
		await alice.omemo.dismiss(phone.omemo.deviceId ?? 0);
		expect(server.lists.get(A)).toEqual([alice.omemo.deviceId, tablet.omemo.deviceId]);
	});
});
