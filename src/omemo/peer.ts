import { type Bytes, equalBytes, fromHex } from '../core/bytes.ts';
import type { NamedDevice } from '../core/links/contact-uri.ts';
import type { Identity, Peer, PeerDevice } from './omemo-rows.ts';
import { keysOf } from './peer-device.ts';
import { isDecided, isTrusted, type Trust } from './trust.ts';

/** Devices on somebody's list that are looked at; lists can be of any length. */
const MAX_DEVICES = 100;
/** Devices of somebody that are remembered though they are not on the list, besides those whose keys a person has judged. */
const MAX_GONE = 100;
/** Identities of somebody that are remembered, besides those that a person has judged. */
const MAX_IDENTITIES = 400;

/** Somebody after a device list of theirs came. */
export function withList(peer: Peer, ids: readonly number[], now: number): Peer {
	const known = new Map(peer.devices.map((device) => [device.id, device]));
	const isKept = (id: number) => isJudged(peer, known.get(id));
	const usable = usableIds(ids);
	const first = usable.filter(isKept);
	const listed = new Set([...first, ...usable.filter((id) => !isKept(id))].slice(0, MAX_DEVICES));
	const active = usable
		.filter((id) => listed.has(id))
		.map((id) => ({ ...known.get(id), id, active: true }));
	const gone = peer.devices
		.filter(({ id }) => !listed.has(id))
		.map((device) => ({ ...device, active: false }));
	const devices = [...active, ...withinBounds(peer, gone)];
	return { ...peer, devices, listedAt: now, hasList: true };
}

/** The ids of a device list that can be used: positive, each once. */
function usableIds(ids: readonly number[]): number[] {
	return [...new Set(ids.filter((id) => Number.isInteger(id) && id > 0 && id <= 0xffffffff))];
}

/**
 * Somebody after something became known of one of their devices. One that was never seen is in use only if no list says
 * that it is not.
 */
export function withDevice(peer: Peer, id: number, change: Partial<PeerDevice>): Peer {
	const before = peer.devices.find((device) => device.id === id);
	if (before !== undefined) {
		const devices = peer.devices.map((device) =>
			device === before ? { ...before, ...change } : device,
		);
		return { ...peer, devices };
	}
	const active = peer.devices.filter((device) => device.active);
	const gone = peer.devices.filter((device) => !device.active);
	const isActive = !hasList(peer) && active.length < MAX_DEVICES;
	const after = { id, active: isActive, ...change };
	const devices = isActive
		? [...active, after, ...gone]
		: [...active, ...withinBounds(peer, [after, ...gone])];
	return { ...peer, devices };
}

/** Whether somebody has published a list; older versions wrote down an empty one as they did that there was none. */
function hasList({ hasList: isMarked, listedAt, devices }: Peer): boolean {
	return isMarked === true || (listedAt !== undefined && devices.length > 0);
}

/** Devices that are not on the list, the last seen first. Those of whose keys least is held go first, then the oldest. */
function withinBounds(peer: Peer, gone: readonly PeerDevice[]): PeerDevice[] {
	const others = gone.filter((device) => !isJudged(peer, device));
	const rank = ({ identityKey }: PeerDevice) => {
		if (identityKey === undefined) return 2;
		return isTrusted(trustIn(peer, identityKey)) ? 0 : 1;
	};
	const kept = new Set(others.toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_GONE));
	return gone.filter((device) => kept.has(device) || isJudged(peer, device));
}

/** Whether a person has said of one of a device's keys what is held of it. */
function isJudged(peer: Peer, device: PeerDevice | undefined): boolean {
	return device !== undefined && keysOf(device).some((key) => isDecided(trustIn(peer, key)));
}

/**
 * Whether a person has ever verified a key of somebody: blind trust ends there for good, also when that key is distrusted or
 * forgotten. Of old rows the keys say it: one that is undecided came after another was verified.
 */
export function isVerifying({ isVerifying: isMarked, identities }: Peer): boolean {
	return (
		isMarked === true ||
		identities.some(({ trust }) => trust === 'verified' || trust === 'undecided')
	);
}

/** Somebody with other keys, of whom it is not forgotten that one was verified. */
function withIdentities(peer: Peer, identities: readonly Identity[]): Peer {
	const after = { ...peer, identities };
	return isVerifying(peer) || isVerifying(after) ? { ...after, isVerifying: true } : after;
}

