import { type Bytes, fromHex } from '../core/bytes.ts';
import { isWithin } from '../core/clock.ts';
import type { NamedDevice } from '../core/contact-uri.ts';
import { createMutex } from '../core/mutex.ts';
import type { OmemoElement } from '../core/omemo-element.ts';
import type { ChatWrite } from '../vault/chat-rows.ts';
import { createBundleFetches, sameIdentity } from './bundle-fetches.ts';
import { type DeviceFailure, isWaiting, withoutFailure } from './device-failure.ts';
import { createDeviceLists } from './device-lists.ts';
import { OmemoError } from './omemo-error.ts';
import { fingerprintOf, type OmemoRows, type Peer, type PeerDevice } from './omemo-rows.ts';
import type { FailureKindOf, OmemoTransport } from './omemo-transport.ts';
import {
	createOwnDevice,
	localIdentity,
	type OwnDevice,
	preKeyFor,
	publishedBundle,
	withCurrentSignedPreKey,
	withoutOldPreKeys,
	withUsedPreKey,
} from './own-device.ts';
import { emptyKeyAndTag, openPayload, sealPayload } from './payload.ts';
import {
	identityOf,
	type Verification,
	withDevice,
	withIdentity,
	withList,
	withoutIdentity,
	withTrust,
	withVerified,
} from './peer.ts';
import { createPrepare, type Preparation } from './prepare.ts';
import { RatchetError } from './ratchet/ratchet-error.ts';
import {
	decryptMessage,
	decryptPreKeyMessage,
	encryptMessage,
	type Opened,
	type PreKeys,
	senderIdentity,
} from './ratchet/session.ts';
import { type DeviceName, isMeant, type Reach, reachOf } from './reach.ts';
import type { Trust } from './trust.ts';

/** A device as people see it. */
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
}

/** What came out of an element. */
export interface Decrypted {
	/** absent in a key transport */
	readonly text?: string;
	readonly device: { readonly id: number; readonly fingerprint: string; readonly trust: Trust };
}

/** Writes rows of OMEMO's in one transaction with the caller's own, before anything leaves the device or is shown. */
export type Persist<T> = (result: T, writes: readonly ChatWrite[]) => Promise<void>;

/**
 * The same for a message. `leftOut`: devices that it is not encrypted to, since their keys could not be had just now;
 * they are trusted, or not known yet.
 */
export type PersistMessage = (
	element: OmemoElement,
	writes: readonly ChatWrite[],
	leftOut: readonly DeviceName[],
) => Promise<void>;

/** OMEMO 0.3 of one account (XEP-0384 version 0.3.0). */
export interface Omemo {
	/** Makes and publishes this device; again after each connection. Throws what the transport throws. */
	start(): Promise<void>;
	readonly deviceId: number | undefined;
	/** A device list that was pushed or fetched. */
	listChanged(jid: string, ids: readonly number[]): Promise<void>;
	/**
	 * Encrypts to every trusted device of `jid` and to our own others that can be reached: a device whose keys cannot be had
	 * is left out and tried again later. Waits at most `PATIENCE` for such devices, and longer only while no device of `jid`
	 * is reached. Throws OmemoError `no-devices` or `no-trusted-devices`; `unavailable`, with what the transport has thrown
	 * as its cause, if another try may help; what the transport throws if we are offline or the device list is refused.
	 */
	encrypt(jid: string, text: string, persist: PersistMessage): Promise<void>;
	/**
	 * Decrypts what came from `jid`; resolves to whether the sender's device waits for an answer. A failure changes
	 * nothing. Throws OmemoError.
	 */
	decrypt(jid: string, element: OmemoElement, persist: Persist<Decrypted>): Promise<boolean>;
	/** Answers a device that began a session with an empty message. */
	answer(jid: string, id: number, persist: Persist<OmemoElement>): Promise<void>;
	/** Begins anew with a device whose session is broken, and tells it so; at most once an hour. */
	heal(jid: string, id: number, persist: Persist<OmemoElement>): Promise<void>;
	devices(jid: string): Promise<DeviceInfo[]>;
	setTrust(jid: string, fingerprint: string, trust: Trust): Promise<void>;
	/** Takes devices as verified that somebody has named by their fingerprints, also those that were never seen. */
	verify(jid: string, devices: readonly NamedDevice[]): Promise<Verification>;
	/** Forgets a key, its sessions and its device; one that is in use comes back as somebody new. */
	forget(jid: string, fingerprint: string): Promise<void>;
	/** Takes another device of ours off the published list. Throws what the transport throws. */
	dismiss(id: number): Promise<void>;
	/** Takes this device off the published list before it is erased. Throws what the transport throws. */
	leave(): Promise<void>;
	close(): void;
}

