import * as v from 'valibot';
import { type Bytes, equalBytes } from '../core/bytes.ts';
import { isWithin } from '../core/clock.ts';
import type { PublishedBundle } from '../core/omemo-element.ts';
import { bytesSchema, type RowSchema, rowSchema } from '../core/row-schema.ts';
import { encodePublicKey, generateKeyPair, KEY_PAIR, type KeyPair } from './ratchet/key-pair.ts';
import { loadCurves } from './ratchet/load-curves.ts';
import type { NamedPreKeys } from './ratchet/session.ts';
import type { LocalIdentity } from './ratchet/x3dh.ts';

const PREKEYS = 100;
/** Prekey ids go round: libsignal keeps them in 24 bits. */
const MAX_PREKEY_ID = 0xfffffe;
const DAY = 24 * 60 * 60 * 1000;
/** How long a signed prekey is published, and how long it still answers after another took its place, in milliseconds. */
const ROTATION = 7 * DAY;
const RETENTION = 30 * DAY;
/** Replaced signed prekeys that are kept whatever the clock says, and in all. */
const MIN_REPLACED = 2;
const MAX_REPLACED = 20;
/**
 * How long a one-time prekey still answers after its first use, in milliseconds: while this device was away, two people
 * may have taken the same one, and both are read when it comes back (XEP-0384 on catching up).
 */
const USED_RETENTION = DAY;
/** Used prekeys that are kept, and sessions that one of them may begin; the oldest keys go first. */
const MAX_USED = 100;
const MAX_USES = 10;
/** Beginnings that are remembered of one signed prekey, and how many there are when another takes its place early. */
export const MAX_BEGUN = 1000;
const MANY_BEGUN = MAX_BEGUN / 2;

export interface OwnPreKey {
	readonly id: number;
	readonly pair: KeyPair;
}

/** A one-time prekey that has begun a session. */
export interface UsedPreKey extends OwnPreKey {
	/** milliseconds since the epoch, of the first time */
	readonly usedAt: number;
	/** of the sessions that it has begun: a first message that is repeated begins none */
	readonly baseKeys: readonly Bytes[];
}

export interface OwnSignedPreKey extends OwnPreKey {
	readonly signature: Bytes;
	/** milliseconds since the epoch */
	readonly createdAt: number;
	/** when another took its place, milliseconds since the epoch; absent in the newest, and in old rows */
	readonly replacedAt?: number;
	/** how many sessions it has begun that are remembered; absent if none, and in old rows */
	readonly begun?: number;
}

/** This device with its private keys. Never changed: each step makes another. */
export interface OwnDevice {
	/** 1 to 2^31 - 1; also what libsignal calls the registration id */
	readonly id: number;
	readonly identity: KeyPair;
	/** newest first; the first is published */
	readonly signedPreKeys: readonly OwnSignedPreKey[];
	readonly preKeys: readonly OwnPreKey[];
	/** last used first; absent where none was used since there is such a list */
	readonly usedPreKeys?: readonly UsedPreKey[];
	readonly nextPreKeyId: number;
}

const OWN_PREKEY = { id: v.number(), pair: KEY_PAIR };

export const OWN_DEVICE: RowSchema<OwnDevice> = rowSchema<OwnDevice>({
	id: v.number(),
	identity: KEY_PAIR,
	signedPreKeys: v.array(
		rowSchema<OwnSignedPreKey>({
			...OWN_PREKEY,
			signature: bytesSchema,
			createdAt: v.number(),
			replacedAt: v.optional(v.number()),
			begun: v.optional(v.number()),
		}),
	),
	preKeys: v.array(rowSchema<OwnPreKey>(OWN_PREKEY)),
	usedPreKeys: v.optional(
		v.array(
			rowSchema<UsedPreKey>({
				...OWN_PREKEY,
				usedAt: v.number(),
				baseKeys: v.array(bytesSchema),
			}),
		),
	),
	nextPreKeyId: v.number(),
});

/** A new device; `taken` are ids that other devices of the account have. */
export async function createOwnDevice(
	now: number,
	taken: ReadonlySet<number> = new Set(),
): Promise<OwnDevice> {
	const identity = await generateKeyPair();
	const device = {
		id: freshId(taken),
		identity,
		signedPreKeys: [await signedPreKey(identity, 1, now)],
		preKeys: [],
		nextPreKeyId: 1,
	};
	return withPreKeys(device);
}

/**
 * The device after a session was begun with its prekeys: a one-time prekey answers for a while, and another takes its
 * place. `isKept`: the beginning is to be remembered.
 */
export async function withBeginning(
	device: OwnDevice,
	{ signedPreKeyId, preKeyId, baseKey }: NamedPreKeys,
	now: number,
): Promise<{ device: OwnDevice; isKept: boolean }> {
	const signed = device.signedPreKeys.find(({ id }) => id === signedPreKeyId);
	const isKept = signed !== undefined && !isFull(signed);
	const signedPreKeys = device.signedPreKeys.map((key) =>
		isKept && key === signed ? { ...key, begun: (key.begun ?? 0) + 1 } : key,
	);
	const counted = isKept ? { ...device, signedPreKeys } : device;
	const used =
		preKeyId === undefined ? counted : await withUsedPreKey(counted, preKeyId, baseKey, now);
	return { device: await withCurrentSignedPreKey(used, now), isKept };
}

