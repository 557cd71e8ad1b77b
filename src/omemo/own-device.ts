import type { Bytes } from '../core/bytes.ts';
import type { PublishedBundle } from '../core/omemo-element.ts';
import { encodePublicKey, generateKeyPair, type KeyPair } from './ratchet/key-pair.ts';
import type { LocalIdentity } from './ratchet/x3dh.ts';
import { signXeddsa } from './ratchet/xeddsa.ts';

const PREKEYS = 100;
/** Prekey ids go round: libsignal keeps them in 24 bits. */
const MAX_PREKEY_ID = 0xfffffe;
const DAY = 24 * 60 * 60 * 1000;
/** How long a signed prekey is published, and how long it still answers afterwards, in milliseconds. */
const ROTATION = 7 * DAY;
const RETENTION = 30 * DAY;

export interface OwnPreKey {
	readonly id: number;
	readonly pair: KeyPair;
}

export interface OwnSignedPreKey extends OwnPreKey {
	readonly signature: Bytes;
	/** milliseconds since the epoch */
	readonly createdAt: number;
}

/** This device with its private keys. Never changed: each step makes another. */
export interface OwnDevice {
	/** 1 to 2^31 - 1; also what libsignal calls the registration id */
	readonly id: number;
	readonly identity: KeyPair;
	/** newest first; the first is published */
	readonly signedPreKeys: readonly OwnSignedPreKey[];
	readonly preKeys: readonly OwnPreKey[];
	readonly nextPreKeyId: number;
}

/** A new device; `taken` are ids that other devices of the account have. */
export function createOwnDevice(now: number, taken: ReadonlySet<number> = new Set()): OwnDevice {
	const identity = generateKeyPair();
	const device = {
		id: freshId(taken),
		identity,
		signedPreKeys: [signedPreKey(identity, 1, now)],
		preKeys: [],
		nextPreKeyId: 1,
	};
	return withPreKeys(device);
}

/** The device after a prekey was used: another takes its place. */
export function withoutPreKey(device: OwnDevice, id: number): OwnDevice {
	return withPreKeys({ ...device, preKeys: device.preKeys.filter((preKey) => preKey.id !== id) });
}

/** The device with a new signed prekey if it is time, else the same one. */
export function withCurrentSignedPreKey(device: OwnDevice, now: number): OwnDevice {
	const [current] = device.signedPreKeys;
	const age = now - (current?.createdAt ?? 0);
	// A clock that ran ahead must not keep a key for ever.
	if (current !== undefined && age >= 0 && age < ROTATION) return device;
	const id = ((current?.id ?? 0) % MAX_PREKEY_ID) + 1;
	const kept = device.signedPreKeys.filter(({ createdAt }) => now - createdAt < RETENTION);
	return { ...device, signedPreKeys: [signedPreKey(device.identity, id, now), ...kept] };
}

export function localIdentity({ identity, id }: OwnDevice): LocalIdentity {
	return { keyPair: identity, registrationId: id };
}

/** What others may know of this device. */
export function publishedBundle({ identity, signedPreKeys, preKeys }: OwnDevice): PublishedBundle {
	const [current] = signedPreKeys;
	if (current === undefined) throw new TypeError('a device has a signed prekey');
	return {
		identityKey: encodePublicKey(identity.publicKey),
		signedPreKey: {
			id: current.id,
			publicKey: encodePublicKey(current.pair.publicKey),
			signature: current.signature,
		},
		preKeys: preKeys.map(({ id, pair }) => ({ id, publicKey: encodePublicKey(pair.publicKey) })),
	};
}

function withPreKeys(device: OwnDevice): OwnDevice {
	const preKeys = [...device.preKeys];
	let next = device.nextPreKeyId;
	while (preKeys.length < PREKEYS) {
		preKeys.push({ id: next, pair: generateKeyPair() });
		next = (next % MAX_PREKEY_ID) + 1;
	}
	return { ...device, preKeys, nextPreKeyId: next };
}

function signedPreKey(identity: KeyPair, id: number, createdAt: number): OwnSignedPreKey {
	const pair = generateKeyPair();
	return { id, pair, createdAt, signature: signXeddsa(identity, encodePublicKey(pair.publicKey)) };
}

function freshId(taken: ReadonlySet<number>): number {
	for (;;) {
		const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
		const id = random & 0x7fffffff;
		if (id > 0 && !taken.has(id)) return id;
	}
}
