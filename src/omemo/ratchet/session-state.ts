import * as v from 'valibot';
import type { Bytes } from '../../core/bytes.ts';
import { bytesSchema, type RowSchema, rowSchema } from '../../core/row-schema.ts';
import { KEY_PAIR, type KeyPair } from './key-pair.ts';

/** A chain of message keys; `key` 32 bytes, `index` the number of the next message. */
export interface Chain {
	readonly key: Bytes;
	readonly index: number;
}

export interface SendingChain extends Chain {
	readonly ratchetKey: KeyPair;
}

/** What is kept for a message that has not come: the seed of its keys, 32 bytes. */
export interface SkippedKey {
	readonly index: number;
	readonly seed: Bytes;
}

export interface ReceivingChain extends Chain {
	/** the peer's, 32 bytes */
	readonly ratchetKey: Bytes;
	readonly skipped: readonly SkippedKey[];
}

/** What a prekey message says of how its session began; sent along until the peer has answered. */
export interface Unanswered {
	readonly registrationId: number;
	readonly preKeyId?: number;
	readonly signedPreKeyId: number;
}

/** One Double Ratchet (https://signal.org/docs/specifications/doubleratchet/). Never changed: each step makes another. */
export interface RatchetState {
	/** public, 32 bytes */
	readonly localIdentity: Bytes;
	/** public, 32 bytes */
	readonly remoteIdentity: Bytes;
	/** 32 bytes */
	readonly rootKey: Bytes;
	readonly sending: SendingChain;
	/** oldest first */
	readonly receiving: readonly ReceivingChain[];
	/** messages in the sending chain before this one, less one */
	readonly previousCounter: number;
	/** the initiator's, 32 bytes: tells a prekey message that came again */
	readonly baseKey: Bytes;
	/**
	 * Of a session that the peer began: a hash of the agreed secret, 32 bytes. X25519 accepts several encodings of one public
	 * key, so a replay can carry another `baseKey`, but never another `beginning`. Absent in old rows.
	 */
	readonly beginning?: Bytes;
	readonly unanswered?: Unanswered;
}

/** All that is kept about one device of a peer; plain values that a database can hold. */
export interface Session {
	readonly current: RatchetState;
	/** newest first */
	readonly archived: readonly RatchetState[];
}

const RATCHET_STATE = rowSchema<RatchetState>({
	localIdentity: bytesSchema,
	remoteIdentity: bytesSchema,
	rootKey: bytesSchema,
	sending: rowSchema<SendingChain>({ key: bytesSchema, index: v.number(), ratchetKey: KEY_PAIR }),
	receiving: v.array(
		rowSchema<ReceivingChain>({
			key: bytesSchema,
			index: v.number(),
			ratchetKey: bytesSchema,
			skipped: v.array(rowSchema<SkippedKey>({ index: v.number(), seed: bytesSchema })),
		}),
	),
	previousCounter: v.number(),
	baseKey: bytesSchema,
	beginning: v.optional(bytesSchema),
	unanswered: v.optional(
		rowSchema<Unanswered>({
			registrationId: v.number(),
			preKeyId: v.optional(v.number()),
			signedPreKeyId: v.number(),
		}),
	),
});

export const SESSION: RowSchema<Session> = rowSchema<Session>({
	current: RATCHET_STATE,
	archived: v.array(RATCHET_STATE),
});
