import { expect, it } from 'vitest';
import type { DeviceInfo } from '../../../src/chat/account/messenger.ts';
import { countLeftOut, deviceRows } from '../../../src/ui/contact/device-rows.ts';

const device = (id: number, given: Partial<DeviceInfo> = {}): DeviceInfo => ({
	id,
	active: true,
	isThis: false,
	...given,
});
const key = (letter: string) => letter.repeat(64);

it('this device comes first, those no longer in use come last, and nobody sees what is neither', () => {
	const rows = deviceRows(
		[
			device(1, { active: false }),
			device(2, { active: false, fingerprint: key('b') }),
			device(3),
			device(4, { isThis: true }),
		],
		[],
	);
	expect(rows.map(({ id }) => id)).toEqual([4, 3, 2]);
});

it('a row stays the same when its key becomes known, and when another comes under its id', () => {
	const one = deviceRows([device(7)], []);
	const two = deviceRows([device(7, { fingerprint: key('a') })], one);
	const three = deviceRows(
		[device(7, { fingerprint: key('a') }), device(7, { fingerprint: key('b') })],
		two,
	);
	expect(two[0]?.key).toBe(one[0]?.key);
	expect(three.map(({ isOtherKey }) => isOtherKey)).toEqual([false, true]);
	expect(three[0]?.key).toBe(one[0]?.key);
	expect(new Set(three.map((row) => row.key)).size).toBe(2);
});

it('a row is told by its key, too: the one in use and the other may change places', () => {
	const [a, b] = [device(7, { fingerprint: key('a') }), device(7, { fingerprint: key('b') })];
	const before = deviceRows([a, b], []);
	const after = deviceRows([b, a], before);
	expect(after.map((row) => row.key)).toEqual(before.map((row) => row.key).reverse());
	expect(after.map(({ isOtherKey }) => isOtherKey)).toEqual([false, true]);
	// The key is forgotten, and the id begins anew beside it.
	const again = deviceRows([device(7), a], deviceRows([a], deviceRows([device(7)], [])));
	expect(new Set(again.map((row) => row.key)).size).toBe(2);
});

it('each device that is left out counts once, for one reason, and another key under its id does not', () => {
	const unverified = { isUnverified: true, trust: 'undecided' } as const;
	expect(
		countLeftOut([
			device(1, { isThis: true, fingerprint: key('a'), trust: 'verified' }),
			device(2, { ...unverified, fingerprint: key('b') }),
			device(3, { isUnverified: true, leftOut: 'passing' }),
			device(4, { leftOut: 'missing' }),
			device(5, { fingerprint: key('c'), trust: 'verified' }),
			device(5, { ...unverified, fingerprint: key('d') }),
			device(6, { fingerprint: key('e'), trust: 'distrusted' }),
		]),
	).toEqual({ unverified: 2, failed: 1 });
});
