import { type Bytes, equalBytes, fromHex } from '../core/bytes.ts';
import type { NamedDevice } from '../core/contact-uri.ts';
import type { Identity, Peer, PeerDevice } from './omemo-rows.ts';
import { initialTrust, type Trust } from './trust.ts';

/** Devices of somebody that are remembered; lists can be of any length. */
export const MAX_DEVICES = 100;
/** Identities of somebody that are remembered; the oldest undecided ones go first. */
const MAX_IDENTITIES = 400;

/** The ids of a device list that can be used: positive, each once, not too many. */
export function usableIds(ids: readonly number[]): number[] {
	const usable = ids.filter((id) => Number.isInteger(id) && id > 0 && id <= 0xffffffff);
	return [...new Set(usable)].slice(0, MAX_DEVICES);
}

/** Somebody after a device list of theirs came. */
export function withList(peer: Peer, ids: readonly number[], now: number): Peer {
	const listed = new Set(usableIds(ids));
	const known = new Map(peer.devices.map((device) => [device.id, device]));
	const active = [...listed].map((id) => ({ ...known.get(id), id, active: true }));
	const gone = peer.devices
		.filter(({ id }) => !listed.has(id))
		.map((device) => ({ ...device, active: false }));
	return { ...peer, devices: [...active, ...gone].slice(0, MAX_DEVICES), listedAt: now };
}

/** Somebody after something became known of one of their devices, which may be a new one. */
export function withDevice(
	peer: Peer,
	id: number,
	change: Partial<PeerDevice>,
	isNewActive = true,
): Peer {
	const before = peer.devices.find((device) => device.id === id);
	if (before === undefined && peer.devices.length >= MAX_DEVICES) return peer;
	const after = { id, active: isNewActive, ...before, ...change };
	const devices =
		before === undefined
			? [...peer.devices, after]
			: peer.devices.map((device) => (device === before ? after : device));
	return { ...peer, devices };
}

/** Somebody who is known with an identity key, which begins as `initialTrust` says. */
export function withIdentity(peer: Peer, key: Bytes, now: number): Peer {
	if (identityOf(peer, key) !== undefined) return peer;
	const trust = initialTrust(peer.identities.map((identity) => identity.trust));
	const identities = [...peer.identities, { key, trust, firstSeen: now }];
	if (identities.length > MAX_IDENTITIES) {
		const oldest = identities.findIndex((identity) => identity.trust === 'undecided');
		identities.splice(Math.max(oldest, 0), 1);
	}
	return { ...peer, identities };
}

export function withTrust(peer: Peer, key: Bytes, trust: Trust): Peer {
	const identities = peer.identities.map((identity) =>
		equalBytes(identity.key, key) ? { ...identity, trust } : identity,
	);
	return { ...peer, identities };
}

/** Somebody without an identity key; a device with it that is still on their list begins anew. */
export function withoutIdentity(peer: Peer, key: Bytes): Peer {
	const hasKey = ({ identityKey }: PeerDevice) => identityKey && equalBytes(identityKey, key);
	const devices = peer.devices.flatMap((device) => {
		if (!hasKey(device)) return [device];
		return device.active ? [{ id: device.id, active: true }] : [];
	});
	const identities = peer.identities.filter((identity) => !equalBytes(identity.key, key));
	return { ...peer, devices, identities };
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
 * device id is trusted blindly no more.
 */
export function withVerified(
	peer: Peer,
	named: readonly NamedDevice[],
	now: number,
): { peer: Peer; verification: Verification } {
	let after = peer;
	let [verified, expected, contradicted] = [0, 0, 0];
	const keys = named.map(({ id, fingerprint }) => ({ id, key: fromHex(fingerprint) }));
	for (const { id, key } of keys) {
		const other = peer.devices.find((device) => device.id === id)?.identityKey;
		if (key === undefined) continue;
		if (other && !equalBytes(other, key)) {
			contradicted += 1;
			if (identityOf(after, other)?.trust === 'blind') after = withTrust(after, other, 'undecided');
		} else if (identityOf(peer, key)) verified += 1;
		else expected += 1;
	}
	// After the doubts: a key may be under the wrong id, and right.
	for (const { key } of keys)
		if (key) after = withTrust(withIdentity(after, key, now), key, 'verified');
	return { peer: after, verification: { verified, expected, contradicted } };
}

export function identityOf(peer: Peer, key: Bytes): Identity | undefined {
	return peer.identities.find((identity) => equalBytes(identity.key, key));
}
