import { beforeEach, describe, expect, it } from 'vitest';
import { MediaError } from '../../../src/core/errors.ts';
import type { OmemoElement } from '../../../src/core/omemo-element.ts';
import { Client, Server } from './support.ts';

const A = 'alice@a.example';
const B = 'bob@b.example';
const DAY = 24 * 60 * 60 * 1000;

let server: Server;
let alice: Client;
let bob: Client;
beforeEach(async () => {
	server = new Server();
	alice = await new Client(server, A).start();
	bob = await new Client(server, B).start();
});

it('has no identity that is not on disk', async () => {
	const dora = new Client(server, 'dora@d.example');
	dora.isFull = true;
	await expect(dora.start()).rejects.toMatchObject({ code: 'storage-full' });
	expect(dora.omemo.deviceId).toBeUndefined();
	await expect(dora.encrypt(A, 'x')).rejects.toMatchObject({ code: 'unavailable' });
	dora.isFull = false;
	await dora.start();
	const again = await new Client(server, dora.account, dora.vault).start();
	expect(again.omemo.deviceId).toBe(dora.omemo.deviceId);
});

describe('OMEMO', () => {
	it('publishes one device with a hundred prekeys, once', async () => {
		const ids = server.lists.get(A) ?? [];
		expect(ids).toEqual([alice.omemo.deviceId]);
		const bundle = server.bundles.get(`${A}/${ids[0]}`);
		expect(bundle?.preKeys.length).toBe(100);
		expect(bundle?.identityKey.length).toBe(33);
		await alice.omemo.start();
		expect(server.lists.get(A)).toEqual(ids);
		expect(server.bundles.get(`${A}/${ids[0]}`)).toEqual(bundle);
	});

	it('carries text both ways, and asks for an answer to what begins a session', async () => {
		const first = await alice.encrypt(B, 'hello');
		expect(first.keys.map(({ rid, isPreKey }) => [rid, isPreKey])).toEqual([
			[bob.omemo.deviceId, true],
		]);
		const got = await bob.decrypt(A, first);
		expect(got).toMatchObject({ text: 'hello', waits: true, device: { trust: 'blind' } });
		let answer: OmemoElement | undefined;
		await bob.omemo.answer(A, alice.omemo.deviceId ?? 0, async (element, writes) => {
			await bob.vault.chat.write(writes);
			answer = element;
		});
		expect(answer?.payload).toBeUndefined();
		expect(await alice.decrypt(B, answer as OmemoElement)).toMatchObject({ waits: false });
		expect((await alice.encrypt(B, 'again')).keys[0]?.isPreKey).toBe(false);
	});

	it('reaches all devices of both, and no device twice', async () => {
		const bobs = await new Client(server, B).start();
		const alices = await new Client(server, A).start();
		await alice.omemo.listChanged(A, server.lists.get(A) ?? []);
		const sent = await alice.encrypt(B, 'to all');
		const rids = sent.keys.map(({ rid }) => rid).sort();
		const wanted = [bob, bobs, alices].map(({ omemo }) => omemo.deviceId ?? 0).sort();
		expect(rids).toEqual(wanted);
		for (const client of [bob, bobs, alices])
			expect((await client.decrypt(A, sent)).text).toBe('to all');
		await expect(alice.decrypt(A, sent)).rejects.toMatchObject({ code: 'not-for-us' });
	});

	it('asks once a session for the list of who did not tell it', async () => {
		await alice.encrypt(B, 'one');
		const other = await new Client(server, B).start();
		await alice.omemo.start();
		server.listFetches.length = 0;
		const sent = await alice.encrypt(B, 'to both');
		expect((await other.decrypt(A, sent)).text).toBe('to both');
		await alice.encrypt(B, 'again');
		expect(server.listFetches).toEqual([B]);
		await alice.omemo.start();
		await alice.omemo.listChanged(B, server.lists.get(B) ?? []);
		server.listFetches.length = 0;
		await alice.encrypt(B, 'told');
		expect(server.listFetches).toEqual([]);
	});

	it('does with the list that it has where it gets none, but not without any', async () => {
		server.isDown = true;
		await expect(alice.encrypt(B, 'unknown')).rejects.toThrow('down');
		server.isDown = false;
		await alice.encrypt(B, 'one');
		const known = server.lists.get(B) ?? [];
		for (const isDown of [true, false]) {
			server.lists.set(B, known);
			await alice.omemo.start();
			server.lists.delete(B);
			server.isDown = isDown;
			const sent = await alice.encrypt(B, 'to whom is known');
			expect((await bob.decrypt(A, sent)).text).toBe('to whom is known');
			await alice.encrypt(B, 'without asking again');
			server.isDown = false;
		}
		await alice.omemo.start();
		server.lists.set(B, []);
		await expect(alice.encrypt(B, 'to nobody')).rejects.toMatchObject({ code: 'no-devices' });
	});

	it('trusts blindly until somebody is verified, and new devices no more from then on', async () => {
		await alice.encrypt(B, 'one');
		expect(await alice.trustOf(B)).toEqual(['blind']);
		const [device] = await alice.omemo.devices(B);
		await alice.omemo.setTrust(B, device?.fingerprint ?? '', 'verified');
		const second = await new Client(server, B).start();
		await alice.omemo.listChanged(B, server.lists.get(B) ?? []);
		const sent = await alice.encrypt(B, 'two');
		expect(await alice.trustOf(B)).toEqual(['verified', 'undecided']);
		expect(sent.keys.map(({ rid }) => rid)).toEqual([bob.omemo.deviceId]);
		await alice.omemo.setTrust(B, (await alice.omemo.devices(B))[1]?.fingerprint ?? '', 'verified');
		const third = await alice.encrypt(B, 'three');
		expect(third.keys.length).toBe(2);
		expect((await second.decrypt(A, third)).text).toBe('three');
	});

	it('sends nothing to whom nobody trusts, or who has no device', async () => {
		await alice.encrypt(B, 'one');
		const [device] = await alice.omemo.devices(B);
		await alice.omemo.setTrust(B, device?.fingerprint ?? '', 'distrusted');
		await expect(alice.encrypt(B, 'two')).rejects.toMatchObject({ code: 'no-trusted-devices' });
		await expect(alice.encrypt('nobody@b.example', 'x')).rejects.toMatchObject({
			code: 'no-devices',
		});
	});

	it('changes nothing when what it wrote was not kept', async () => {
		await bob.decrypt(A, await alice.encrypt(B, 'one'));
		alice.failNext = true;
		await expect(alice.encrypt(B, 'lost')).rejects.toThrow('disk full');
		expect((await bob.decrypt(A, await alice.encrypt(B, 'two'))).text).toBe('two');
	});

	it('refuses what comes twice, is damaged, or is meant for others, and reads on', async () => {
		const sent = await alice.encrypt(B, 'one');
		await bob.decrypt(A, sent);
		await expect(bob.decrypt(A, sent)).rejects.toMatchObject({ code: 'duplicate' });
		const next = await alice.encrypt(B, 'two');
		const payload = Uint8Array.from(next.payload ?? [], (byte) => byte ^ 1);
		await expect(bob.decrypt(A, { ...next, payload })).rejects.toMatchObject({
			code: 'payload-invalid',
		});
		const keys = next.keys.map((key) => ({ ...key, bytes: key.bytes.slice(0, 20) }));
		await expect(bob.decrypt(A, { ...next, keys })).rejects.toMatchObject({
			code: 'session-broken',
		});
		await expect(bob.decrypt(A, { ...next, keys: [] })).rejects.toMatchObject({
			code: 'not-for-us',
		});
		expect((await bob.decrypt(A, next)).text).toBe('two');
	});

	it('replaces a prekey that was used, and tells the server', async () => {
		const id = `${B}/${bob.omemo.deviceId}`;
		const before = server.bundles.get(id)?.preKeys.map((preKey) => preKey.id) ?? [];
		await bob.decrypt(A, await alice.encrypt(B, 'one'));
		await expect
			.poll(() => server.bundles.get(id)?.preKeys.some((preKey) => preKey.id === 101), {
				timeout: 5000,
			})
			.toBe(true);
		const after = server.bundles.get(id)?.preKeys.map((preKey) => preKey.id) ?? [];
		expect(after.length).toBe(100);
		expect(before.filter((preKey) => !after.includes(preKey)).length).toBe(1);
	});

	it('answers two who took the same prekey, each once, and after a day nobody', async () => {
		const id = `${B}/${bob.omemo.deviceId}`;
		const bundle = server.bundles.get(id);
		if (bundle === undefined) expect.unreachable();
		// What the server hands out while Bob is away.
		server.bundles.set(id, { ...bundle, preKeys: bundle.preKeys.slice(0, 1) });
		const [carol, dora] = [
			await new Client(server, 'carol@c.example').start(),
			await new Client(server, 'dora@d.example').start(),
		];
		const ofAlice = await alice.encrypt(B, 'of alice');
		const ofCarol = await carol.encrypt(B, 'of carol');
		const ofDora = await dora.encrypt(B, 'of dora');
		expect((await bob.decrypt(A, ofAlice)).text).toBe('of alice');
		expect((await bob.decrypt(carol.account, ofCarol)).text).toBe('of carol');
		await bob.vault.chat.removeAll(`omemo\n${B}\nsession`);
		await expect(bob.decrypt(carol.account, ofCarol)).rejects.toMatchObject({ code: 'duplicate' });
		bob.time += DAY;
		await expect(bob.decrypt(dora.account, ofDora)).rejects.toMatchObject({
			code: 'session-broken',
		});
	});

	it('rotates the signed prekey, and still reads what was begun with the old one', async () => {
		const late = await alice.encrypt(B, 'late');
		bob.time += 8 * DAY;
		await bob.omemo.start();
		expect(server.bundles.get(`${B}/${bob.omemo.deviceId}`)?.signedPreKey.id).toBe(2);
		expect((await bob.decrypt(A, late)).text).toBe('late');
	});

	it('heals a session that is broken, at most once an hour', async () => {
		await bob.decrypt(A, await alice.encrypt(B, 'one'));
		await alice.decrypt(B, await sendEmptyBack());
		// Bob has lost everything about Alice, as after a restored backup.
		await bob.vault.chat.removeAll(`omemo\n${B}\nsession`);
		const broken = await alice.encrypt(B, 'two');
		await expect(bob.decrypt(A, broken)).rejects.toMatchObject({ code: 'session-broken' });
		const sent: OmemoElement[] = [];
		for (let tries = 0; tries < 3; tries++)
			await bob.omemo.heal(A, alice.omemo.deviceId ?? 0, async (element, writes) => {
				await bob.vault.chat.write(writes);
				sent.push(element);
			});
		expect(sent.length).toBe(1);
		expect((await alice.decrypt(B, sent[0] as OmemoElement)).text).toBeUndefined();
		expect((await bob.decrypt(A, await alice.encrypt(B, 'three'))).text).toBe('three');

		async function sendEmptyBack(): Promise<OmemoElement> {
			let element: OmemoElement | undefined;
			await bob.omemo.answer(A, alice.omemo.deviceId ?? 0, async (answer, writes) => {
				await bob.vault.chat.write(writes);
				element = answer;
			});
			return element as OmemoElement;
		}
	});

	it('survives device lists of thousands, with nonsense in them, and bundles that are none', async () => {
		const ids = [
			0,
			-1,
			1.5,
			Number.NaN,
			2 ** 40,
			...Array.from({ length: 5000 }, (_, n) => n + 10),
		];
		server.lists.set(B, [bob.omemo.deviceId ?? 0, ...ids]);
		await alice.omemo.listChanged(B, server.lists.get(B) ?? []);
		expect((await alice.omemo.devices(B)).length).toBe(100);
		const sent = await alice.encrypt(B, 'hi');
		expect(sent.keys.length).toBe(1);
		expect(server.fetches).toBeLessThanOrEqual(100);
		await alice.encrypt(B, 'again');
		expect(server.fetches).toBeLessThanOrEqual(100);
	});

	it('skips a bundle whose signature is not by its identity', async () => {
		const id = `${B}/${bob.omemo.deviceId}`;
		const bundle = server.bundles.get(id);
		if (bundle === undefined) expect.unreachable();
		const signature = bundle.signedPreKey.signature.map((byte) => byte ^ 1);
		server.bundles.set(id, { ...bundle, signedPreKey: { ...bundle.signedPreKey, signature } });
		await expect(alice.encrypt(B, 'hi')).rejects.toMatchObject({ code: 'no-devices' });
	});

	it('mends what a bundle breaks whose prekeys share an id', async () => {
		const id = `${B}/${bob.omemo.deviceId}`;
		const bundle = server.bundles.get(id);
		if (bundle === undefined) expect.unreachable();
		const [first] = bundle.preKeys;
		const preKeys = bundle.preKeys.slice(1).map((preKey) => ({ ...preKey, id: first?.id ?? 0 }));
		server.bundles.set(id, { ...bundle, preKeys });
		await expect(bob.decrypt(A, await alice.encrypt(B, 'one'))).rejects.toMatchObject({
			code: 'session-broken',
		});
		let sent: OmemoElement | undefined;
		await bob.omemo.heal(A, alice.omemo.deviceId ?? 0, async (element, writes) => {
			await bob.vault.chat.write(writes);
			sent = element;
		});
		await alice.decrypt(B, sent as OmemoElement);
		expect((await bob.decrypt(A, await alice.encrypt(B, 'two'))).text).toBe('two');
	});

	it('asks for a list that was pushed when it could not be kept', async () => {
		await alice.encrypt(B, 'one');
		const second = await new Client(server, B).start();
		alice.isFull = true;
		await expect(alice.omemo.listChanged(B, server.lists.get(B) ?? [])).rejects.toThrow();
		alice.isFull = false;
		const element = await alice.encrypt(B, 'two');
		expect(element.keys.map(({ rid }) => rid)).toContain(second.omemo.deviceId);
	});

	it('mends a session again whose mending could not be sent', async () => {
		await bob.decrypt(A, await alice.encrypt(B, 'one'));
		const heal = (isFull: boolean) =>
			bob.omemo.heal(A, alice.omemo.deviceId ?? 0, async (element, writes) => {
				if (isFull) throw new MediaError('storage-full');
				await bob.vault.chat.write(writes);
				sent.push(element);
			});
		const sent: OmemoElement[] = [];
		await expect(heal(true)).rejects.toThrow('storage-full');
		await heal(false);
		expect(sent).toHaveLength(1);
		await heal(false);
		expect(sent).toHaveLength(1);
	});

	it('puts itself back on its list when another client drops it', async () => {
		await alice.omemo.listChanged(A, [77]);
		expect(server.lists.get(A)).toEqual([77, alice.omemo.deviceId]);
	});

	it('takes a new identity under a known device id as somebody new', async () => {
		await alice.encrypt(B, 'one');
		const [known] = await alice.omemo.devices(B);
		await alice.omemo.setTrust(B, known?.fingerprint ?? '', 'verified');
		// Somebody answers with Bob's device id and keys of their own.
		const other = new Server();
		const mallory = await new Client(other, B).start();
		other.lists.set(A, [alice.omemo.deviceId ?? 0]);
		const aliceBundle = server.bundles.get(`${A}/${alice.omemo.deviceId}`);
		if (aliceBundle === undefined) expect.unreachable();
		other.bundles.set(`${A}/${alice.omemo.deviceId}`, aliceBundle);
		const forged = await mallory.encrypt(A, 'trust me');
		const got = await alice.decrypt(B, { ...forged, sid: bob.omemo.deviceId ?? 0 });
		expect(got.device.trust).toBe('undecided');
		expect(got.device.fingerprint).not.toBe(known?.fingerprint);
	});
});
