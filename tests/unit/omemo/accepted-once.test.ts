import { beforeEach, describe, expect, it } from 'vitest';
import type { OmemoElement } from '../../../src/core/omemo-element.ts';
import {
	createOwnDevice,
	MAX_BEGUN,
	type OwnDevice,
	preKeysFor,
	withBeginning,
	withCurrentSignedPreKey,
} from '../../../src/omemo/own-device.ts';
import { MAX_ARCHIVED } from '../../../src/omemo/ratchet/bounds.ts';
import { Client, Forger, Server } from './support.ts';

const A = 'alice@a.example';
const B = 'bob@b.example';
const C = 'carol@c.example';
const DAY = 24 * 60 * 60 * 1000;

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

/** The server hands out no one-time prekeys of alice's. */
function withoutPreKeys(): void {
	const id = `${A}/${alice.omemo.deviceId}`;
	const bundle = server.bundles.get(id);
	if (bundle === undefined) expect.unreachable();
	server.bundles.set(id, { ...bundle, preKeys: [] });
}

const ownRow = async () => (await alice.vault.chat.get(`omemo\n${A}\ndevice`)) as OwnDevice;

const refused = (work: Promise<unknown>) =>
	expect(work).rejects.toMatchObject({ code: 'duplicate', reason: 'duplicate' });

async function forget(client: Client, jid: string): Promise<void> {
	for (const { fingerprint = '' } of await client.omemo.devices(jid))
		await client.omemo.forget(jid, fingerprint);
}

describe.each([true, false])('a beginning, with one-time prekeys: %s', (withPreKeys) => {
	let first: OmemoElement;
	beforeEach(async () => {
		if (!withPreKeys) withoutPreKeys();
		first = await bob.encrypt(A, 'pay me');
		expect((await alice.decrypt(B, first)).text).toBe('pay me');
	});

	it('is not accepted under another device id or address, nor after a restart', async () => {
		await refused(alice.decrypt(B, first));
		await refused(alice.decrypt(B, { ...first, sid: sid + 1 }));
		await refused(alice.decrypt(C, first));
		const again = await new Client(server, A, alice.vault).start();
		await refused(again.decrypt(C, first));
		await refused(again.decrypt(B, { ...first, sid: sid + 1 }));
		expect(await again.omemo.devices(C)).toEqual([]);
	});

	it('is not accepted when its session is gone: displaced, archived away, or forgotten', async () => {
		await alice.decrypt(B, await new Forger(server, B).forge(alice, 'forged', sid));
		await refused(alice.decrypt(B, first));
		for (let count = 0; count < MAX_ARCHIVED + 2; count++) {
			await bob.vault.chat.removeAll(`omemo\n${B}\nsession`);
			await alice.decrypt(B, await bob.encrypt(A, `${count}`));
		}
		await refused(alice.decrypt(B, first));
		await forget(alice, B);
		await refused(alice.decrypt(B, first));
		expect(await alice.trustOf(B)).toEqual([undefined]);
	});

	it('is accepted later if it could not be kept', async () => {
		const next = await new Client(server, C).start();
		const element = await next.encrypt(A, 'kept');
		const failing = alice.omemo.decrypt(C, element, async () => {
			throw new Error('disk full');
		});
		await expect(failing).rejects.toThrow('disk full');
		expect((await alice.decrypt(C, element)).text).toBe('kept');
	});

	it('uses up its prekeys also where it was kept and the rest then failed', async () => {
		const carol = await new Client(server, C).start();
		const element = await carol.encrypt(A, 'one');
		const failing = alice.omemo.decrypt(C, element, async (_, writes) => {
			await alice.vault.chat.write(writes);
			throw new Error('disk full');
		});
		await expect(failing).rejects.toThrow('disk full');
		const afterOne = await ownRow();
		expect(alice.omemo.deviceId).toBe(afterOne.id);
		const dave = await new Client(server, 'dave@d.example').start();
		await alice.decrypt('dave@d.example', await dave.encrypt(A, 'two'));
		const afterTwo = await ownRow();
		const begun = (row: typeof afterOne) => row.signedPreKeys[0]?.begun ?? 0;
		expect(begun(afterTwo)).toBe(begun(afterOne) + 1);
		for (const { id } of afterOne.usedPreKeys ?? []) {
			expect(afterTwo.usedPreKeys?.map((used) => used.id)).toContain(id);
			expect(afterTwo.preKeys.map((preKey) => preKey.id)).not.toContain(id);
		}
		await refused(alice.decrypt(C, element));
	});

	it('goes on with more messages of its session, in any order', async () => {
		const [second, third] = [await bob.encrypt(A, 'two'), await bob.encrypt(A, 'three')];
		expect(third.keys[0]?.isPreKey).toBe(true);
		expect((await alice.decrypt(B, third)).text).toBe('three');
		expect((await alice.decrypt(B, second)).text).toBe('two');
		await refused(alice.decrypt(B, third));
	});
});

