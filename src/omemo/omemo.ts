import { type Bytes, equalBytes, fromHex } from '../core/bytes.ts';
import type { NamedDevice } from '../core/contact-uri.ts';
import { createMutex } from '../core/mutex.ts';
import type { OmemoElement, PublishedBundle } from '../core/omemo-element.ts';
import type { ChatWrite } from '../vault/chat-rows.ts';
import { OmemoError } from './omemo-error.ts';
import { fingerprintOf, type OmemoRows, type Peer } from './omemo-rows.ts';
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
import { decodePublicKey } from './ratchet/key-pair.ts';
import { RatchetError } from './ratchet/ratchet-error.ts';
import {
	beginSession,
	decryptMessage,
	decryptPreKeyMessage,
	encryptMessage,
	type Opened,
	type PreKeys,
	senderIdentity,
} from './ratchet/session.ts';
import type { Session } from './ratchet/session-state.ts';
import type { Bundle } from './ratchet/x3dh.ts';
import { isTrusted, type Trust } from './trust.ts';

/** How OMEMO reaches the server; addresses are bare. Failures other than "there is none" throw. */
export interface OmemoTransport {
	fetchDeviceList(jid: string): Promise<readonly number[] | undefined>;
	publishDeviceList(ids: readonly number[]): Promise<void>;
	fetchBundle(jid: string, id: number): Promise<PublishedBundle | undefined>;
	publishBundle(id: number, bundle: PublishedBundle): Promise<void>;
}

/** A device as people see it. */
export interface DeviceInfo {
	readonly id: number;
	/** identity key in hex; unknown until something came from the device */
	readonly fingerprint?: string;
	readonly trust?: Trust;
	readonly active: boolean;
	/** the one we are on */
	readonly isThis: boolean;
}

/** What came out of an element. */
export interface Decrypted {
	/** absent in a key transport */
	readonly text?: string;
	readonly device: { readonly id: number; readonly fingerprint: string; readonly trust: Trust };
}

/** Writes rows of OMEMO's in one transaction with the caller's own, before anything leaves the device or is shown. */
export type Persist<T> = (result: T, writes: readonly ChatWrite[]) => Promise<void>;

