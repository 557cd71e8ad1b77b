import type { OmemoRows, Peer, PeerDevice } from './omemo-rows.ts';
import { identityOf } from './peer.ts';
import type { Session } from './ratchet/session-state.ts';
import { isTrusted } from './trust.ts';

/** A device, by the bare address of its account and its id. */
export interface DeviceName {
	readonly jid: string;
	readonly id: number;
}

/** One person's active devices, this one aside. */
export interface Reach {
	/** trusted, with a session: messages are encrypted to them */
	readonly reached: readonly (DeviceName & { readonly session: Session })[];
	/** trusted, or of a key that is not known yet, and without a session: their keys must be fetched first */
	readonly keyless: readonly PeerDevice[];
	/** the keys of some are known, trusted or not */
	readonly hasKeys: boolean;
	readonly hasDevices: boolean;
}

export async function reachOf(
	rows: Pick<OmemoRows, 'peer' | 'session'>,
	jid: string,
	isThis: (id: number) => boolean,
): Promise<Reach> {
	const peer = await rows.peer(jid);
	const devices = peer.devices.filter(({ id, active }) => active && !isThis(id));
	const reached: (DeviceName & { session: Session })[] = [];
	const keyless: PeerDevice[] = [];
	for (const device of devices) {
		const session = await rows.session(jid, device.id);
		const identity = session && identityOf(peer, session.current.remoteIdentity);
		if (session === undefined) {
			if (isMeant(peer, device)) keyless.push(device);
		} else if (identity && isTrusted(identity.trust)) reached.push({ jid, id: device.id, session });
	}
	const hasKeys = devices.some(({ identityKey }) => identityKey !== undefined);
	return { reached, keyless, hasKeys, hasDevices: devices.length > 0 };
}

/** A device that a message is meant for, or would be if its key were known. */
export function isMeant(peer: Peer, { identityKey }: PeerDevice): boolean {
	const trust = identityKey && identityOf(peer, identityKey)?.trust;
	return trust === undefined || isTrusted(trust);
}