/**
 * What a session may begin with; undefined where a key is gone. Where no more can be remembered, what would begin without
 * a one-time prekey, or with one that was used, might come again.
 */
export function preKeysFor(
	device: OwnDevice,
	{ signedPreKeyId, preKeyId, baseKey }: NamedPreKeys,
	now: number,
): { signedPreKey: KeyPair; preKey: KeyPair | undefined } | undefined {
	const signed = device.signedPreKeys.find(({ id }) => id === signedPreKeyId);
	if (signed === undefined) return undefined;
	const isNew = device.preKeys.some(({ id }) => id === preKeyId);
	if (isFull(signed) && !isNew) return undefined;
	if (preKeyId === undefined) return { signedPreKey: signed.pair, preKey: undefined };
	const preKey = preKeyFor(device, preKeyId, baseKey, now);
	return preKey && { signedPreKey: signed.pair, preKey };
}

function isFull({ begun = 0 }: OwnSignedPreKey): boolean {
	return begun >= MAX_BEGUN;
}

async function withUsedPreKey(
	device: OwnDevice,
	id: number,
	baseKey: Bytes,
	now: number,
): Promise<OwnDevice> {
	const kept = currentlyUsed(device, now);
	const again = kept.find((used) => used.id === id);
	const first = device.preKeys.find((preKey) => preKey.id === id);
	const used = again ?? (first && { ...first, usedAt: now, baseKeys: [] });
	if (used === undefined) return device;
	const usedPreKeys = [
		{ ...used, baseKeys: [...used.baseKeys, baseKey] },
		...kept.filter((other) => other !== again),
	].slice(0, MAX_USED);
	const preKeys = device.preKeys.filter((preKey) => preKey.id !== id);
	return withPreKeys({ ...device, preKeys, usedPreKeys });
}

/** The device without what has answered for long enough, else the same one. */
export function withoutOldPreKeys(device: OwnDevice, now: number): OwnDevice {
	const before = device.usedPreKeys ?? [];
	const usedPreKeys = currentlyUsed(device, now);
	const isSame = usedPreKeys.every((used, at) => used === before[at]);
	return isSame && usedPreKeys.length === before.length ? device : { ...device, usedPreKeys };
}

/** The one-time prekey that may begin the session of `baseKey`. */
function preKeyFor(
	device: OwnDevice,
	id: number,
	baseKey: Bytes,
	now: number,
): KeyPair | undefined {
	const isOpen = (used: UsedPreKey) =>
		used.baseKeys.length < MAX_USES && !used.baseKeys.some((known) => equalBytes(known, baseKey));
	const found =
		device.preKeys.find((preKey) => preKey.id === id) ??
		currentlyUsed(device, now).find((used) => used.id === id && isOpen(used));
	return found?.pair;
}

/** The device with a new signed prekey if it is time, else the same one. */
export async function withCurrentSignedPreKey(device: OwnDevice, now: number): Promise<OwnDevice> {
	const [current] = device.signedPreKeys;
	// Replaced early where many sessions have begun with it, since only so many are remembered; not more often than once
	// a day, since only so many replaced ones are kept, and messages on their way need them.
	const time = (current?.begun ?? 0) >= MANY_BEGUN ? DAY : ROTATION;
	// One that was made while the clock was ahead is replaced at once: it must not be published for ever.
	if (isWithin(current?.createdAt, time, now)) return device;
	const id = ((current?.id ?? 0) % MAX_PREKEY_ID) + 1;
	// Counted from now on: the last one was published up to this moment, however long this device was away.
	const replaced = device.signedPreKeys
		.map((key) => ({ ...key, replacedAt: Math.min(key.replacedAt ?? now, now) }))
		.filter(({ replacedAt }, at) => at < MIN_REPLACED || now - replacedAt < RETENTION)
		.slice(0, MAX_REPLACED);
	return { ...device, signedPreKeys: [await signedPreKey(device.identity, id, now), ...replaced] };
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

/** A key that was used while the clock was ahead counts as used just now. */
function currentlyUsed({ usedPreKeys = [] }: OwnDevice, now: number): readonly UsedPreKey[] {
	return usedPreKeys
		.map((used) => (used.usedAt > now ? { ...used, usedAt: now } : used))
		.filter(({ usedAt }) => isWithin(usedAt, USED_RETENTION, now));
}

async function withPreKeys(device: OwnDevice): Promise<OwnDevice> {
	const count = PREKEYS - device.preKeys.length;
	const pairs = await Promise.all(Array.from({ length: Math.max(count, 0) }, generateKeyPair));
	let nextPreKeyId = device.nextPreKeyId;
	const made = pairs.map((pair) => {
		const id = nextPreKeyId;
		nextPreKeyId = (id % MAX_PREKEY_ID) + 1;
		return { id, pair };
	});
	return { ...device, preKeys: [...device.preKeys, ...made], nextPreKeyId };
}

async function signedPreKey(
	identity: KeyPair,
	id: number,
	createdAt: number,
): Promise<OwnSignedPreKey> {
	const pair = await generateKeyPair();
	const { signXeddsa } = await loadCurves();
	return { id, pair, createdAt, signature: signXeddsa(identity, encodePublicKey(pair.publicKey)) };
}

function freshId(taken: ReadonlySet<number>): number {
	for (;;) {
		const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
		const id = random & 0x7fffffff;
		if (id > 0 && !taken.has(id)) return id;
	}
}
