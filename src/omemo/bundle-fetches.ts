import type { Mutex } from '../core/async/mutex.ts';
import { settledWithin } from '../core/async/settled-within.ts';
import { createSlots, type Slots } from '../core/async/slots.ts';
import type { PublishedBundle } from '../core/omemo-element.ts';
import { type DeviceFailure, withFailure, withoutFailure } from './device-failure.ts';
import { isDoubtful, withKey } from './device-keys.ts';
import { OmemoError } from './omemo-error.ts';
import type { OmemoRows, Peer } from './omemo-rows.ts';
import type { FailureKindOf, OmemoTransport } from './omemo-transport.ts';
import { localIdentity, type OwnDevice } from './own-device.ts';
import { isInUse } from './peer-device.ts';
import { peerWrites } from './peer-writes.ts';
import { createPending, type Pending } from './pending.ts';
import { decodePublicKey } from './ratchet/key-pair.ts';
import { RatchetError } from './ratchet/ratchet-error.ts';
import { beginSession } from './ratchet/session.ts';
import type { Session } from './ratchet/session-state.ts';
import type { Bundle } from './ratchet/x3dh.ts';
import { sessionInUse } from './reach.ts';
import { FETCH_TIME } from './waits.ts';

/** Bundles of one account that are asked for at once; one that is slow makes room for the next after `SLOT_TIME`. */
const FETCHES = 16;
const SLOT_TIME = 2000;

/** The outcome of asking for a device's bundle. */
export type BeginOutcome =
	/** there is a session, the one that was there if the bundle names another key */
	| { readonly kind: 'begun' }
	/** the device is to blame, and its row says so */
	| { readonly kind: 'failed'; readonly failure: DeviceFailure; readonly cause: unknown }
	/** nobody is: we are offline, or our own disk is full */
	| { readonly kind: 'thrown'; readonly cause: unknown };

/** Begins sessions from published bundles; whoever asks for the same device shares one request. */
export interface BundleFetches {
	/** `replaces`: also where there is a session, which is broken. */
	begin(jid: string, id: number, replaces?: boolean): Pending<BeginOutcome>;
	close(): void;
}

interface Fetch {
	readonly jid: string;
	readonly id: number;
	readonly pending: Pending<BeginOutcome>;
	replaces: boolean;
}

