import { describe, expect, it } from 'vitest';
import { packJson, unpackJson } from '../../../src/core/packed-json.ts';
import { fitting } from '../../../src/core/row-schema.ts';
import { createOmemoRows } from '../../../src/omemo/omemo-rows.ts';
import { createOwnDevice, OWN_DEVICE } from '../../../src/omemo/own-device.ts';
import {
	type RatchetState,
	SESSION,
	type Session,
} from '../../../src/omemo/ratchet/session-state.ts';
import { isTrusted, type Trust } from '../../../src/omemo/trust.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';

const ANNA = 'anna@example.org';
const BEN = 'ben@example.org';
const key = new Uint8Array(32);
const pair = { publicKey: key, privateKey: key };
/** As the first version wrote it. */
const state: RatchetState = {
	localIdentity: key,
	remoteIdentity: key,
	rootKey: key,
	sending: { key, index: 0, ratchetKey: pair },
	receiving: [{ key, index: 1, ratchetKey: key, skipped: [{ index: 0, seed: key }] }],
	previousCounter: 0,
	baseKey: key,
};
const session: Session = { current: state, archived: [state] };

const rowKey = (...parts: string[]) => ['omemo', ANNA, ...parts].join('\n');

async function rowsWith(values: Readonly<Record<string, unknown>>) {
	const { chat } = createMemoryVault();
	await chat.write(
		await Promise.all(Object.entries(values).map(([name, value]) => chat.put(name, value))),
	);
	return createOmemoRows(chat, ANNA);
}

describe('rows that fit', () => {
	it('a device as it is written, read back', async () => {
		const device = unpackJson(packJson(await createOwnDevice(1)));
		expect(fitting(OWN_DEVICE, device)).toBe(device);
	});

	it('sessions and somebody, as the first version wrote them', async () => {
		const peer = {
			devices: [{ id: 1, active: true }],
			identities: [{ key, trust: 'blind', firstSeen: 1 }],
		};
		const unanswered = { registrationId: 1, signedPreKeyId: 1 };
		const begun = { current: { ...state, unanswered }, archived: [] };
		const rows = await rowsWith({
			[rowKey('peer', BEN)]: peer,
			[rowKey('session', BEN, '1')]: session,
			[rowKey('session', BEN, '2')]: begun,
		});
		expect(await rows.peer(BEN)).toEqual(peer);
		expect(await rows.oldSession(BEN, 1)).toEqual(session);
		expect(await rows.session(BEN, 2, key)).toEqual(begun);
	});
});

it.each([
	['nothing of it', {}],
	['a list in the place of bytes', { current: { ...state, rootKey: [...key] }, archived: [] }],
	['no chain', { current: { ...state, sending: undefined }, archived: [] }],
	['an archive that is none', { current: state, archived: [7] }],
	['a text', 'session'],
])('a session that has %s counts as none', async (_, value) => {
	expect(fitting(SESSION, value)).toBeUndefined();
	const rows = await rowsWith({ [rowKey('session', BEN, '1')]: value });
	expect(await rows.session(BEN, 1, key)).toBeUndefined();
});

it('what a version to come says of a key is no trust, and forgets neither the key nor what was decided of others', async () => {
	const peer = {
		devices: [{ id: 1, active: true, failedAt: 1, failure: 'later-reason' }],
		identities: [
			{ key, trust: 'later-trust', firstSeen: 1 },
			{ key: new Uint8Array(32).fill(1), trust: 'distrusted', firstSeen: 1 },
		],
	};
	const rows = await rowsWith({ [rowKey('peer', BEN)]: peer });
	expect(await rows.peer(BEN)).toEqual(peer);
	expect(isTrusted('later-trust' as Trust)).toBe(false);
});

it('somebody whose row does not fit is nobody yet, and a device that does not is made anew', async () => {
	const rows = await rowsWith({
		[rowKey('peer', BEN)]: { devices: [{ id: '1' }], identities: [] },
		[rowKey('device')]: { id: 1 },
	});
	expect(await rows.peer(BEN)).toEqual({ devices: [], identities: [] });
	expect(await rows.ownDevice()).toBeUndefined();
});
