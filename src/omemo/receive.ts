import type { OmemoElement } from '../core/omemo-element.ts';
import type { ChatWrite } from '../vault/chat-rows.ts';
import { withoutFailure } from './device-failure.ts';
import { isDoubtful, withKey } from './device-keys.ts';
import { OmemoError, type OmemoErrorCode } from './omemo-error.ts';
import { fingerprintOf, type OmemoRows, type Peer, type PeerDevice } from './omemo-rows.ts';
import { openFirst } from './open-key.ts';
import { type OwnDevice, withBeginning } from './own-device.ts';
import { openPayload } from './payload.ts';
import { trustIn } from './peer.ts';
import { hasKey, isInUse } from './peer-device.ts';
import { peerWrites } from './peer-writes.ts';
import { RatchetError, type RatchetErrorCode } from './ratchet/ratchet-error.ts';
import type { Beginning, Opened } from './ratchet/session.ts';
import type { Trust } from './trust.ts';

/** What came out of an element. */
export interface Decrypted {
	/** absent in a key transport */
	readonly text?: string;
	readonly device: { readonly id: number; readonly fingerprint: string; readonly trust: Trust };
}

/** An element that was opened, and what changes by it once `writes` are on disk. */
export interface Received {
	readonly decrypted: Decrypted;
	readonly writes: readonly ChatWrite[];
	/** this device, whose prekeys may be used */
	readonly own: OwnDevice;
	/** the sender's device has begun a session by the key in use, and waits for an answer */
	readonly waits: boolean;
	/** the sender's device is on the list that we have */
	readonly isListed: boolean;
}

/** The failures of the ratchet that say something else than that the session is broken. */
const CODES: Partial<Record<RatchetErrorCode, OmemoErrorCode>> = {
	duplicate: 'duplicate',
	// It says nothing of the message.
	'not-loaded': 'unavailable',
};

/** Opens what came from `jid`; nothing is changed yet. Throws OmemoError. */
export async function receive(
	rows: OmemoRows,
	own: OwnDevice,
	jid: string,
	element: OmemoElement,
	now: number,
): Promise<Received> {
	const { sid } = element;
	const opened = await open(rows, own, jid, element, now);
	const { session, began, isBeginning } = opened;
	const key = session.current.remoteIdentity;
	const before = await rows.peer(jid);
	const { peer, sender } = senderAfter(before, sid, opened, now);
	const after = await beginningWrites(rows, own, began, now);
	const writes = [
		...(await peerWrites(rows, jid, before, peer)),
		// There may have been no room for the key.
		...(hasKey(sender, key) ? await rows.putSession(jid, sid, session) : []),
		...after.writes,
	];
	const device = { id: sid, fingerprint: fingerprintOf(key), trust: trustIn(peer, key) };
	return {
		decrypted: { ...(opened.text === undefined ? {} : { text: opened.text }), device },
		writes,
		own: after.own,
		waits: isBeginning && sender !== undefined && isInUse(sender, key),
		isListed: sender?.active === true,
	};
}

type OpenedElement = Opened & { readonly isBeginning: boolean; readonly text: string | undefined };

async function open(
	rows: OmemoRows,
	own: OwnDevice,
	jid: string,
	{ sid, iv, keys, payload }: OmemoElement,
	now: number,
): Promise<OpenedElement> {
	const ours = keys.filter(({ rid }) => rid === own.id);
	if (ours.length === 0) throw new OmemoError('not-for-us');
	const opened = await openFirst({ rows, own, jid, sid, now }, ours).catch((thrown: unknown) => {
		throw asOmemoError(thrown);
	});
	return { ...opened, text: payload && (await openPayload(opened.plaintext, iv, payload)) };
}

/** Somebody one of whose devices has sent what was opened, and that device if there is room for it. */
function senderAfter(
	before: Peer,
	id: number,
	{ session, isBeginning }: OpenedElement,
	now: number,
): { peer: Peer; sender: PeerDevice | undefined } {
	const key = session.current.remoteIdentity;
	const known = withKey(before, id, key, isBeginning ? 'beginning' : 'message', now);
	const sender = known.devices.find((device) => device.id === id);
	if (sender === undefined || !isInUse(sender, key)) return { peer: known, sender };
	const was = before.devices.find((device) => device.id === id);
	// Its bundle is still to be looked at, and what it writes says nothing of when that can be had.
	const isNoNews = was !== undefined && isInUse(was, key) && isDoubtful(known, sender);
	return { peer: isNoNews ? known : withoutFailure(known, id), sender };
}

/** This device after a session has begun with its prekeys, if one has. */
async function beginningWrites(
	rows: OmemoRows,
	own: OwnDevice,
	began: Beginning | undefined,
	now: number,
): Promise<{ own: OwnDevice; writes: readonly ChatWrite[] }> {
	if (began === undefined) return { own, writes: [] };
	const { device, isKept } = await withBeginning(own, began, now);
	const writes = [
		...(isKept ? await rows.putBegun(began.signedPreKeyId, began.names) : []),
		...(device === own ? [] : [await rows.putOwnDevice(device)]),
	];
	return { own: device, writes };
}

function asOmemoError(thrown: unknown): unknown {
	if (!(thrown instanceof RatchetError)) return thrown;
	return new OmemoError(CODES[thrown.code] ?? 'session-broken', {
		cause: thrown,
		reason: thrown.code,
	});
}
