import { type Bytes, fromHex } from '../core/bytes.ts';
import type { NamedDevice } from '../core/links/contact-uri.ts';
import { withDecision, withDoubt } from './device-keys.ts';
import { fingerprintOf, type OmemoRows, type Peer } from './omemo-rows.ts';
import type { OwnDevice } from './own-device.ts';
import { type Verification, withJudgement, withoutIdentity, withVerified } from './peer.ts';
import type { Trust } from './trust.ts';

/** Bytes of an identity key. */
const KEY_LENGTH = 32;

/** What a person says of the keys of somebody. */
export interface Judgements {
	setTrust(jid: string, fingerprint: string, trust: Trust): Promise<void>;
	/** Takes devices as verified that somebody has named by their fingerprints, also those that were never seen. */
	verify(jid: string, devices: readonly NamedDevice[]): Promise<Verification>;
	/**
	 * Forgets a key, its sessions and its device; one that is in use comes back as somebody new, trusted blindly only if
	 * nobody was ever verified, and one that is distrusted stays so.
	 */
	forget(jid: string, fingerprint: string): Promise<void>;
}

export function createJudgements({
	account,
	rows,
	device,
	now,
	changePeer,
}: {
	account: string;
	rows: OmemoRows;
	device(): Promise<OwnDevice>;
	now: () => number;
	changePeer(jid: string, change: (peer: Peer) => Peer | Promise<Peer>): Promise<void>;
}): Judgements {
	/** Somebody after a person has judged one of their keys. */
	function decided(jid: string, peer: Peer): Promise<Peer> {
		return withDecision(peer, async (id, key) => (await rows.session(jid, id, key)) !== undefined);
	}

	return {
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
	};
}

function keyOf(fingerprint: string): Bytes | undefined {
	const key = fromHex(fingerprint);
	return key?.length === KEY_LENGTH ? key : undefined;
}
