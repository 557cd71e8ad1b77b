import type { Mutex } from '../core/async/mutex.ts';
import { OmemoError } from './omemo-error.ts';
import type { OmemoRows, Peer } from './omemo-rows.ts';
import type { OmemoTransport } from './omemo-transport.ts';
import {
	createOwnDevice,
	type OwnDevice,
	publishedBundle,
	withCurrentSignedPreKey,
	withoutOldPreKeys,
} from './own-device.ts';
import { withList } from './peer.ts';

/** Milliseconds until used prekeys are replaced on the server: many are used at once when the archive is read. */
const PUBLISH_DELAY = 1000;

/** This device as it is stored and published. */
export interface ThisDevice {
	/** undefined before the first `get` or `prepare` */
	readonly known: OwnDevice | undefined;
	/** Throws OmemoError `unavailable` before the first `prepare`. */
	get(): Promise<OwnDevice>;
	isMade(): Promise<boolean>;
	/** Makes it, or renews its keys. `listed`: the ids that other devices have. */
	prepare(listed: readonly number[] | undefined): Promise<void>;
	/**
	 * To be called locked. A write that fails may have been done all the same: prekeys that are used there never come back.
	 */
	keep(after: OwnDevice, write: () => Promise<void>): Promise<void>;
	publish(): Promise<void>;
	/** A while after prekeys were used: `before` is the device as it was published. */
	publishSoon(before: OwnDevice, after: OwnDevice): void;
	/** Takes a device of the account off the published list. Throws what the transport throws. */
	unlist(id: number): Promise<void>;
	close(): void;
}

export function createThisDevice({
	account,
	rows,
	transport,
	locked,
	now,
	changePeer,
}: {
	account: string;
	rows: OmemoRows;
	transport: OmemoTransport;
	locked: Mutex;
	now: () => number;
	changePeer(jid: string, change: (peer: Peer) => Peer): Promise<void>;
}): ThisDevice {
	let own: OwnDevice | undefined;
	let publishing: ReturnType<typeof setTimeout> | undefined;

	const device: ThisDevice = {
		get known() {
			return own;
		},
		async get() {
			own ??= await rows.ownDevice();
			if (own === undefined) throw new OmemoError('unavailable');
			return own;
		},
		async isMade() {
			own ??= await rows.ownDevice();
			return own !== undefined;
		},
		prepare: (listed) =>
			locked(async () => {
				const before = await rows.ownDevice();
				const current = before ?? (await createOwnDevice(now(), new Set(listed)));
				const after = withoutOldPreKeys(await withCurrentSignedPreKey(current, now()), now());
				await device.keep(after, async () => {
					if (after !== before) await rows.write([await rows.putOwnDevice(after)]);
				});
				const left = new Set(after.signedPreKeys.map(({ id }) => id));
				// What was begun with prekeys that are gone cannot begin again: what stays of it does no harm.
				await rows.keepBegun(left).catch(() => undefined);
			}),
		async keep(after, write) {
			try {
				await write();
				own = after;
			} catch (thrown) {
				own = await rows.ownDevice().catch(() => undefined);
				throw thrown;
			}
		},
		async publish() {
			const current = await locked(async () => {
				const made = await device.get();
				// On the disk for good: a session that begins with a prekey which is lost could never be read.
				await rows.write([await rows.putOwnDevice(made)]);
				return made;
			});
			await transport.publishBundle(current.id, publishedBundle(current));
		},
		publishSoon(before, after) {
			if (!isOtherBundle(before, after)) return;
			publishing ??= setTimeout(() => {
				publishing = undefined;
				// Published anew with the next connection, whatever comes of it.
				device.publish().catch(() => undefined);
			}, PUBLISH_DELAY);
		},
		async unlist(id) {
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
		},
		close: () => clearTimeout(publishing),
	};
	return device;
}

function isOtherBundle(before: OwnDevice, after: OwnDevice): boolean {
	return (
		before.preKeys !== after.preKeys || before.signedPreKeys[0]?.id !== after.signedPreKeys[0]?.id
	);
}
