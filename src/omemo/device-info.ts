import { equalBytes } from '../core/bytes.ts';
import { type DeviceFailure, isWaiting } from './device-failure.ts';
import { isDoubtful } from './device-keys.ts';
import { fingerprintOf, type OmemoRows, type Peer, type PeerDevice } from './omemo-rows.ts';
import type { OwnDevice } from './own-device.ts';
import { isVerifying, trustIn } from './peer.ts';
import { isInUse, keysOf } from './peer-device.ts';
import { isMeant, sessionInUse } from './reach.ts';
import type { Trust } from './trust.ts';

/** A device as people see it, by one of its keys: one that was seen with several stands there once for each. */
export interface DeviceInfo {
	readonly id: number;
	/** identity key in hex; unknown until something came from the device */
	readonly fingerprint?: string;
	readonly trust?: Trust;
	readonly active: boolean;
	/** the one we are on */
	readonly isThis: boolean;
	/** messages are not encrypted to it, since its keys cannot be had just now; why */
	readonly leftOut?: DeviceFailure;
	/** active, and messages are not encrypted to it by this key, since a person has verified others and not this one */
	readonly isUnverified?: true;
	/** active, and its published keys are still to be looked at: they may name another than this, which came by a message alone */
	readonly isDoubtful?: true;
}

/** Somebody's devices, the key in use of each first. `own`: the one that we are on, if they are ours. */
export async function deviceInfos(
	rows: Pick<OmemoRows, 'peer' | 'session'>,
	jid: string,
	own: OwnDevice | undefined,
): Promise<DeviceInfo[]> {
	const peer = await rows.peer(jid);
	const described = peer.devices.map(async (known) =>
		known.id === own?.id
			? [ownInfo(own, known)]
			: infosOf(peer, known, await failureOf(rows, jid, peer, known)),
	);
	return (await Promise.all(described)).flat();
}

/** The ids of somebody's active devices whose keys are not known or doubtful, and may be asked for now. */
export async function unknownDevices(
	rows: Pick<OmemoRows, 'peer'>,
	jid: string,
	ownId: number | undefined,
	now: number,
): Promise<number[]> {
	const peer = await rows.peer(jid);
	const unknown = peer.devices.filter(
		(known) =>
			known.active &&
			known.id !== ownId &&
			(known.identityKey === undefined || isDoubtful(peer, known)) &&
			!isWaiting(known, now),
	);
	return unknown.map(({ id }) => id);
}

function ownInfo({ identity }: OwnDevice, { id, active }: PeerDevice): DeviceInfo {
	const fingerprint = fingerprintOf(identity.publicKey);
	return { id, active, isThis: true, fingerprint, trust: 'verified' };
}

function infosOf(peer: Peer, known: PeerDevice, failure: DeviceFailure | undefined): DeviceInfo[] {
	const { id, active, identityKey } = known;
	const bare = { id, active, isThis: false };
	const common = {
		...bare,
		...(failure && { leftOut: failure }),
		...(active && isDoubtful(peer, known) && { isDoubtful: true as const }),
	};
	const keyless = active && willBeUndecided(peer) ? { isUnverified: true as const } : {};
	const keyed = keysOf(known).map((key): DeviceInfo => {
		const trust = trustIn(peer, key);
		const unverified = active && trust === 'undecided' ? { isUnverified: true as const } : {};
		const shared = isInUse(known, key) ? common : bare;
		return { ...shared, fingerprint: fingerprintOf(key), trust, ...unverified };
	});
	return identityKey === undefined ? [{ ...common, ...keyless }, ...keyed] : keyed;
}

/** A key that is not known yet may be one that was verified before it was seen. */
function willBeUndecided(peer: Peer): boolean {
	const { identities, devices } = peer;
	const verified = identities.filter(({ trust }) => trust === 'verified');
	const isSeen = ({ key }: (typeof verified)[number]) =>
		devices.some(({ identityKey }) => identityKey && equalBytes(identityKey, key));
	return isVerifying(peer) && verified.every(isSeen);
}

/** Why a device is left out of messages to its owner though it may be trusted; undefined if it is not. */
async function failureOf(
	rows: Pick<OmemoRows, 'session'>,
	jid: string,
	peer: Peer,
	known: PeerDevice,
): Promise<DeviceFailure | undefined> {
	if (!known.active || known.failedAt === undefined || !isMeant(peer, known)) return undefined;
	if ((await sessionInUse(rows, jid, known)) !== undefined) return undefined;
	return known.failure ?? 'invalid';
}
