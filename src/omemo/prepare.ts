import { settledWithin } from '../core/async/settled-within.ts';
import type { BeginOutcome, BundleFetches } from './bundle-fetches.ts';
import { isWaiting } from './device-failure.ts';
import type { DeviceLists } from './device-lists.ts';
import type { PeerDevice } from './omemo-rows.ts';
import type { FailureKindOf } from './omemo-transport.ts';
import type { Pending } from './pending.ts';
import type { Reach } from './reach.ts';
import { GRACE } from './waits.ts';

/** `passing`: why no device could be reached, if that may pass. */
export interface Preparation {
	readonly passing?: { readonly cause: unknown };
}

/**
 * Makes what a message needs: somebody's device list, a session with each device that may be encrypted to, and where the
 * key of one is doubtful, what its bundle says. A device whose keys cannot be had is left for later, and holds nothing up
 * beyond `PATIENCE`. Throws failures of our own (offline, a full disk), and those of `DeviceLists.refresh`.
 */
export function createPrepare({
	lists,
	bundles,
	failureKind,
	reach,
	now,
}: {
	lists: DeviceLists;
	bundles: BundleFetches;
	failureKind: FailureKindOf;
	reach(jid: string): Promise<Reach>;
	now(): number;
}): {
	/** The other side of a conversation: waited for until one of its devices is reached, or all have failed. */
	contact(jid: string): Promise<Preparation>;
	/** Our own other devices: a message to others goes out without them. */
	ownDevices(jid: string): Promise<void>;
} {
	function begin(jid: string, devices: readonly PeerDevice[]): Pending<BeginOutcome>[] {
		return devices.map(({ id }) => bundles.begin(jid, id));
	}

	const isDue = (device: PeerDevice) => !isWaiting(device, now());

	async function untilEndedOrLate(fetches: readonly Pending<BeginOutcome>[]): Promise<void> {
		await Promise.all(fetches.map(({ endedOrLate }) => endedOrLate));
	}

	function throwLocalFailure(fetches: readonly Pending<BeginOutcome>[]): void {
		for (const { outcome } of fetches) if (outcome?.kind === 'thrown') throw outcome.cause;
	}

	return {
		async contact(jid) {
			await lists.refresh(jid, true);
			const { reached, keyless, doubtful } = await reach(jid);
			const missing = [...keyless, ...doubtful];
			// Where nobody else is left, all of them are asked again.
			const fetches = begin(jid, reached.length === 0 ? missing : missing.filter(isDue));
			await untilEndedOrLate(fetches);
			throwLocalFailure(fetches);
			const open = () => fetches.filter(({ outcome }) => outcome === undefined);
			while (open().length > 0 && (await reach(jid)).reached.length === 0) {
				await Promise.race(open().map(({ ended }) => ended));
				throwLocalFailure(fetches);
				// Where all is slow, the others come right behind the first.
				await settledWithin(Promise.all(open().map(({ ended }) => ended)), GRACE);
			}
			throwLocalFailure(fetches);
			for (const { outcome } of fetches)
				if (outcome?.kind === 'failed' && outcome.failure === 'passing')
					return { passing: { cause: outcome.cause } };
			return {};
		},
		async ownDevices(jid) {
			try {
				await lists.refresh(jid, false);
			} catch (thrown) {
				if (failureKind(thrown) === 'offline') throw thrown;
			}
			const { keyless, doubtful } = await reach(jid);
			const fetches = begin(jid, [...keyless, ...doubtful].filter(isDue));
			await untilEndedOrLate(fetches);
			throwLocalFailure(fetches);
		},
	};
}
