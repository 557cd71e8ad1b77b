import { type Bytes, equalBytes } from '../core/bytes.ts';
import type { PeerDevice } from './omemo-rows.ts';

/** All keys that something came by under a device's id, the one in use first. */
export function keysOf({ identityKey, otherKeys = [] }: PeerDevice): readonly Bytes[] {
	return identityKey === undefined ? otherKeys : [identityKey, ...otherKeys];
}

/** Whether a key is one of a device's, in use or not. */
export function hasKey(device: PeerDevice | undefined, key: Bytes): boolean {
	return device !== undefined && keysOf(device).some((known) => equalBytes(known, key));
}

export function isInUse({ identityKey }: PeerDevice, key: Bytes): boolean {
	return identityKey !== undefined && equalBytes(identityKey, key);
}
