import { beforeEach, describe, expect, it } from 'vitest';
import {
	createThumbnailReaders,
	type ThumbnailReaders,
} from '../../../../src/chat/files/thumbnail-readers.ts';
import { DEFAULT_SETTINGS } from '../../../../src/chat/model/account-settings.ts';
import { createPeopleStore } from '../../../../src/chat/people/people-store.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';
import { XmppError } from '../../../../src/xmpp/xmpp-error.ts';

const BOB = 'bob@b.example';
let readers: ThumbnailReaders;
let asked: string[];
let isSilent: boolean;
let time: number;
let devices: number[];
beforeEach(() => {
	[asked, isSilent, time, devices] = [[], false, 1_000_000_000_000, [1]];
	readers = createThumbnailReaders({
		people: createPeopleStore(createMemoryVault().chat, 'me@a.example'),
		omemo: {
			devices: async () => devices.map((id) => ({ id, active: true, isThis: false })),
		},
		async supports(full) {
			asked.push(full);
			if (isSilent) throw new XmppError('timeout');
			return true;
		},
		settings: () => DEFAULT_SETTINGS,
		now: () => time,
	});
});

describe('who reads thumbnails', () => {
	it('is asked again after a while if no answer came, whatever the clock does', async () => {
		isSilent = true;
		await readers.deviceWrote(BOB, `${BOB}/phone`, 1);
		await readers.deviceWrote(BOB, `${BOB}/phone`, 1);
		expect(asked.length).toBe(1);
		isSilent = false;
		time -= 1;
		await readers.deviceWrote(BOB, `${BOB}/phone`, 1);
		expect(await readers.all(BOB)).toBe(true);
	});

	it('is asked also as the thousandth', async () => {
		isSilent = true;
		for (let n = 0; n < 1000; n++) await readers.deviceWrote(BOB, `${BOB}/${n}`, 1);
		isSilent = false;
		await readers.deviceWrote(BOB, `${BOB}/phone`, 1);
		expect(await readers.all(BOB)).toBe(true);
	});

	it('is remembered for several devices that write at once', async () => {
		devices = [1, 2, 3];
		await Promise.all(devices.map((id) => readers.deviceWrote(BOB, `${BOB}/${id}`, id)));
		expect(await readers.all(BOB)).toBe(true);
	});
});