/** OMEMO 0.3 of one account (XEP-0384 version 0.3.0). */
export interface Omemo {
	/** Makes and publishes this device; again after each connection. Throws what the transport throws. */
	start(): Promise<void>;
	readonly deviceId: number | undefined;
	/** A device list that was pushed or fetched. */
	listChanged(jid: string, ids: readonly number[]): Promise<void>;
	/**
	 * Encrypts to every trusted device of `jid` and to our own others. Throws OmemoError `no-devices`,
	 * `no-trusted-devices` or `unavailable`.
	 */
	encrypt(jid: string, text: string, persist: Persist<OmemoElement>): Promise<void>;
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
/** Bundles that are fetched at once. */
const FETCHES = 8;

export function createOmemo({
	account,
	rows,
	transport,
	now = Date.now,
	changed = () => undefined,
}: {
	/** bare */
	account: string;
	rows: OmemoRows;
	transport: OmemoTransport;
	now?: () => number;
	/** devices or trust of somebody changed */
	changed?: (jid: string) => void;
}): Omemo {
	const locked = createMutex();
	let own: OwnDevice | undefined;
	let publishing: ReturnType<typeof setTimeout> | undefined;
	let leaving = false;
	/** whose list was told, or asked for, since the session began */
	const upToDate = new Set<string>();

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

	/**
	 * Servers need not tell what changed while either side was away (ejabberd does not), nor anything of who is no
	 * contact: once a session somebody's list is asked for. If that fails, what is known of it will do.
	 */
	async function fetchList(jid: string): Promise<void> {
		const isKnown = (await rows.peer(jid)).listedAt !== undefined;
		const ids = await transport.fetchDeviceList(jid).catch((thrown: unknown) => {
			if (!isKnown) throw thrown;
			return undefined;
		});
		upToDate.add(jid);
		if (ids !== undefined || !isKnown)
			await changePeer(jid, (peer) => withList(peer, ids ?? [], now()));
	}

	/** Sees to it that there is a session with each device that may be encrypted to. */
	async function prepare(jid: string): Promise<void> {
		const { id: ownId } = await device();
		if (!upToDate.has(jid)) await fetchList(jid);
		const peer = await rows.peer(jid);
		const missing: number[] = [];
		for (const { id, active, identityKey, failedAt } of peer.devices) {
			if (!active || (jid === account && id === ownId)) continue;
			const trust = identityKey && identityOf(peer, identityKey)?.trust;
			if (trust === 'distrusted' || now() - (failedAt ?? 0) < HOUR) continue;
			if ((await rows.session(jid, id)) === undefined) missing.push(id);
		}
		for (let at = 0; at < missing.length; at += FETCHES)
			await Promise.all(missing.slice(at, at + FETCHES).map((id) => begin(jid, id)));
	}

	/** A device whose bundle is missing or bad is left out for a while, and the others are not held up. */
	async function begin(jid: string, id: number): Promise<boolean> {
		const bundle = usableBundle(await transport.fetchBundle(jid, id));
		return locked(async () => {
			const peer = await rows.peer(jid);
			try {
				if (bundle === undefined) throw new RatchetError('key-invalid');
				const before = sameIdentity(await rows.session(jid, id), bundle.identityKey);
				const session = await beginSession(localIdentity(await device()), bundle, before);
				const known = withIdentity(
					withDevice(peer, id, { identityKey: bundle.identityKey }),
					bundle.identityKey,
					now(),
				);
				await rows.write([await rows.putSession(jid, id, session), await rows.putPeer(jid, known)]);
				return true;
			} catch (thrown) {
				if (!(thrown instanceof RatchetError)) throw thrown;
				await rows.write([await rows.putPeer(jid, withDevice(peer, id, { failedAt: now() }))]);
				return false;
			}
		});
	}

	/** The devices that a message to `jid` is encrypted to, with their sessions; to be called locked. */
	async function recipients(jid: string): Promise<{ jid: string; id: number; session: Session }[]> {
		const { id: ownId } = await device();
		const found: { jid: string; id: number; session: Session }[] = [];
		for (const owner of new Set([jid, account])) {
			const peer = await rows.peer(owner);
			for (const { id, active } of peer.devices) {
				if (!active || (owner === account && id === ownId)) continue;
				const session = await rows.session(owner, id);
				const identity = session && identityOf(peer, session.current.remoteIdentity);
				if (session && identity && isTrusted(identity.trust))
					found.push({ jid: owner, id, session });
			}
			if (owner === jid && found.length === 0) {
				const hasActive = peer.devices.some(({ active, identityKey }) => active && identityKey);
				throw new OmemoError(hasActive ? 'no-trusted-devices' : 'no-devices');
			}
		}
		return found;
	}

	async function sealTo(
		targets: readonly { jid: string; id: number; session: Session }[],
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
			upToDate.clear();
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
			upToDate.add(account);
		},
		async listChanged(jid, ids) {
			upToDate.add(jid);
			await changePeer(jid, (peer) => withList(peer, ids, now()));
			if (jid !== account || own === undefined || leaving || ids.includes(own.id)) return;
			// Another client of ours has dropped this device.
			await transport.publishDeviceList([...ids, own.id]);
		},
		async encrypt(jid, text, persist) {
			await Promise.all([...new Set([jid, account])].map(prepare));
			const content = await sealPayload(text);
			await locked(async () => sealTo(await recipients(jid), content, persist));
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
				const known = withIdentity(
					withDevice(peer, element.sid, { identityKey, active: true }),
					identityKey,
					now(),
				);
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
			const peer = await rows.peer(jid);
			const healedAt = peer.devices.find((known) => known.id === id)?.healedAt ?? 0;
			if (now() - healedAt < HOUR) return;
			await changePeer(jid, (before) => withDevice(before, id, { healedAt: now() }));
			if (await begin(jid, id)) await sendEmpty(jid, id, persist);
		},
		async devices(jid) {
			const peer = await rows.peer(jid);
			const ownId = jid === account ? (await device()).id : undefined;
			return peer.devices.map(({ id, active, identityKey }) => {
				if (id === ownId && own !== undefined) {
					const fingerprint = fingerprintOf(own.identity.publicKey);
					return { id, active, isThis: true, fingerprint, trust: 'verified' as const };
				}
				if (identityKey === undefined) return { id, active, isThis: false };
				const trust = identityOf(peer, identityKey)?.trust ?? 'undecided';
				return { id, active, isThis: false, fingerprint: fingerprintOf(identityKey), trust };
			});
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
		},
	};
}

/** Sessions with another identity under the same device id are none of this one's. */
function sameIdentity(session: Session | undefined, identityKey: Bytes): Session | undefined {
	return session && equalBytes(session.current.remoteIdentity, identityKey) ? session : undefined;
}

function preKeysOf(device: OwnDevice, now: number): PreKeys {
	return {
		signedPreKey: async (id) => device.signedPreKeys.find((known) => known.id === id)?.pair,
		preKey: async (id, baseKey) => preKeyFor(device, id, baseKey, now),
	};
}

/** A bundle with one of its prekeys, picked at random so that two who begin at once seldom take the same. */
function usableBundle(published: PublishedBundle | undefined): Bundle | undefined {
	if (published === undefined) return undefined;
	try {
		const { identityKey, signedPreKey, preKeys } = published;
		const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
		const preKey = preKeys[random % Math.max(preKeys.length, 1)];
		return {
			identityKey: decodePublicKey(identityKey),
			signedPreKey: { ...signedPreKey, publicKey: decodePublicKey(signedPreKey.publicKey) },
			...(preKey && { preKey: { id: preKey.id, publicKey: decodePublicKey(preKey.publicKey) } }),
		};
	} catch {
		return undefined;
	}
}

function asOmemoError(thrown: unknown): unknown {
	if (!(thrown instanceof RatchetError)) return thrown;
	const code = thrown.code === 'duplicate' ? 'duplicate' : 'session-broken';
	return new OmemoError(code, { cause: thrown, reason: thrown.code });
}
