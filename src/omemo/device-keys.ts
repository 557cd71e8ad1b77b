import { type Bytes, equalBytes } from '../core/bytes.ts';
import type { Peer, PeerDevice } from './omemo-rows.ts';
import { trustIn, withDevice, withIdentity, withTrust } from './peer.ts';
import { isTrusted, type Trust } from './trust.ts';

/** Keys of one device that are kept beside the one in use: a message that none of them opens is tried with each. */
const MAX_OTHERS = 4;
/** If there are more, those that stand last go first: new keys that a forger makes up push out nothing that is trusted or judged. */
const RANKS: readonly Trust[] = ['verified', 'blind', 'distrusted', 'undecided'];

/**
 * Somebody whose device was seen with a key. Whoever writes in their name can begin a session under any id, so the
 * key in use gives way only to one that was verified, or to the one that stands in the published bundle, see `givesWay`.
 * `source`: `beginning` is a message that began a session, `message` any other.
 */
export function withKey(
	peer: Peer,
	id: number,
	key: Bytes,
	source: 'beginning' | 'message' | 'bundle',
	now: number,
): Peer {
	const known = withIdentity(peer, key, now);
	const isPublished = source === 'bundle';
	if (!peer.devices.some((device) => device.id === id))
		return withDevice(known, id, { identityKey: key, ...(isPublished && { isPublished }) });
	return updateDevice(known, id, (device) =>
		isPublished
			? withPublishedKey(known, device, key)
			: withSentKey(known, device, key, source === 'beginning'),
	);
}

/** A device by whose key something has come. */
function withSentKey(peer: Peer, device: PeerDevice, key: Bytes, isBeginning: boolean): PeerDevice {
	const { identityKey: current } = device;
	if (current === undefined) return withKeyInUse(peer, device, key);
	if (equalBytes(current, key)) return device;
	const found = compareKeys(peer, current, key);
	if (found === 'takes') return withKeyInUse(peer, device, key);
	const after = withOtherKey(peer, device, key);
	return found === 'contests' && isBeginning ? markContested(after) : after;
}

/** A device whose bundle names a key. */
function withPublishedKey(peer: Peer, device: PeerDevice, key: Bytes): PeerDevice {
	const { identityKey: current } = device;
	if (current !== undefined && !equalBytes(current, key) && !givesWay(peer, device, current, key))
		return clearContested(withOtherKey(peer, device, key));
	return { ...clearContested(withKeyInUse(peer, device, key)), isPublished: true };
}

/**
 * Whether a device's key in use gives way to the published one. One that is not written to does, or the published one would
 * never be there to compare; and one that came by messages alone unless it was verified, whatever is held of the published one.
 */
function givesWay(
	peer: Peer,
	{ isPublished }: PeerDevice,
	current: Bytes,
	published: Bytes,
): boolean {
	const trust = trustIn(peer, current);
	if (!isTrusted(trust) || (trust === 'blind' && !isPublished)) return true;
	return compareKeys(peer, current, published) !== 'none';
}

/**
 * Whether a device's bundle is to be looked at before the next message: which of its keys is right is doubtful, or no bundle
 * has named the one in use and no person has verified it.
 */
export function isDoubtful(
	peer: Peer,
	{ identityKey, isContested, isPublished }: PeerDevice,
): boolean {
	if (isContested) return true;
	return identityKey !== undefined && !isPublished && trustIn(peer, identityKey) !== 'verified';
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
	for (const device of peer.devices) after = await decideDevice(after, device, hasSession);
	return after;
}

/** The same for one of their devices. */
async function decideDevice(
	peer: Peer,
	{ id, identityKey: current, otherKeys = [] }: PeerDevice,
	hasSession: (id: number, key: Bytes) => Promise<boolean>,
): Promise<Peer> {
	if (current === undefined) return peer;
	const better = lastVerified(peer, otherKeys);
	if (better !== undefined && compareKeys(peer, current, better) === 'takes') {
		// Somebody else has stood in the place of the one that was verified.
		const isBlind = trustIn(peer, current) === 'blind';
		const after = isBlind ? withTrust(peer, current, 'undecided') : peer;
		const isFree = !isTrusted(trustIn(after, current)) || (await hasSession(id, better));
		return updateDevice(after, id, (device) =>
			isFree ? withKeyInUse(after, device, better) : markContested(device),
		);
	}
	const mayGiveWay =
		!isTrusted(trustIn(peer, current)) &&
		otherKeys.some((key) => compareKeys(peer, current, key) === 'contests');
	return mayGiveWay ? updateDevice(peer, id, markContested) : peer;
}

/** Somebody one of whose devices is known by another key than somebody has named. */
export function withDoubt(peer: Peer, id: number): Peer {
	return updateDevice(peer, id, markContested);
}

/**
 * Whether another key takes the place of a device's key in use, by what is held of both. `contests`: only if the published
 * bundle names it, too.
 *
 * | other \ in use | verified                     | blind    | undecided, distrusted |
 * |----------------|------------------------------|----------|-----------------------|
 * | verified       | takes if it was verified last | takes    | takes                 |
 * | blind          | none                         | contests | contests              |
 * | any else       | none                         | none     | none                  |
 */
function compareKeys(peer: Peer, current: Bytes, other: Bytes): 'takes' | 'contests' | 'none' {
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

function updateDevice(peer: Peer, id: number, change: (device: PeerDevice) => PeerDevice): Peer {
	const devices = peer.devices.map((device) => (device.id === id ? change(device) : device));
	return devices.every((device, at) => device === peer.devices[at]) ? peer : { ...peer, devices };
}

/** The device with a key in use, and the one before beside it. What was tried with that one says nothing of this. */
function withKeyInUse(peer: Peer, device: PeerDevice, key: Bytes): PeerDevice {
	const { identityKey: before } = device;
	if (before !== undefined && equalBytes(before, key)) return device;
	const {
		otherKeys: others = [],
		healedAt: _healedAt,
		isPublished: _isPublished,
		...rest
	} = device;
	const left = others.filter((other) => !equalBytes(other, key));
	const otherKeys = left.length === 0 ? {} : { otherKeys: left };
	const after = clearContested({ ...rest, identityKey: key, ...otherKeys });
	return before === undefined ? after : withOtherKey(peer, after, before);
}

/** The device with another key beside the one in use; which one goes if there are too many, `RANKS` says. */
function withOtherKey(peer: Peer, device: PeerDevice, key: Bytes): PeerDevice {
	const others = (device.otherKeys ?? []).filter((other) => !equalBytes(other, key));
	const all = [key, ...others];
	if (all.length <= MAX_OTHERS) return { ...device, otherKeys: all };
	const rank = (other: Bytes) => RANKS.indexOf(trustIn(peer, other));
	const lowest = Math.max(...all.map(rank));
	const last = all.findLast((other) => rank(other) === lowest);
	return { ...device, otherKeys: all.filter((other) => other !== last) };
}

function markContested(device: PeerDevice): PeerDevice {
	return { ...device, isContested: true };
}

function clearContested(device: PeerDevice): PeerDevice {
	const { isContested, ...rest } = device;
	return isContested ? rest : device;
}
