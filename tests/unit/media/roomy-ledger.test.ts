import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MediaError } from '../../../src/core/errors.ts';
import { parseAesgcmUri } from '../../../src/core/links/aesgcm-uri.ts';
import { LIMITS } from '../../../src/media/limits.ts';
import { makeRoomyLedger } from '../../../src/media/roomy-ledger.ts';
import { makeSegmentBuffer } from '../../../src/media/segment-buffer.ts';
import { createLedgerRows, type LedgerRows } from '../../../src/vault/ledger-rows.ts';
import { LINKS } from '../../../src/vault/media-record.ts';
import { createMemoryTable } from '../../../src/vault/table.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';

const WHOLE = { start: 0, length: 16, ghash: new Uint8Array(16).fill(1) };

function refusing(times: number, error: Error): LedgerRows {
	const rows = createLedgerRows(createMemoryTable());
	let left = times;
	return {
		...rows,
		async count(...args) {
			left -= 1;
			if (left >= 0) throw error;
			return rows.count(...args);
		},
	};
}

describe('a ledger whose rows find no room', () => {
	const full = new MediaError('storage-full');

	it.each([0, 1, 2])('asks for more and more, %d times, and is written', async (times) => {
		const asked: boolean[] = [];
		const ledger = makeRoomyLedger(refusing(times, full), async (all) => asked.push(all) > 0);
		await ledger.count('a', 0, WHOLE, [], false);
		expect(asked).toEqual([false, true].slice(0, times));
		expect((await ledger.load('a')).length).toBe(1);
	});

	it('says so where nothing helps, or nothing is left', async () => {
		const never = makeRoomyLedger(refusing(99, full), async () => true);
		await expect(never.count('a', 0, WHOLE, [], false)).rejects.toBe(full);
		const nothing = makeRoomyLedger(refusing(1, full), async () => false);
		await expect(nothing.count('a', 0, WHOLE, [], false)).rejects.toBe(full);
	});

	it('drops nothing for another failure', async () => {
		const tampered = new MediaError('tampered');
		const ledger = makeRoomyLedger(refusing(1, tampered), async () => expect.unreachable());
		await expect(ledger.count('a', 0, WHOLE, [], false)).rejects.toBe(tampered);
	});
});

describe('room', () => {
	it('comes from other items first, then from the end of this one, then from all of it', async () => {
		const vault = createMemoryVault();
		const uri = `aesgcm://h.example/a.mp4#${'ab'.repeat(12)}${'cd'.repeat(32)}`;
		const [mine, other, empty] = await Promise.all(
			[0, 1, 2].map(() => vault.media.add(parseAesgcmUri(uri), LINKS)),
		);
		const ids = [mine?.id ?? '', other?.id ?? ''];
		const shelf = makeSegmentBuffer({ id: ids[0] ?? '', vault, limits: LIMITS });
		for (let index = 0; index < 40; index++) await shelf.put(index, randomBytes(64));
		await vault.segments.put(ids[1] ?? '', 0, randomBytes(64));
		await shelf.settle();
		const left = () => Promise.all(ids.map(async (id) => (await vault.segments.list(id)).length));
		expect(await shelf.makeRoom(false)).toBe(true);
		expect(await left()).toEqual([40, 0]);
		expect(await shelf.makeRoom(false)).toBe(true);
		expect(await left()).toEqual([24, 0]);
		expect(await shelf.get(39)).toBeUndefined();
		expect(await shelf.makeRoom(true)).toBe(true);
		expect(await left()).toEqual([0, 0]);
		expect(await shelf.makeRoom(true)).toBe(false);
		expect(empty).toBeDefined();
	});
});
