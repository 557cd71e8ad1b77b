import { createMutex } from '../core/async/mutex.ts';
import type { OmemoElement } from '../core/omemo-element.ts';
import { createBundleFetches } from './bundle-fetches.ts';
import { withoutFailure } from './device-failure.ts';
import { type DeviceInfo, deviceInfos, unknownDevices } from './device-info.ts';
import { createDeviceLists } from './device-lists.ts';
import { createEmptyMessages, type EmptyMessages } from './empty-messages.ts';
import { createJudgements, type Judgements } from './judgements.ts';
import { OmemoError } from './omemo-error.ts';
import type { OmemoRows, Peer } from './omemo-rows.ts';
import type { FailureKindOf, OmemoTransport } from './omemo-transport.ts';
import type { OwnDevice } from './own-device.ts';
import { sealPayload } from './payload.ts';
import { withList } from './peer.ts';
import { peerWrites } from './peer-writes.ts';
import type { Persist, PersistMessage } from './persist.ts';
import { createPrepare } from './prepare.ts';
import { RatchetError } from './ratchet/ratchet-error.ts';
import { arithmetic } from './ratchet/x25519.ts';
import { type Reach, reachOf } from './reach.ts';
import { type Decrypted, receive } from './receive.ts';
import { recipientsOf } from './recipients.ts';
import { sealTo } from './seal.ts';
import { createThisDevice } from './this-device.ts';

/** OMEMO 0.3 of one account (XEP-0384 version 0.3.0). */
export interface Omemo extends EmptyMessages, Judgements {
	/** Makes and publishes this device; again after each connection. Throws what the transport throws, or OmemoError `unavailable`. */
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
	 * OmemoError; `unavailable` if another try may help.
	 */
	decrypt(jid: string, element: OmemoElement, persist: Persist<Decrypted>): Promise<boolean>;
	devices(jid: string): Promise<DeviceInfo[]>;
	/**
	 * Fetches the keys of active devices that are not known yet, or doubtful; one that fails is left for later. Never to be
	 * called for a stranger, whose server would learn that we are there.
	 */
	learn(jid: string): Promise<void>;
	/** Takes another device of ours off the published list. Throws what the transport throws. */
	dismiss(id: number): Promise<void>;
	/** Takes this device off the published list before it is erased. Throws what the transport throws. */
	leave(): Promise<void>;
	close(): void;
}

export function createOmemo({
	account,
	rows,
	transport,
	failureKind,
	now = Date.now,
	changed = () => undefined,
	whenWritten = (work) => work(),
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
	/** does something once all that was written before is on the disk */
	whenWritten?: (work: () => void) => void;
}): Omemo {
	const locked = createMutex();
	let leaving = false;
	const own = createThisDevice({ account, rows, transport, locked, now, changePeer });
	const device = own.get;
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
	const empty = createEmptyMessages({ rows, locked, bundles, device, now, changePeer });
	const judgements = createJudgements({ account, rows, device, now, changePeer });

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

	/** This device, if it is one of somebody's. */
	async function ownOf(jid: string): Promise<OwnDevice | undefined> {
		return jid === account ? device() : undefined;
	}

	async function reach(jid: string): Promise<Reach> {
		const ownId = (await ownOf(jid))?.id;
		return reachOf(rows, jid, (id) => id === ownId);
	}

	return {
		get deviceId() {
			return own.known?.id;
		},
		async start() {
			// In a browser without X25519 nothing can be decrypted before the library is there.
			await arithmetic().catch(unavailable);
			lists.clear();
			const listed = await transport.fetchDeviceList(account);
			await own.prepare(listed).catch(unavailable);
			await own.publish();
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
			const { known } = own;
			if (jid !== account || known === undefined || leaving || ids.includes(known.id)) return;
			// Another client of ours has dropped this device.
			await transport.publishDeviceList([...ids, known.id]);
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
				// Nothing was ever encrypted to a device that was never made.
				if (!(await own.isMade())) throw new OmemoError('not-for-us');
				const current = await device();
				const received = await receive(rows, current, jid, element, now()).catch(unavailable);
				await own.keep(received.own, () => persist(received.decrypted, received.writes));
				whenWritten(() => own.publishSoon(current, received.own));
				return received;
			});
			if (!isListed) lists.outdated(jid);
			changed(jid);
			return waits;
		},
		...empty,
		devices: async (jid) => deviceInfos(rows, jid, await ownOf(jid)),
		async learn(jid) {
			const unknown = await unknownDevices(rows, jid, (await ownOf(jid))?.id, now());
			await Promise.all(unknown.map((id) => bundles.begin(jid, id).ended));
		},
		...judgements,
		async dismiss(id) {
			if (id === (await device()).id) return;
			await own.unlist(id);
		},
		async leave() {
			const { id } = await device();
			leaving = true;
			await own.unlist(id);
		},
		close() {
			own.close();
			lists.clear();
			bundles.close();
		},
	};
}

/** A part of the app that cannot be loaded now is tried again. */
function unavailable(thrown: unknown): never {
	if (thrown instanceof RatchetError && thrown.code === 'not-loaded')
		throw new OmemoError('unavailable', { cause: thrown });
	throw thrown;
}