/** Keys for one device in one element that are tried. */
const MAX_KEYS = 4;
const HOUR = 60 * 60 * 1000;
/** Milliseconds until used prekeys are replaced on the server: many are used at once when the archive is read. */
const PUBLISH_DELAY = 1000;
export function createOmemo({
	account,
	rows,
	transport,
	failureKind,
	now = Date.now,
	changed = () => undefined,
}: {
	/** bare */
	account: string;
	rows: OmemoRows;
	transport: OmemoTransport;
	/** what a failure of the transport means */
	failureKind: FailureKindOf;
	now?: () => number;
	/** devices or trust of somebody changed */
	changed?: (jid: string) => void;
}): Omemo {
	const locked = createMutex();
	let own: OwnDevice | undefined;
	let publishing: ReturnType<typeof setTimeout> | undefined;
	let leaving = false;
	/** devices whose broken sessions are being replaced */
	const healing = new Set<string>();
	const lists = createDeviceLists({
		rows,
		transport,
		failureKind,
		now,
		async keep(jid, ids) {
			const isKnown = (await rows.peer(jid)).listedAt !== undefined;
			// An empty answer takes nothing away from a list that was seen.
			if (ids !== undefined || !isKnown)
				await changePeer(jid, (peer) => withList(peer, ids ?? [], now()));
		},
	});
	const bundles = createBundleFetches({
		rows,
		transport,
		failureKind,
		locked,
		device,
		now,
		changed,
	});
	const prepare = createPrepare({ lists, bundles, failureKind, reach, now });

	async function device(): Promise<OwnDevice> {
		own ??= await rows.ownDevice();
		if (own === undefined) throw new OmemoError('unavailable');
		return own;
	}

	async function changePeer(jid: string, change: (peer: Peer) => Peer): Promise<void> {
		await locked(async () => {
			const before = await rows.peer(jid);
			const after = change(before);
			if (after !== before) await rows.write([await rows.putPeer(jid, after)]);
		});
		changed(jid);
	}

	async function reach(jid: string): Promise<Reach> {
		const ownId = jid === account ? (await device()).id : undefined;
		return reachOf(rows, jid, (id) => id === ownId);
	}

	/** Whom a message to `jid` is encrypted to, and whom not; to be called locked. */
	async function recipients(jid: string, { passing }: Preparation) {
		const theirs = await reach(jid);
		// A note to self is for nobody else while this device is the only one.
		const isNote = jid === account && !theirs.hasDevices;
		if (theirs.reached.length === 0 && !isNote) {
			if (passing !== undefined && theirs.keyless.length > 0)
				throw new OmemoError('unavailable', passing);
			throw new OmemoError(theirs.hasKeys ? 'no-trusted-devices' : 'no-devices');
		}
		const all = jid === account ? [theirs] : [theirs, await reach(account)];
		const owners = [jid, account];
		return {
			targets: all.flatMap(({ reached }) => reached),
			leftOut: all.flatMap(({ keyless }, at) =>
				keyless.map(({ id }) => ({ jid: owners[at] ?? jid, id })),
			),
		};
	}

	/** Why a device is left out of messages to its owner; undefined if it is not. */
	async function failureOf(
		jid: string,
		peer: Peer,
		known: PeerDevice,
	): Promise<DeviceFailure | undefined> {
		if (!known.active || known.failedAt === undefined || !isMeant(peer, known)) return undefined;
		if ((await rows.session(jid, known.id)) !== undefined) return undefined;
		return known.failure ?? 'invalid';
	}

	async function sealTo(
		targets: Reach['reached'],
		content: { iv: Bytes; keyAndTag: Bytes; payload?: Bytes },
		persist: Persist<OmemoElement>,
	): Promise<void> {
		const { id: sid } = await device();
		const sealed = await Promise.all(
			targets.map(async ({ jid, id, session }) => {
				const { session: after, message } = await encryptMessage(session, content.keyAndTag);
				const key = { rid: id, isPreKey: message.isPreKey, bytes: message.bytes };
				return { key, write: await rows.putSession(jid, id, after) };
			}),
		);
		const element = {
			sid,
			iv: content.iv,
			keys: sealed.map(({ key }) => key),
			...(content.payload === undefined ? {} : { payload: content.payload }),
		};
		await persist(
			element,
			sealed.map(({ write }) => write),
		);
	}

	function sendEmpty(jid: string, id: number, persist: Persist<OmemoElement>): Promise<void> {
		return locked(async () => {
			const session = await rows.session(jid, id);
			if (session === undefined) return;
			const iv = crypto.getRandomValues(new Uint8Array(12));
			await sealTo([{ jid, id, session }], { iv, keyAndTag: emptyKeyAndTag() }, persist);
		});
	}

	function publishSoon(): void {
		publishing ??= setTimeout(() => {
			publishing = undefined;
			// Published anew with the next connection, whatever comes of it.
			publish().catch(() => undefined);
		}, PUBLISH_DELAY);
	}

	async function publish(): Promise<void> {
		const current = await device();
		await transport.publishBundle(current.id, publishedBundle(current));
	}

	async function unlist(id: number): Promise<void> {
		const listed = (await transport.fetchDeviceList(account)) ?? [];
		const ids = listed.filter((other) => other !== id);
		await transport.publishDeviceList(ids);
		await changePeer(account, (peer) => withList(peer, ids, now()));
	}

	async function openKey(
		jid: string,
		{ sid }: OmemoElement,
		key: OmemoElement['keys'][number],
	): Promise<Opened> {
		const before = await rows.session(jid, sid);
		if (!key.isPreKey) {
			if (before === undefined) throw new RatchetError('no-session');
			return decryptMessage(before, key.bytes);
		}
		const current = await device();
		const known = sameIdentity(before, senderIdentity(key.bytes));
		return decryptPreKeyMessage(
			localIdentity(current),
			preKeysOf(current, now()),
			key.bytes,
			known,
		);
	}

	return {
		get deviceId() {
			return own?.id;
		},
		async start() {
			lists.clear();
			const listed = await transport.fetchDeviceList(account);
			await locked(async () => {
				const before = await rows.ownDevice();
				const current = before ?? (await createOwnDevice(now(), new Set(listed)));
				own = withoutOldPreKeys(await withCurrentSignedPreKey(current, now()), now());
				if (own !== before) await rows.write([await rows.putOwnDevice(own)]);
			});
			await publish();
			const { id } = await device();
			const ids = listed?.includes(id) ? listed : [...(listed ?? []), id];
			if (ids !== listed) await transport.publishDeviceList(ids);
			await changePeer(account, (peer) => withList(peer, ids, now()));
			lists.heard(account);
		},
		async listChanged(jid, ids) {
			try {
				await changePeer(jid, (peer) => withoutFailure(withList(peer, ids, now())));
			} catch (thrown) {
				lists.missed(jid);
				throw thrown;
			}
			lists.heard(jid);
			if (jid !== account || own === undefined || leaving || ids.includes(own.id)) return;
			// Another client of ours has dropped this device.
			await transport.publishDeviceList([...ids, own.id]);
		},
		async encrypt(jid, text, persist) {
			const [preparation] = await Promise.all([
				prepare.contact(jid),
				jid === account ? undefined : prepare.ownDevices(account),
			]);
			const content = await sealPayload(text);
			await locked(async () => {
				const { targets, leftOut } = await recipients(jid, preparation);
				await sealTo(targets, content, (element, writes) => persist(element, writes, leftOut));
			});
		},
		async decrypt(jid, element, persist) {
			const isPreKey = await locked(async () => {
				const current = await device();
				const keys = element.keys.filter(({ rid }) => rid === current.id).slice(0, MAX_KEYS);
				if (keys.length === 0) throw new OmemoError('not-for-us');
				let opened: Opened | undefined;
				let began = false;
				let failure: unknown;
				for (const key of keys) {
					opened = await openKey(jid, element, key).catch((thrown: unknown) => {
						failure ??= thrown;
						return undefined;
					});
					began = key.isPreKey;
					if (opened !== undefined) break;
				}
				if (opened === undefined) throw asOmemoError(failure);
				const { session, plaintext, usedPreKeyId } = opened;
				const text = element.payload && (await openPayload(plaintext, element.iv, element.payload));
				const identityKey = session.current.remoteIdentity;
				const peer = await rows.peer(jid);
				const heard = withDevice(peer, element.sid, { identityKey, active: true });
				const known = withIdentity(withoutFailure(heard, element.sid), identityKey, now());
				const writes = [
					await rows.putSession(jid, element.sid, session),
					await rows.putPeer(jid, known),
				];
				const { baseKey } = session.current;
				const after =
					usedPreKeyId === undefined
						? current
						: await withUsedPreKey(current, usedPreKeyId, baseKey, now());
				if (after !== current) writes.push(await rows.putOwnDevice(after));
				const trust = identityOf(known, identityKey)?.trust ?? 'undecided';
				const sender = { id: element.sid, fingerprint: fingerprintOf(identityKey), trust };
				await persist({ ...(text === undefined ? {} : { text }), device: sender }, writes);
				own = after;
				if (after !== current) publishSoon();
				return began;
			});
			changed(jid);
			return isPreKey;
		},
		answer: sendEmpty,
		async heal(jid, id, persist) {
			const key = `${jid}/${id}`;
			const known = (await rows.peer(jid)).devices.find((other) => other.id === id);
			if (healing.has(key) || isWithin(known?.healedAt, HOUR, now())) return;
			if (known !== undefined && isWaiting(known, now())) return;
			healing.add(key);
			try {
				const outcome = await bundles.begin(jid, id, true).ended;
				if (outcome.kind === 'thrown') throw outcome.cause;
				if (outcome.kind === 'failed') return;
				await sendEmpty(jid, id, persist);
				// Only now: what could not be sent is tried again.
				await changePeer(jid, (before) => withDevice(before, id, { healedAt: now() }));
			} finally {
				healing.delete(key);
			}
		},
		async devices(jid) {
			const peer = await rows.peer(jid);
			const ownId = jid === account ? (await device()).id : undefined;
			const describe = async (known: PeerDevice): Promise<DeviceInfo> => {
				const { id, active, identityKey } = known;
				if (id === ownId && own !== undefined) {
					const fingerprint = fingerprintOf(own.identity.publicKey);
					return { id, active, isThis: true, fingerprint, trust: 'verified' as const };
				}
				const failure = await failureOf(jid, peer, known);
				const common = { id, active, isThis: false, ...(failure && { leftOut: failure }) };
				if (identityKey === undefined) return common;
				const trust = identityOf(peer, identityKey)?.trust ?? 'undecided';
				return { ...common, fingerprint: fingerprintOf(identityKey), trust };
			};
			return Promise.all(peer.devices.map(describe));
		},
		async setTrust(jid, fingerprint, trust) {
			const key = fromHex(fingerprint);
			if (key !== undefined) await changePeer(jid, (peer) => withTrust(peer, key, trust));
		},
		async verify(jid, named) {
			const { id, identity } = await device();
			const ours = named.find((other) => jid === account && other.id === id);
			const isOurs = ours?.fingerprint === fingerprintOf(identity.publicKey);
			let found: Verification = { verified: 0, expected: 0, contradicted: 0 };
			await changePeer(jid, (before) => {
				const others = named.filter((other) => other !== ours);
				const { peer, verification } = withVerified(before, others, now());
				found = verification;
				return peer;
			});
			if (ours === undefined) return found;
			return isOurs
				? { ...found, verified: found.verified + 1 }
				: { ...found, contradicted: found.contradicted + 1 };
		},
		async forget(jid, fingerprint) {
			const key = fromHex(fingerprint);
			if (key === undefined) return;
			await locked(async () => {
				const peer = await rows.peer(jid);
				const writes = [await rows.putPeer(jid, withoutIdentity(peer, key))];
				for (const { id } of peer.devices)
					if (sameIdentity(await rows.session(jid, id), key))
						writes.push(rows.removeSession(jid, id));
				await rows.write(writes);
			});
			changed(jid);
		},
		async dismiss(id) {
			if (id === (await device()).id) return;
			await unlist(id);
		},
		async leave() {
			const { id } = await device();
			leaving = true;
			await unlist(id);
		},
		close() {
			clearTimeout(publishing);
			lists.clear();
			bundles.close();
		},
	};
}

function preKeysOf(device: OwnDevice, now: number): PreKeys {
	return {
		signedPreKey: async (id) => device.signedPreKeys.find((known) => known.id === id)?.pair,
		preKey: async (id, baseKey) => preKeyFor(device, id, baseKey, now),
	};
}

function asOmemoError(thrown: unknown): unknown {
	if (!(thrown instanceof RatchetError)) return thrown;
	const code = thrown.code === 'duplicate' ? 'duplicate' : 'session-broken';
	return new OmemoError(code, { cause: thrown, reason: thrown.code });
}
