import type { Mutex } from '../core/async/mutex.ts';
import { isWithin } from '../core/clock.ts';
import type { OmemoElement } from '../core/omemo-element.ts';
import type { BundleFetches } from './bundle-fetches.ts';
import { isWaiting } from './device-failure.ts';
import type { OmemoRows, Peer } from './omemo-rows.ts';
import type { OwnDevice } from './own-device.ts';
import { emptyKeyAndTag } from './payload.ts';
import { withDevice } from './peer.ts';
import type { Persist } from './persist.ts';
import { sessionInUse } from './reach.ts';
import { sealTo } from './seal.ts';

const HOUR = 60 * 60 * 1000;

/** Messages without a text: they tell a device of a new session, or that a session is answered. */
export interface EmptyMessages {
	/** Answers a device that began a session with an empty message. */
	answer(jid: string, id: number, persist: Persist<OmemoElement>): Promise<void>;
	/** Begins anew with a device whose session is broken, and tells it so; at most once an hour. */
	heal(jid: string, id: number, persist: Persist<OmemoElement>): Promise<void>;
}

export function createEmptyMessages({
	rows,
	locked,
	bundles,
	device,
	now,
	changePeer,
}: {
	rows: OmemoRows;
	locked: Mutex;
	bundles: BundleFetches;
	device(): Promise<OwnDevice>;
	now: () => number;
	changePeer(jid: string, change: (peer: Peer) => Peer): Promise<void>;
}): EmptyMessages {
	/** devices whose broken sessions are being replaced */
	const healing = new Set<string>();

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

	return {
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
	};
}
