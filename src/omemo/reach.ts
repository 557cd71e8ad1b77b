import { isDoubtful } from './device-keys.ts';
import type { OmemoRows, Peer, PeerDevice } from './omemo-rows.ts';
import { trustIn } from './peer.ts';
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
	/** not verified yet, while others of the same person are: left out until they are */
	readonly unverified: readonly PeerDevice[];
	/** reached or not: their bundles are to be looked at first, since they may have another key */
	readonly doubtful: readonly PeerDevice[];
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
	const unverified: PeerDevice[] = [];
	for (const device of devices) {
		const session = await sessionInUse(rows, jid, device);
		const trust = device.identityKey && trustIn(peer, device.identityKey);
		if (trust === 'undecided') unverified.push(device);
		if (trust !== undefined && !isTrusted(trust)) continue;
		if (session === undefined) keyless.push(device);
		else reached.push({ jid, id: device.id, session });
	}
	const doubtful = devices.filter((device) => isDoubtful(peer, device));
	const hasKeys = devices.some(({ identityKey }) => identityKey !== undefined);
	return { reached, keyless, unverified, doubtful, hasKeys, hasDevices: devices.length > 0 };
}

/** The session with the key of a device that is in use. */
export async function sessionInUse(
	rows: Pick<OmemoRows, 'session'>,
	jid: string,
	{ id, identityKey }: Pick<PeerDevice, 'id' | 'identityKey'>,
): Promise<Session | undefined> {
	return identityKey && rows.session(jid, id, identityKey);
}

/** A device that a message is meant for, or would be if its key were known. */
export function isMeant(peer: Peer, { identityKey }: PeerDevice): boolean {
	return identityKey === undefined || isTrusted(trustIn(peer, identityKey));
}
