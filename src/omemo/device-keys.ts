import { type Bytes, equalBytes } from '../core/bytes.ts';
import type { Peer, PeerDevice } from './omemo-rows.ts';
import { trustIn, withDevice, withIdentity, withTrust } from './peer.ts';
import { isTrusted } from './trust.ts';

/** Keys of one device that are kept beside the one in use: a message that none of them opens is tried with each. */
const MAX_CLAIMED = 4;

/** All keys that something came by under a device's id, the one in use first. */
export function keysOf({ identityKey, claimed = [] }: PeerDevice): readonly Bytes[] {
	return identityKey === undefined ? claimed : [identityKey, ...claimed];
}

/** Whether a key is one of a device's, in use or not. */
export function hasKey(device: PeerDevice | undefined, key: Bytes): boolean {
	return device !== undefined && keysOf(device).some((known) => equalBytes(known, key));
}

export function isInUse({ identityKey }: PeerDevice, key: Bytes): boolean {
	return identityKey !== undefined && equalBytes(identityKey, key);
}

/**
 * Somebody whose device was seen with a key. Whoever writes in their name can begin a session under any id, so the
 * key in use gives way only to one that was verified, or, if it was not verified itself, to one that is trusted blindly and
 * stands in the published bundle. `source`: `beginning` is a message that began a session, `message` any other.
 */
export function withKey(
	peer: Peer,
	id: number,
	key: Bytes,
	source: 'beginning' | 'message' | 'bundle',
	now: number,
): Peer {
	const known = withIdentity(peer, key, now);
	if (!peer.devices.some((device) => device.id === id))
		return withDevice(known, id, { identityKey: key });
	return changed(known, id, (device) => {
		if (device.identityKey === undefined) return used(known, device, key);
		const isCurrent = equalBytes(device.identityKey, key);
		const claim = isCurrent ? device : claimed(known, device, key);
		const verdict = isCurrent ? 'none' : verdictOn(known, device.identityKey, key);
		const isPublished = source === 'bundle';
		if (verdict === 'takes' || (verdict === 'contests' && isPublished))
			return used(known, device, key);
		if (isPublished) return uncontested(claim);
		return verdict === 'contests' && source === 'beginning' ? contested(claim) : claim;
	});
}

/**
 * Somebody after trust in one of their keys has changed: under each id the key that was verified last is in use, if there
 * is a session with it. Without one the bundle says whether there can be.
 */
export async function withDecision(
	peer: Peer,
	hasSession: (id: number, key: Bytes) => Promise<boolean>,
): Promise<Peer> {
	let after = peer;
	for (const { id, identityKey, claimed: others = [] } of peer.devices) {
		if (identityKey === undefined) continue;
		const known = after;
		const better = lastVerified(after, others);
		if (better !== undefined && verdictOn(after, identityKey, better) === 'takes') {
			// Somebody else has stood in the place of the one that was verified.
			if (trustIn(after, identityKey) === 'blind')
				after = withTrust(after, identityKey, 'undecided');
			const isFree = !isTrusted(trustIn(after, identityKey)) || (await hasSession(id, better));
			const judged = after;
			after = changed(after, id, (device) =>
				isFree ? used(judged, device, better) : contested(device),
			);
		} else if (
			!isTrusted(trustIn(after, identityKey)) &&
			others.some((key) => verdictOn(known, identityKey, key) === 'contests')
		)
			after = changed(after, id, contested);
	}
	return after;
}

/** Somebody one of whose devices is known by another key than somebody has named. */
export function withDoubt(peer: Peer, id: number): Peer {
	return changed(peer, id, contested);
}

/** `takes`: the other key is in use from now on; `contests`: if the bundle says so, too. */
function verdictOn(peer: Peer, current: Bytes, other: Bytes): 'takes' | 'contests' | 'none' {
	const [before, trust] = [trustIn(peer, current), trustIn(peer, other)];
	if (trust === 'verified') {
		const isLater = lastVerified(peer, [current, other]) === other;
		return before !== 'verified' || isLater ? 'takes' : 'none';
	}
	return trust === 'blind' && before !== 'verified' ? 'contests' : 'none';
}

/** Identities stand in the order in which they were verified. */
function lastVerified(peer: Peer, keys: readonly Bytes[]): Bytes | undefined {
	const last = peer.identities.findLast(
		({ key, trust }) => trust === 'verified' && keys.some((other) => equalBytes(other, key)),
	);
	return last && keys.find((key) => equalBytes(key, last.key));
}

function changed(peer: Peer, id: number, change: (device: PeerDevice) => PeerDevice): Peer {
	const devices = peer.devices.map((device) => (device.id === id ? change(device) : device));
	return devices.every((device, at) => device === peer.devices[at]) ? peer : { ...peer, devices };
}

/** The device with a key in use, and the one before beside it. What was tried with that one says nothing of this. */
function used(peer: Peer, device: PeerDevice, key: Bytes): PeerDevice {
	const { identityKey: before, claimed: others = [], healedAt: _, ...rest } = device;
	const keys = others.filter((other) => !equalBytes(other, key));
	const beside = keys.length === 0 ? {} : { claimed: keys };
	const bare = uncontested({ ...rest, identityKey: key, ...beside });
	return before === undefined || equalBytes(before, key) ? bare : claimed(peer, bare, before);
}

/** The device with another key beside the one in use; which go if there are too many, trust says. */
function claimed(peer: Peer, device: PeerDevice, key: Bytes): PeerDevice {
	const others = (device.claimed ?? []).filter((other) => !equalBytes(other, key));
	const all = [key, ...others];
	if (all.length <= MAX_CLAIMED) return { ...device, claimed: all };
	const rank = (other: Bytes) => RANKS.indexOf(trustIn(peer, other));
	const lowest = Math.max(...all.map(rank));
	const last = all.findLast((other) => rank(other) === lowest);
	return { ...device, claimed: all.filter((other) => other !== last) };
}

const RANKS = ['verified', 'blind', 'distrusted', 'undecided'];

function contested(device: PeerDevice): PeerDevice {
	return { ...device, isContested: true };
}

function uncontested(device: PeerDevice): PeerDevice {
	const { isContested, ...rest } = device;
	return isContested ? rest : device;
}
