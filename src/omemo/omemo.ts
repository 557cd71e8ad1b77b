import { createMutex } from '../core/async/mutex.ts';
import { type Bytes, fromHex } from '../core/bytes.ts';
import { isWithin } from '../core/clock.ts';
import type { NamedDevice } from '../core/links/contact-uri.ts';
import type { OmemoElement } from '../core/omemo-element.ts';
import type { ChatWrite } from '../vault/chat-rows.ts';
import { createBundleFetches } from './bundle-fetches.ts';
import { isWaiting, withoutFailure } from './device-failure.ts';
import { type DeviceInfo, deviceInfos, unknownDevices } from './device-info.ts';
import { withDecision, withDoubt } from './device-keys.ts';
import { createDeviceLists } from './device-lists.ts';
import { OmemoError } from './omemo-error.ts';
import { fingerprintOf, type OmemoRows, type Peer } from './omemo-rows.ts';
import type { FailureKindOf, OmemoTransport } from './omemo-transport.ts';
import {
	createOwnDevice,
	type OwnDevice,
	publishedBundle,
	withCurrentSignedPreKey,
	withoutOldPreKeys,
} from './own-device.ts';
import { emptyKeyAndTag, sealPayload } from './payload.ts';
import {
	type Verification,
	withDevice,
	withJudgement,
	withList,
	withoutIdentity,
	withVerified,
} from './peer.ts';
import { peerWrites } from './peer-writes.ts';
import { createPrepare } from './prepare.ts';
import { type DeviceName, type Reach, reachOf, sessionInUse } from './reach.ts';
import { type Decrypted, receive } from './receive.ts';
import { recipientsOf } from './recipients.ts';
import { sealTo } from './seal.ts';
import type { Trust } from './trust.ts';

/** Writes rows of OMEMO's in one transaction with the caller's own, before anything leaves the device or is shown. */
export type Persist<T> = (result: T, writes: readonly ChatWrite[]) => Promise<void>;

/**
 * The same for a message. `leftOut`: devices that it is not encrypted to, since their keys could not be had just now, or
 * were not verified while others were.
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
	 * Decrypts what came from `jid`; resolves to whether the sender's device waits for an answer: never one that came by
	 * another key than the one in use, since the answer would go to the wrong hands. A failure changes nothing. Throws
	 * OmemoError.
	 */
	decrypt(jid: string, element: OmemoElement, persist: Persist<Decrypted>): Promise<boolean>;
	/** Answers a device that began a session with an empty message. */
	answer(jid: string, id: number, persist: Persist<OmemoElement>): Promise<void>;
	/** Begins anew with a device whose session is broken, and tells it so; at most once an hour. */
	heal(jid: string, id: number, persist: Persist<OmemoElement>): Promise<void>;
	devices(jid: string): Promise<DeviceInfo[]>;
	/**
	 * Fetches the keys of active devices that are not known yet, or doubtful; one that fails is left for later. Never to be
	 * called for a stranger, whose server would learn that we are there.
	 */
	learn(jid: string): Promise<void>;
	setTrust(jid: string, fingerprint: string, trust: Trust): Promise<void>;
	/** Takes devices as verified that somebody has named by their fingerprints, also those that were never seen. */
	verify(jid: string, devices: readonly NamedDevice[]): Promise<Verification>;
	/**
	 * Forgets a key, its sessions and its device; one that is in use comes back as somebody new, trusted blindly only if
	 * nobody was ever verified, and one that is distrusted stays so.
	 */
	forget(jid: string, fingerprint: string): Promise<void>;
	/** Takes another device of ours off the published list. Throws what the transport throws. */
	dismiss(id: number): Promise<void>;
	/** Takes this device off the published list before it is erased. Throws what the transport throws. */
	leave(): Promise<void>;
	close(): void;
}