export function createBundleFetches({
	rows,
	transport,
	failureKind,
	locked,
	device,
	now,
	changed,
}: {
	rows: OmemoRows;
	transport: Pick<OmemoTransport, 'fetchBundle'>;
	failureKind: FailureKindOf;
	locked: Mutex;
	device(): Promise<OwnDevice>;
	now(): number;
	changed(jid: string): void;
}): BundleFetches {
	const underWay = new Map<string, Fetch>();
	/** each account has its own: one with a hundred silent devices holds up nobody else */
	const slots = new Map<string, Slots>();
	let isClosed = false;

	async function ask({ jid, id }: Fetch): Promise<BeginOutcome | Bundle> {
		try {
			const published = await transport.fetchBundle(jid, id);
			if (published === undefined) return failed('missing');
			return usableBundle(published) ?? failed('invalid');
		} catch (cause) {
			const kind = failureKind(cause);
			if (kind === 'offline') return { kind: 'thrown', cause };
			return failed(kind === 'passing' ? 'passing' : 'refused', cause);
		}
	}

	/** To be called locked. */
	async function keep(fetch: Fetch, bundle: Bundle): Promise<BeginOutcome> {
		const { jid, id, replaces } = fetch;
		const { identityKey } = bundle;
		const before = await rows.peer(jid);
		const existing = await rows.session(jid, id, identityKey);
		let session: Session;
		try {
			// Also where it is not kept: this checks that the bundle is signed by its key.
			session = await beginSession(localIdentity(await device()), bundle, existing);
		} catch (cause) {
			if (!(cause instanceof RatchetError)) throw cause;
			// It says nothing of the device.
			if (cause.code === 'not-loaded') throw new OmemoError('unavailable', { cause });
			return failed('invalid', cause);
		}
		const after = withKey(before, id, identityKey, 'bundle', now());
		const known = after.devices.find((other) => other.id === id);
		if (known === undefined || !isInUse(known, identityKey))
			return keepOtherKey(fetch, before, after);
		await rows.write([
			...(existing === undefined || replaces ? await rows.putSession(jid, id, session) : []),
			...(await peerWrites(rows, jid, before, withoutFailure(after, id))),
		]);
		return { kind: 'begun' };
	}

	/** The bundle names another key than the one in use: nothing begins, and a session that is broken stays so. */
	async function keepOtherKey(
		{ jid, id, replaces }: Fetch,
		before: Peer,
		after: Peer,
	): Promise<BeginOutcome> {
		const known = after.devices.find((other) => other.id === id);
		const session = known && (await sessionInUse(rows, jid, known));
		const isReached = session !== undefined && !replaces;
		const peer = isReached ? withoutFailure(after, id) : after;
		await rows.write(await peerWrites(rows, jid, before, peer));
		return isReached ? { kind: 'begun' } : failed('other-key');
	}

	/** To be called locked. */
	async function mark({ jid, id, replaces }: Fetch, failure: DeviceFailure): Promise<void> {
		const peer = await rows.peer(jid);
		const known = peer.devices.find((other) => other.id === id);
		const isAsked = replaces || (known !== undefined && isDoubtful(peer, known));
		// It has written to us meanwhile.
		if (!isAsked && known && (await sessionInUse(rows, jid, known)) !== undefined) return;
		await rows.write([await rows.putPeer(jid, withFailure(peer, id, failure, now()))]);
	}

	function end(fetch: Fetch, outcome: BeginOutcome): void {
		const key = keyOf(fetch);
		if (underWay.get(key) === fetch) underWay.delete(key);
		fetch.pending.end(outcome);
	}

	/** An answer counts also when nobody waits for it any more, a failure only once. */
	async function settle(fetch: Fetch, answer: BeginOutcome | Bundle): Promise<void> {
		if (isClosed) return end(fetch, { kind: 'thrown', cause: new OmemoError('unavailable') });
		try {
			await locked(async () => {
				const outcome = 'kind' in answer ? answer : await keep(fetch, answer);
				const isFirst = fetch.pending.outcome === undefined;
				if (outcome.kind === 'failed' && isFirst) await mark(fetch, outcome.failure);
				end(fetch, outcome);
			});
		} catch (cause) {
			end(fetch, { kind: 'thrown', cause });
		}
		changed(fetch.jid);
	}

	async function run(fetch: Fetch): Promise<void> {
		const timer = setTimeout(() => {
			void settle(fetch, failed('passing')).then(() => {
				fetch.replaces = false;
			});
		}, FETCH_TIME);
		const answer = await ask(fetch);
		clearTimeout(timer);
		await settle(fetch, answer);
	}

	return {
		begin(jid, id, replaces = false) {
			const key = keyOf({ jid, id });
			const shared = underWay.get(key);
			if (shared !== undefined) {
				shared.replaces ||= replaces;
				return shared.pending;
			}
			const fetch = { jid, id, replaces, pending: createPending<BeginOutcome>() };
			underWay.set(key, fetch);
			const slot = slots.get(jid) ?? createSlots(FETCHES);
			slots.set(jid, slot);
			void slot(() => settledWithin(run(fetch), SLOT_TIME));
			return fetch.pending;
		},
		close() {
			isClosed = true;
		},
	};
}

function failed(failure: DeviceFailure, cause?: unknown): BeginOutcome {
	return { kind: 'failed', failure, cause };
}

function keyOf({ jid, id }: Pick<Fetch, 'jid' | 'id'>): string {
	return `${jid}/${id}`;
}

/** A bundle with one of its prekeys, picked at random so that two who begin at once seldom take the same. */
function usableBundle(published: PublishedBundle): Bundle | undefined {
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