/** Somebody who is known with an identity key. A new one is trusted blindly as long as nobody has verified another. */
export function withIdentity(peer: Peer, key: Bytes, now: number): Peer {
	if (identityOf(peer, key) !== undefined) return peer;
	const trust: Trust = isVerifying(peer) ? 'undecided' : 'blind';
	const identities = [...peer.identities, { key, trust, firstSeen: now }];
	const free = identities.filter((identity) => !isDecided(identity.trust));
	if (free.length <= MAX_IDENTITIES) return withIdentities(peer, identities);
	// One that is undecided would be so again; of one that is blind that is not sure.
	const isUsed = (identity: Identity) =>
		peer.devices.some(
			({ active, identityKey }) => active && identityKey && equalBytes(identityKey, identity.key),
		);
	const leaving =
		free.find((identity) => identity.trust === 'undecided' && identity.key !== key) ??
		free.find((identity) => !isUsed(identity)) ??
		free.at(-1);
	return withIdentities(
		peer,
		identities.filter((identity) => identity !== leaving),
	);
}

/** Somebody with other trust in one of their known keys. */
export function withTrust(peer: Peer, key: Bytes, trust: Trust): Peer {
	const identities = peer.identities.map((identity) =>
		equalBytes(identity.key, key) ? { ...identity, trust } : identity,
	);
	return withIdentities(peer, identities);
}

/** Somebody with what a person says of a key, also of one that was never seen. The key that was verified last stands last. */
export function withJudgement(peer: Peer, key: Bytes, trust: Trust, now: number): Peer {
	const before = identityOf(peer, key);
	if (before !== undefined && trust !== 'verified') return withTrust(peer, key, trust);
	const others = peer.identities.filter((identity) => identity !== before);
	return withIdentities(peer, [...others, { key, firstSeen: now, ...before, trust }]);
}

/**
 * Somebody without an identity key; a device with it that is still on their list begins anew. That a key was distrusted,
 * and that one was verified, is never forgotten.
 */
export function withoutIdentity(peer: Peer, key: Bytes): Peer {
	const isOther = (other: Bytes) => !equalBytes(other, key);
	const devices = peer.devices.flatMap((device) => {
		const { otherKeys: before = [], ...rest } = device;
		const left = before.filter(isOther);
		const otherKeys = left.length === 0 ? {} : { otherKeys: left };
		if (device.identityKey === undefined || isOther(device.identityKey))
			return [left.length === before.length ? device : { ...rest, ...otherKeys }];
		if (!device.active && left.length === 0) return [];
		return [{ id: device.id, active: device.active, ...otherKeys }];
	});
	const identities = peer.identities.filter(
		(identity) => isOther(identity.key) || identity.trust === 'distrusted',
	);
	return withIdentities({ ...peer, devices }, identities);
}

/** What came of verifying devices by what somebody says of them; each counts once. */
export interface Verification {
	/** known by that very key */
	readonly verified: number;
	/** not seen yet, and taken as verified when they are */
	readonly expected: number;
	/** known by another key */
	readonly contradicted: number;
}

/**
 * Somebody whose devices were named by one who knows: those keys are verified from now on. Another key under the same
 * device id is trusted blindly no more, and those ids are doubtful.
 */
export function withVerified(
	peer: Peer,
	named: readonly NamedDevice[],
	now: number,
): { peer: Peer; doubtful: readonly number[]; verification: Verification } {
	let after = peer;
	let [verified, expected, contradicted] = [0, 0, 0];
	const doubtful: number[] = [];
	const keys = named.map(({ id, fingerprint }) => ({ id, key: fromHex(fingerprint) }));
	for (const { id, key } of keys) {
		const other = peer.devices.find((device) => device.id === id)?.identityKey;
		if (key === undefined) continue;
		if (other && !equalBytes(other, key)) {
			contradicted += 1;
			doubtful.push(id);
			if (trustIn(after, other) === 'blind') after = withTrust(after, other, 'undecided');
		} else if (identityOf(peer, key)) verified += 1;
		else expected += 1;
	}
	// After the doubts: a key may be under the wrong id, and right.
	for (const { key } of keys) if (key) after = withJudgement(after, key, 'verified', now);
	return { peer: after, doubtful, verification: { verified, expected, contradicted } };
}

export function identityOf(peer: Peer, key: Bytes): Identity | undefined {
	return peer.identities.find((identity) => equalBytes(identity.key, key));
}

/** What is held of a key: one that is not kept waits for a person, too. */
export function trustIn(peer: Peer, key: Bytes): Trust {
	return identityOf(peer, key)?.trust ?? 'undecided';
}
