import { type Bytes, concatBytes } from '../../core/bytes.ts';
import { deriveBeginning, deriveFirstKeys, deriveRootStep } from './key-derivation.ts';
import { agree, encodePublicKey, generateKeyPair, type KeyPair } from './key-pair.ts';
import { loadCurves } from './load-curves.ts';
import { RatchetError } from './ratchet-error.ts';
import type { RatchetState } from './session-state.ts';
import type { PreKeyMessage } from './wire-message.ts';

/** What a device publishes so that others can begin; public keys of 32 bytes, the signature of 64. */
export interface Bundle {
	readonly identityKey: Bytes;
	readonly signedPreKey: {
		readonly id: number;
		readonly publicKey: Bytes;
		readonly signature: Bytes;
	};
	/** absent where all are used up */
	readonly preKey?: { readonly id: number; readonly publicKey: Bytes };
}

/** This device, as it signs and agrees. */
export interface LocalIdentity {
	readonly keyPair: KeyPair;
	readonly registrationId: number;
}

/** Fills the place of a signature in X3DH's input (section 2.2). */
const FILL = new Uint8Array(32).fill(0xff);

/**
 * Begins a session with a device (https://signal.org/docs/specifications/x3dh/ section 3.3).
 * Throws RatchetError `signature-invalid`, `key-invalid` or `not-loaded`.
 */
export async function initiate(
	local: LocalIdentity,
	{ identityKey, signedPreKey, preKey }: Bundle,
): Promise<RatchetState> {
	const { publicKey, signature } = signedPreKey;
	const { verifyXeddsa } = await loadCurves();
	if (!verifyXeddsa(identityKey, encodePublicKey(publicKey), signature))
		throw new RatchetError('signature-invalid');
	const [base, ratchetKey] = await Promise.all([generateKeyPair(), generateKeyPair()]);
	const secrets = await Promise.all([
		agree(local.keyPair, publicKey),
		agree(base, identityKey),
		agree(base, publicKey),
		...(preKey === undefined ? [] : [agree(base, preKey.publicKey)]),
	]);
	const { rootKey, chainKey } = deriveFirstKeys(concatBytes(FILL, ...secrets));
	const step = deriveRootStep(rootKey, await agree(ratchetKey, publicKey));
	return {
		localIdentity: local.keyPair.publicKey,
		remoteIdentity: identityKey,
		rootKey: step.rootKey,
		sending: { ratchetKey, key: step.chainKey, index: 0 },
		receiving: [{ ratchetKey: publicKey, key: chainKey, index: 0, skipped: [] }],
		previousCounter: 0,
		baseKey: base.publicKey,
		unanswered: {
			registrationId: local.registrationId,
			...(preKey === undefined ? {} : { preKeyId: preKey.id }),
			signedPreKeyId: signedPreKey.id,
		},
	};
}

/**
 * Answers who began a session (section 3.4), with the prekeys of ours that were used; `beginning` is what the state is
 * named by. Throws RatchetError `key-invalid`.
 */
export async function respond(
	local: LocalIdentity,
	{ identityKey, baseKey }: Pick<PreKeyMessage, 'identityKey' | 'baseKey'>,
	{ signedPreKey, preKey }: { signedPreKey: KeyPair; preKey: KeyPair | undefined },
): Promise<{ state: RatchetState; beginning: Bytes }> {
	const secrets = await Promise.all([
		agree(signedPreKey, identityKey),
		agree(local.keyPair, baseKey),
		agree(signedPreKey, baseKey),
		...(preKey === undefined ? [] : [agree(preKey, baseKey)]),
	]);
	const { rootKey, chainKey } = deriveFirstKeys(concatBytes(FILL, ...secrets));
	const beginning = deriveBeginning(rootKey);
	const state = {
		localIdentity: local.keyPair.publicKey,
		remoteIdentity: identityKey,
		rootKey,
		sending: { ratchetKey: signedPreKey, key: chainKey, index: 0 },
		receiving: [],
		previousCounter: 0,
		baseKey,
		beginning,
	};
	return { state, beginning };
}
