import { isWithin } from '../core/clock.ts';
import { OmemoError } from './omemo-error.ts';
import type { OmemoRows } from './omemo-rows.ts';
import type { FailureKindOf, OmemoTransport } from './omemo-transport.ts';
import { createPending, type Pending } from './pending.ts';
import { FETCH_TIME } from './waits.ts';

/** Milliseconds until a list that could not be fetched is asked for again while an older one is known. */
const RETRY_TIME = 5 * 60 * 1000;

type ListOutcome =
	| { readonly kind: 'fetched' }
	| { readonly kind: 'failed'; readonly cause: unknown; readonly isSilent?: boolean };

/**
 * The devices of people, as far as this session knows. Servers need not tell what changed while either side was away
 * (ejabberd does not), nor anything of who is no contact: once a session somebody's list is asked for.
 */
export interface DeviceLists {
	/** A list was pushed, or is known for other reasons. */
	heard(jid: string): void;
	/** The list that we have may be wrong: it is fetched before the next message. */
	outdated(jid: string): void;
	/** A new session with the server has begun, or none will any more: answers to what was asked before are dropped. */
	clear(): void;
	/**
	 * Sees to it that somebody's list is known. `isNeeded`: nothing can be done without it. Throws OmemoError
	 * `unavailable` with the transport's passing failure, else what the transport throws.
	 */
	refresh(jid: string, isNeeded: boolean): Promise<void>;
}

export function createDeviceLists({
	rows,
	transport,
	failureKind,
	now,
	keep,
}: {
	rows: Pick<OmemoRows, 'peer'>;
	transport: Pick<OmemoTransport, 'fetchDeviceList'>;
	failureKind: FailureKindOf;
	now(): number;
	/** Keeps a list that was fetched; undefined: there is none. */
	keep(jid: string, ids: readonly number[] | undefined): Promise<void>;
}): DeviceLists {
	/** whose list was told, or asked for, since the session began */
	const upToDate = new Set<string>();
	/** when it was last asked for in vain */
	const failedAt = new Map<string, number>();
	const underWay = new Map<string, Pending<ListOutcome>>();

	async function run(jid: string, pending: Pending<ListOutcome>): Promise<ListOutcome> {
		try {
			const ids = await transport.fetchDeviceList(jid);
			// A list that was pushed meanwhile, or after a new session began, is newer.
			if (underWay.get(jid) === pending) {
				await keep(jid, ids);
				upToDate.add(jid);
			}
			return { kind: 'fetched' };
		} catch (cause) {
			return { kind: 'failed', cause };
		}
	}

	function fetch(jid: string): Pending<ListOutcome> {
		const pending = createPending<ListOutcome>();
		underWay.set(jid, pending);
		const timer = setTimeout(
			() => end(jid, pending, { kind: 'failed', cause: undefined, isSilent: true }),
			FETCH_TIME,
		);
		void run(jid, pending).then((outcome) => {
			clearTimeout(timer);
			end(jid, pending, outcome);
		});
		return pending;
	}

	function end(jid: string, pending: Pending<ListOutcome>, outcome: ListOutcome): void {
		if (pending.outcome !== undefined) return;
		if (underWay.get(jid) === pending) underWay.delete(jid);
		if (outcome.kind === 'failed' && kindOf(outcome) !== 'offline') failedAt.set(jid, now());
		pending.end(outcome);
	}

	function kindOf({ cause, isSilent }: ListOutcome & { kind: 'failed' }) {
		return isSilent ? 'passing' : failureKind(cause);
	}

	return {
		heard(jid) {
			upToDate.add(jid);
			const pending = underWay.get(jid);
			if (pending !== undefined) end(jid, pending, { kind: 'fetched' });
		},
		outdated(jid) {
			upToDate.delete(jid);
			failedAt.delete(jid);
		},
		clear() {
			upToDate.clear();
			failedAt.clear();
			underWay.clear();
		},
		async refresh(jid, isNeeded) {
			const { devices, listedAt } = await rows.peer(jid);
			// Somebody without a list may have written all the same.
			const isKnown = listedAt !== undefined || upToDate.has(jid);
			const isEnough = !isNeeded || (isKnown && devices.some(({ active }) => active));
			const isFresh = upToDate.has(jid) || isWithin(failedAt.get(jid), RETRY_TIME, now());
			if (isFresh && isEnough) return;
			const pending = underWay.get(jid) ?? fetch(jid);
			if (isEnough) await pending.endedOrLate;
			const outcome = isEnough ? pending.outcome : await pending.ended;
			if (outcome?.kind !== 'failed') return;
			const kind = kindOf(outcome);
			if (kind !== 'offline' && isEnough) return;
			if (kind === 'passing') throw new OmemoError('unavailable', { cause: outcome.cause });
			throw outcome.cause;
		},
	};
}
