import { type Bytes, equalBytes } from '../../core/bytes.ts';
import { MAX_ARCHIVED } from './bounds.ts';
import { distanceTo, ratchetDecrypt, ratchetEncrypt } from './double-ratchet.ts';
import { createEffort, type Effort } from './effort.ts';
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

/** The prekeys of ours that somebody names to begin a session. */
export interface NamedPreKeys {
	readonly signedPreKeyId: number;
	/** absent where the bundle had none left */
	readonly preKeyId?: number;
	/** 32 bytes */
	readonly baseKey: Bytes;
}

/** The private halves of what this device has published, and what was begun with them. */
export interface PreKeys {
	/** What a session may begin with; undefined if one of them is gone, or answers no more. */
	find(
		named: NamedPreKeys,
	): Promise<{ signedPreKey: KeyPair; preKey: KeyPair | undefined } | undefined>;
	/** Whether a beginning was accepted before, by whomever and under whatever device id, that has one of these names. */
	hasBegun(signedPreKeyId: number, names: readonly Bytes[]): Promise<boolean>;
}

/** A beginning that was accepted: it is to be remembered as long as its signed prekey, and never accepted again. */
export interface Beginning {
	readonly signedPreKeyId: number;
	/** the one-time prekey that it used up, to be published no more */
	readonly preKeyId?: number;
	readonly baseKey: Bytes;
	/** what it is recognised by, 32 bytes each */
	readonly names: readonly Bytes[];
}

/** What came of a message: the session after it, to be kept together with the plaintext. */
export interface Opened {
	readonly session: Session;
	readonly plaintext: Bytes;
	/** of a session that was not known: to be kept with the same write */
	readonly began?: Beginning;
}

/**
 * Begins a session from a bundle; an older one with the same device goes on decrypting.
 * Throws RatchetError `signature-invalid`, `key-invalid` or `not-loaded`.
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
export async function decryptMessage(
	session: Session,
	bytes: Uint8Array,
	effort: Effort = createEffort(),
): Promise<Opened> {
	const message = decodeRatchetMessage(bytes);
	const states = [session.current, ...session.archived];
	const isNew = (state: RatchetState) => distanceTo(state, message).isTurn;
	// One that has the message's chain is nearly always right, and the cheapest to try.
	const inOrder = states.toSorted((a, b) => Number(isNew(a)) - Number(isNew(b)));
	let failure: RatchetError | undefined;
	for (const state of inOrder) {
		try {
			effort.spend(distanceTo(state, message));
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

/** The identity key by which a message says that it begins a session, 32 bytes: it selects the session. Throws RatchetError. */
export function senderIdentity(bytes: Uint8Array): Bytes {
	return decodePreKeyMessage(bytes).identityKey;
}

/**
 * Decrypts a message that begins a session, or repeats its beginning. Throws RatchetError: `prekey-missing` if it names
 * keys that are gone, `duplicate` if it began a session before that is gone.
 */
export async function decryptPreKeyMessage(
	local: LocalIdentity,
	keys: PreKeys,
	bytes: Uint8Array,
	before?: Session,
	effort: Effort = createEffort(),
): Promise<Opened> {
	const message = decodePreKeyMessage(bytes);
	const { baseKey, identityKey, preKeyId, signedPreKeyId } = message;
	const states = before === undefined ? [] : [before.current, ...before.archived];
	const isKnown = (state: RatchetState) =>
		equalBytes(state.baseKey, baseKey) && equalBytes(state.remoteIdentity, identityKey);
	if (before !== undefined && states.some(isKnown))
		return decryptMessage(before, message.message, effort);
	const named = { signedPreKeyId, baseKey, ...(preKeyId === undefined ? {} : { preKeyId }) };
	const found = await keys.find(named);
	if (found === undefined) {
		const isOld = await keys.hasBegun(signedPreKeyId, [baseKey]);
		throw new RatchetError(isOld ? 'duplicate' : 'prekey-missing');
	}
	const { state, beginning } = await respond(local, message, found);
	const isSame = (known: RatchetState) =>
		known.beginning !== undefined && equalBytes(known.beginning, beginning);
	if (before !== undefined && states.some(isSame))
		return decryptMessage(before, message.message, effort);
	const names = [baseKey, beginning];
	if (await keys.hasBegun(signedPreKeyId, names)) throw new RatchetError('duplicate');
	const first = decodeRatchetMessage(message.message);
	effort.spend(distanceTo(state, first));
	const opened = await ratchetDecrypt(state, first);
	return {
		session: { current: opened.state, archived: archive(before) },
		plaintext: opened.plaintext,
		began: { ...named, names },
	};
}

/** The oldest go first, but what nobody has answered before all else: each try to mend a session leaves one behind. */
function archive(session: Session | undefined): RatchetState[] {
	if (session === undefined) return [];
	const states = [session.current, ...session.archived];
	while (states.length > MAX_ARCHIVED) {
		const unanswered = states.findLastIndex((state) => state.unanswered !== undefined);
		states.splice(unanswered < 0 ? states.length - 1 : unanswered, 1);
	}
	return states;
}