describe('the memory of what was begun', () => {
	const named = (at: number, preKeyId?: number) => ({
		signedPreKeyId: 1,
		baseKey: Uint8Array.from([at & 0xff, at >> 8]),
		...(preKeyId === undefined ? {} : { preKeyId }),
	});
	const NOW = 1_000_000_000_000;

	it('makes room in time, with another signed prekey once a day, and accepts nothing that it cannot keep', async () => {
		let device = await createOwnDevice(NOW);
		for (let at = 0; at < MAX_BEGUN; at++) {
			expect(preKeysFor(device, named(at), NOW)).toBeDefined();
			const next = await withBeginning(device, named(at), NOW);
			expect(next.isKept).toBe(true);
			device = next.device;
		}
		// All of one day: one key has done it, and answers only with prekeys that nobody has used.
		expect(device.signedPreKeys.length).toBe(1);
		expect(preKeysFor(device, named(5000), NOW)).toBeUndefined();
		expect(preKeysFor(device, named(5000, 5), NOW)).toBeDefined();
		const last = await withBeginning(device, named(5000, 5), NOW + DAY);
		expect(last.isKept).toBe(false);
		expect(preKeysFor(last.device, named(6000, 5), NOW + DAY)).toBeUndefined();
		expect(last.device.signedPreKeys.map(({ id }) => id)).toEqual([2, 1]);
		expect(preKeysFor(last.device, { ...named(1), signedPreKeyId: 2 }, NOW)).toBeDefined();
		expect(preKeysFor(last.device, named(7000), NOW + DAY)).toBeUndefined();
	});

	it('makes room at the next start where nothing more can begin', async () => {
		const made = await createOwnDevice(NOW);
		const signedPreKeys = made.signedPreKeys.map((key) => ({ ...key, begun: MAX_BEGUN }));
		const device = { ...made, signedPreKeys };
		expect(await withCurrentSignedPreKey(device, NOW + DAY - 1)).toBe(device);
		const next = await withCurrentSignedPreKey(device, NOW + DAY);
		expect(next.signedPreKeys.map(({ id, begun }) => [id, begun])).toEqual([
			[2, undefined],
			[1, MAX_BEGUN],
		]);
	});

	it('publishes the other signed prekey', async () => {
		const half = MAX_BEGUN / 2;
		const { chat } = alice.vault;
		const row = `omemo\n${A}\ndevice`;
		const own = (await chat.get(row)) as { signedPreKeys: object[] };
		const signedPreKeys = own.signedPreKeys.map((key) => ({ ...key, begun: half - 1 }));
		await chat.write([await chat.put(row, { ...own, signedPreKeys })]);
		const again = await new Client(server, A, alice.vault).start();
		again.time += DAY;
		withoutPreKeys();
		const element = await bob.encrypt(A, 'one');
		expect((await again.decrypt(B, element)).text).toBe('one');
		const published = () => server.bundles.get(`${A}/${alice.omemo.deviceId}`)?.signedPreKey.id;
		await expect.poll(published, { timeout: 5000 }).toBe(2);
		await refused(again.decrypt(C, element));
	});

	it('is as long as the signed prekey answers, and goes with it', async () => {
		withoutPreKeys();
		await alice.decrypt(B, await bob.encrypt(A, 'one'));
		const begun = () => alice.vault.chat.page(`omemo\n${A}\nbegun`, { limit: 100 });
		expect((await begun()).length).toBe(2);
		for (let week = 0; week < 2; week++) {
			alice.time += 8 * DAY;
			await alice.omemo.start();
		}
		expect((await begun()).length).toBe(2);
		for (let week = 0; week < 6; week++) {
			alice.time += 8 * DAY;
			await alice.omemo.start();
		}
		expect((await begun()).length).toBe(0);
	});

	it('goes at the next start where the app had ended before it was gone', async () => {
		const { chat } = alice.vault;
		const row = (...parts: (string | number)[]) => ['omemo', A, 'begun', ...parts].join('\n');
		const rows = [row(1, 'ab'), row(7, '00'), row(7, 'ff'), row(70, 'cd')];
		await chat.write(await Promise.all(rows.map((key) => chat.put(key, 1))));
		await new Client(server, A, alice.vault).start();
		expect(await chat.has(rows)).toEqual([true, false, false, false]);
	});

	it('keeps the number with a key that was replaced', async () => {
		const { device } = await withBeginning(await createOwnDevice(NOW), named(1), NOW);
		const later = await withCurrentSignedPreKey(device, NOW + 8 * DAY);
		expect(later.signedPreKeys.map(({ begun }) => begun)).toEqual([undefined, 1]);
	});
});
