import { type Bytes, equalBytes } from '../../core/bytes.ts';
import { MAX_ARCHIVED } from './bounds.ts';
import { ratchetDecrypt, ratchetEncrypt } from './double-ratchet.ts';
import type { KeyPair } from './key-pair.ts';
import { RatchetError } from './ratchet-error.ts';
import type { RatchetState, Session } from './session-state.ts';
import { decodePreKeyMessage, decodeRatchetMessage, encodePreKeyMessage } from './wire-message.ts';
import { type Bundle, initiate, type LocalIdentity, respond } from './x3dh.ts';

/** An encrypted message as it is sent; `isPreKey`: it also begins the session. */
export interface SealedMessage {
	readonly bytes: Bytes;
	readonly isPreKey: boolean;
}

/** The private halves of what this device has published. */
export interface PreKeys {
	signedPreKey(id: number): Promise<KeyPair | undefined>;
	/** a one-time prekey, for the session that `baseKey` begins */
	preKey(id: number, baseKey: Bytes): Promise<KeyPair | undefined>;
}

/** What came of a message: the session after it, to be kept together with the plaintext. */
export interface Opened {
	readonly session: Session;
	readonly plaintext: Bytes;
	/** the one-time prekey that it used up, to be published no more with the same write */
	readonly usedPreKeyId?: number;
}

/**
 * Begins a session from a bundle; an older one with the same device goes on decrypting.
 * Throws RatchetError `signature-invalid` or `key-invalid`.
 */
export async function beginSession(
	local: LocalIdentity,
	bundle: Bundle,
	before?: Session,
): Promise<Session> {
	return { current: await initiate(local, bundle), archived: archive(before) };
}

/** Encrypts with the newest session; it must be kept before the message is sent. */
export async function encryptMessage(
	{ current, archived }: Session,
	plaintext: Uint8Array,
): Promise<{ session: Session; message: SealedMessage }> {
	const { state, message } = await ratchetEncrypt(current, plaintext);
	const { unanswered, baseKey, localIdentity: identityKey } = state;
	const bytes =
		unanswered === undefined
			? message
			: encodePreKeyMessage({ ...unanswered, baseKey, identityKey, message });
	return {
		session: { current: state, archived },
		message: { bytes, isPreKey: unanswered !== undefined },
	};
}

/**
 * Decrypts a message of a known session, also an older one, which then is the newest again. The session given is not
 * touched. Throws RatchetError.
 */
export async function decryptMessage(session: Session, bytes: Uint8Array): Promise<Opened> {
	const message = decodeRatchetMessage(bytes);
	const states = [session.current, ...session.archived];
	let failure: RatchetError | undefined;
	for (const state of states) {
		try {
			const opened = await ratchetDecrypt(state, message);
			const archived = states.filter((other) => other !== state);
			return { session: { current: opened.state, archived }, plaintext: opened.plaintext };
		} catch (thrown) {
			if (!(thrown instanceof RatchetError)) throw thrown;
			// 'duplicate' and the like say more than that the other sessions do not know it.
			if (failure === undefined || failure.code === 'mac-invalid') failure = thrown;
		}
	}
	throw failure ?? new RatchetError('no-session');
}

/** Who claims to have begun a session, 32 bytes: to be compared with what is known of the device. Throws RatchetError. */
export function senderIdentity(bytes: Uint8Array): Bytes {
	return decodePreKeyMessage(bytes).identityKey;
}

/**
 * Decrypts a message that begins a session, or repeats its beginning. Throws RatchetError, `prekey-missing` if it names
 * keys that are gone.
 */
export async function decryptPreKeyMessage(
	local: LocalIdentity,
	keys: PreKeys,
	bytes: Uint8Array,
	before?: Session,
): Promise<Opened> {
	const message = decodePreKeyMessage(bytes);
	const { baseKey, identityKey, preKeyId, signedPreKeyId } = message;
	const isKnown = (state: RatchetState) =>
		equalBytes(state.baseKey, baseKey) && equalBytes(state.remoteIdentity, identityKey);
	if (before !== undefined && [before.current, ...before.archived].some(isKnown))
		return decryptMessage(before, message.message);
	const signedPreKey = await keys.signedPreKey(signedPreKeyId);
	const preKey = preKeyId === undefined ? undefined : await keys.preKey(preKeyId, baseKey);
	if (signedPreKey === undefined || (preKeyId !== undefined && preKey === undefined))
		throw new RatchetError('prekey-missing');
	const state = await respond(local, message, { signedPreKey, preKey });
	const opened = await ratchetDecrypt(state, decodeRatchetMessage(message.message));
	return {
		session: { current: opened.state, archived: archive(before) },
		plaintext: opened.plaintext,
		...(preKeyId === undefined ? {} : { usedPreKeyId: preKeyId }),
	};
}

function archive(session: Session | undefined): RatchetState[] {
	if (session === undefined) return [];
	return [session.current, ...session.archived].slice(0, MAX_ARCHIVED);
}