/** Bytes of an identity key. */
const KEY_LENGTH = 32;
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
			// That there is none takes nothing away from a list that was seen, and says nothing of who writes without one.
			if (ids !== undefined) await changePeer(jid, (peer) => withList(peer, ids, now()));
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

	/** To be called locked. A write that fails may have been done all the same: prekeys that are used there never come back. */
	async function keepOwn(after: OwnDevice, write: () => Promise<void>): Promise<void> {
		try {
			await write();
			own = after;
		} catch (thrown) {
			own = await rows.ownDevice().catch(() => undefined);
			throw thrown;
		}
	}

	async function changePeer(
		jid: string,
		change: (peer: Peer) => Peer | Promise<Peer>,
	): Promise<void> {
		await locked(async () => {
			const before = await rows.peer(jid);
			const after = await change(before);
			if (after !== before) await rows.write(await peerWrites(rows, jid, before, after));
		});
		changed(jid);
	}

	/** Somebody after a person has judged one of their keys. */
	function decided(jid: string, peer: Peer): Promise<Peer> {
		return withDecision(peer, async (id, key) => (await rows.session(jid, id, key)) !== undefined);
	}

	/** This device, if it is one of somebody's. */
	async function ownOf(jid: string): Promise<OwnDevice | undefined> {
		return jid === account ? device() : undefined;
	}

	async function reach(jid: string): Promise<Reach> {
		const ownId = (await ownOf(jid))?.id;
		return reachOf(rows, jid, (id) => id === ownId);
	}

	function sendEmpty(jid: string, id: number, persist: Persist<OmemoElement>): Promise<void> {
		return locked(async () => {
			const known = (await rows.peer(jid)).devices.find((other) => other.id === id);
			const session = known && (await sessionInUse(rows, jid, known));
			if (session === undefined) return;
			const content = {
				iv: crypto.getRandomValues(new Uint8Array(12)),
				keyAndTag: emptyKeyAndTag(),
			};
			const { id: sid } = await device();
			const { element, writes } = await sealTo(rows, sid, [{ jid, id, session }], content);
			await persist(element, writes);
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
		// Before it is published: a device that is online puts itself back at once, and what it says comes later.
		await changePeer(account, (peer) => withList(peer, ids, now()));
		try {
			await transport.publishDeviceList(ids);
		} catch (thrown) {
			await changePeer(account, (peer) => withList(peer, listed, now()));
			throw thrown;
		}
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
				const after = withoutOldPreKeys(await withCurrentSignedPreKey(current, now()), now());
				await keepOwn(after, async () => {
					if (after !== before) await rows.write([await rows.putOwnDevice(after)]);
				});
				const left = new Set(after.signedPreKeys.map(({ id }) => id));
				// What was begun with prekeys that are gone cannot begin again: what stays of it does no harm.
				await rows.keepBegun(left).catch(() => undefined);
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
				lists.outdated(jid);
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
				const { targets, leftOut } = await recipientsOf(reach, account, jid, preparation);
				const { element, writes } = await sealTo(rows, (await device()).id, targets, content);
				await persist(element, writes, leftOut);
			});
		},
		async decrypt(jid, element, persist) {
			const { waits, isListed } = await locked(async () => {
				const current = await device();
				const received = await receive(rows, current, jid, element, now());
				await keepOwn(received.own, () => persist(received.decrypted, received.writes));
				if (isOtherBundle(current, received.own)) publishSoon();
				return received;
			});
			if (!isListed) lists.outdated(jid);
			changed(jid);
			return waits;
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
		devices: async (jid) => deviceInfos(rows, jid, await ownOf(jid)),
		async learn(jid) {
			const unknown = await unknownDevices(rows, jid, (await ownOf(jid))?.id, now());
			await Promise.all(unknown.map((id) => bundles.begin(jid, id).ended));
		},
		async setTrust(jid, fingerprint, trust) {
			const key = keyOf(fingerprint);
			if (key !== undefined)
				await changePeer(jid, (peer) => decided(jid, withJudgement(peer, key, trust, now())));
		},
		async verify(jid, named) {
			const { id, identity } = await device();
			const ours = named.find((other) => jid === account && other.id === id);
			const isOurs = ours?.fingerprint === fingerprintOf(identity.publicKey);
			let found: Verification = { verified: 0, expected: 0, contradicted: 0 };
			await changePeer(jid, (before) => {
				const others = named.filter((other) => other !== ours);
				const { peer, doubtful, verification } = withVerified(before, others, now());
				found = verification;
				return decided(jid, doubtful.reduce(withDoubt, peer));
			});
			if (ours === undefined) return found;
			return isOurs
				? { ...found, verified: found.verified + 1 }
				: { ...found, contradicted: found.contradicted + 1 };
		},
		async forget(jid, fingerprint) {
			const key = keyOf(fingerprint);
			if (key !== undefined) await changePeer(jid, (peer) => withoutIdentity(peer, key));
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

function keyOf(fingerprint: string): Bytes | undefined {
	const key = fromHex(fingerprint);
	return key?.length === KEY_LENGTH ? key : undefined;
}

function isOtherBundle(before: OwnDevice, after: OwnDevice): boolean {
	return (
		before.preKeys !== after.preKeys || before.signedPreKeys[0]?.id !== after.signedPreKeys[0]?.id
	);
}
