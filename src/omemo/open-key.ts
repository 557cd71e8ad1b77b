import { type Bytes, equalBytes } from '../core/bytes.ts';
import type { OmemoElement } from '../core/omemo-element.ts';
import type { OmemoRows } from './omemo-rows.ts';
import { localIdentity, type OwnDevice, preKeysFor } from './own-device.ts';
import { keysOf } from './peer-device.ts';
import { createEffort, type Effort } from './ratchet/effort.ts';
import { RatchetError } from './ratchet/ratchet-error.ts';
import {
	decryptMessage,
	decryptPreKeyMessage,
	type Opened,
	senderIdentity,
} from './ratchet/session.ts';

type Key = OmemoElement['keys'][number];

/** Keys for one device in one element that are tried. */
const MAX_KEYS = 4;

/** What a key is opened with, and whose it says it is. */
interface Opening {
	readonly rows: OmemoRows;
	readonly own: OwnDevice;
	/** the sender, bare, and the id of their device */
	readonly jid: string;
	readonly sid: number;
	readonly now: number;
}

/**
 * Opens the first of the keys to this device that can be opened. `isBeginning`: it says how its session began, so that it
 * waits for an answer. Throws what the first one that cannot be opened throws, see `openKey`.
 */
export async function openFirst(
	opening: Opening,
	keys: readonly Key[],
): Promise<Opened & { isBeginning: boolean }> {
	const effort = createEffort();
	let failure: unknown;
	for (const key of keys.slice(0, MAX_KEYS)) {
		try {
			return { ...(await openKey(opening, key, effort)), isBeginning: key.isPreKey };
		} catch (thrown) {
			failure ??= thrown;
		}
	}
	throw failure;
}

/** Throws RatchetError. */
async function openKey(opening: Opening, key: Key, effort: Effort): Promise<Opened> {
	const { bytes, isPreKey } = key;
	if (!isPreKey) return openMessage(opening, bytes, effort);
	const { rows, own, jid, sid, now } = opening;
	const before = await rows.session(jid, sid, senderIdentity(bytes));
	const preKeys = {
		find: async (named: Parameters<typeof preKeysFor>[1]) => preKeysFor(own, named, now),
		hasBegun: rows.hasBegun,
	};
	return decryptPreKeyMessage(localIdentity(own), preKeys, bytes, before, effort);
}

/** A message does not say by which key it is: the one in use is tried first, and `effort` bounds what all of them cost. */
async function openMessage(
	{ rows, jid, sid }: Opening,
	bytes: Bytes,
	effort: Effort,
): Promise<Opened> {
	const device = (await rows.peer(jid)).devices.find(({ id }) => id === sid);
	const keys = device === undefined ? [] : keysOf(device);
	let failure = new RatchetError('no-session');
	for (const key of keys) {
		const session = await rows.session(jid, sid, key);
		try {
			if (session !== undefined) return await decryptMessage(session, bytes, effort);
		} catch (thrown) {
			failure = worse(failure, thrown);
		}
	}
	// Older versions forgot devices whose sessions they kept.
	const old = await rows.oldSession(jid, sid);
	if (old === undefined || keys.some((key) => equalBytes(key, old.current.remoteIdentity)))
		throw failure;
	return decryptMessage(old, bytes, effort);
}

/** Of two failures the one that says more than that a session does not know the message. */
function worse(before: RatchetError, thrown: unknown): RatchetError {
	if (!(thrown instanceof RatchetError)) throw thrown;
	return before.code === 'no-session' || before.code === 'mac-invalid' ? thrown : before;
}
