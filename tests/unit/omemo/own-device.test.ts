import { describe, expect, it } from 'vitest';
import {
	createOwnDevice,
	type OwnDevice,
	preKeysFor,
	withBeginning,
	withCurrentSignedPreKey,
	withoutOldPreKeys,
} from '../../../src/omemo/own-device.ts';
import { Client, Server } from './support.ts';

const DAY = 24 * 60 * 60 * 1000;
const YEAR = 365 * DAY;
const NOW = 1_000_000_000_000;
const idsOf = ({ signedPreKeys }: OwnDevice) => signedPreKeys.map(({ id }) => id);

describe('the signed prekey', () => {
	it('is replaced after a week, and answers for thirty days from then on', async () => {
		let device = await createOwnDevice(NOW);
		expect(await withCurrentSignedPreKey(device, NOW + 7 * DAY - 1)).toBe(device);
		for (let week = 1; week <= 10; week++) {
			device = await withCurrentSignedPreKey(device, NOW + week * 7 * DAY);
			expect(device.signedPreKeys[0]?.id).toBe(week + 1);
		}
		// The one that was replaced 28 days ago answers, that of 35 days ago does not.
		expect(idsOf(device)).toEqual([11, 10, 9, 8, 7, 6]);
	});

	it('that was published all the time while this device was away still answers', async () => {
		const device = await createOwnDevice(NOW);
		const back = await withCurrentSignedPreKey(device, NOW + 100 * DAY);
		expect(idsOf(back)).toEqual([2, 1]);
	});

	it('of a clock that was ahead is replaced at once, and neither dropped early nor kept for ever', async () => {
		let device = await withCurrentSignedPreKey(await createOwnDevice(NOW), NOW + 8 * DAY);
		device = await withCurrentSignedPreKey(device, NOW + YEAR);
		expect(idsOf(device)).toEqual([3, 2, 1]);
		device = await withCurrentSignedPreKey(device, NOW + 9 * DAY);
		expect(idsOf(device)).toEqual([4, 3, 2, 1]);
		for (let week = 1; week <= 5; week++)
			device = await withCurrentSignedPreKey(device, NOW + (9 + week * 7) * DAY);
		expect(idsOf(device)).toEqual([9, 8, 7, 6, 5, 4]);
	});

	it('is kept in bounds by a clock that jumps to and fro', async () => {
		let device = await createOwnDevice(NOW);
		for (let jump = 0; jump < 30; jump++)
			device = await withCurrentSignedPreKey(device, NOW + (jump % 2 === 0 ? 8 * DAY : 0));
		expect(device.signedPreKeys.length).toBeLessThanOrEqual(21);
	});

	it('of the time before it went away reads what comes from the archive', async () => {
		const server = new Server();
		const alice = await new Client(server, 'alice@a.example').start();
		const bob = await new Client(server, 'bob@b.example').start();
		const late = await alice.encrypt(bob.account, 'while you were away');
		bob.time += 45 * DAY;
		await bob.omemo.start();
		expect((await bob.decrypt(alice.account, late)).text).toBe('while you were away');
	});
});

describe('a one-time prekey that was used', () => {
	const key = (byte: number) => new Uint8Array(33).fill(byte);

	it('answers for a day, also if the clock was ahead when it was used, and no longer', async () => {
		const named = (byte: number) => ({ signedPreKeyId: 1, preKeyId: 5, baseKey: key(byte) });
		let { device } = await withBeginning(await createOwnDevice(NOW), named(1), NOW + YEAR);
		expect(preKeysFor(device, named(2), NOW)).toBeDefined();
		device = withoutOldPreKeys(device, NOW);
		expect(withoutOldPreKeys(device, NOW)).toBe(device);
		expect(preKeysFor(device, named(2), NOW + DAY - 1)).toBeDefined();
		expect(preKeysFor(device, named(2), NOW + DAY)).toBeUndefined();
		expect(withoutOldPreKeys(device, NOW + DAY).usedPreKeys).toEqual([]);
	});
});
