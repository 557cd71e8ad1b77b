import { type Bytes, concatBytes, equalBytes } from '../../core/bytes.ts';
import { MAX_CHAINS, MAX_SKIP, MAX_SKIPPED } from './bounds.ts';
import {
	deriveChainStep,
	deriveMessageKeys,
	deriveRootStep,
	type MessageKeys,
	mac,
} from './key-derivation.ts';
import { agree, encodePublicKey, generateKeyPair } from './key-pair.ts';
import { RatchetError } from './ratchet-error.ts';
import type { RatchetState, ReceivingChain, SkippedKey } from './session-state.ts';
import { encodeRatchetMessage, type ReceivedMessage } from './wire-message.ts';

const MAC_LENGTH = 8;

/** Encrypts the next message of a session; the state after it must be kept before the message is sent. */
export async function ratchetEncrypt(
	state: RatchetState,
	plaintext: Uint8Array,
): Promise<{ state: RatchetState; message: Bytes }> {
	const { sending } = state;
	const { seed, next } = deriveChainStep(sending.key);
	const keys = deriveMessageKeys(seed);
	const signed = encodeRatchetMessage({
		ratchetKey: sending.ratchetKey.publicKey,
		counter: sending.index,
		previousCounter: state.previousCounter,
		ciphertext: await cbc('encrypt', keys, plaintext),
	});
	const tag = tagOf(keys, state.localIdentity, state.remoteIdentity, signed);
	return {
		state: { ...state, sending: { ...sending, key: next, index: sending.index + 1 } },
		message: concatBytes(signed, tag),
	};
}

/** What a session takes to reach a message: steps of its chain, and whether its ratchet key is a new one. */
export function distanceTo(
	state: RatchetState,
	{ content }: ReceivedMessage,
): { steps: number; isTurn: boolean } {
	const chain = chainOf(state, content.ratchetKey);
	const steps = Math.max(content.counter - (chain?.index ?? 0), 0);
	return { steps, isTurn: chain === undefined };
}

/**
 * Decrypts a message with one session; nothing of the given state is touched. Throws RatchetError `mac-invalid`,
 * `duplicate`, `too-far`, `key-invalid` or `message-invalid`.
 */
export async function ratchetDecrypt(
	state: RatchetState,
	message: ReceivedMessage,
): Promise<{ state: RatchetState; plaintext: Bytes }> {
	const { content } = message;
	const { steps, isTurn } = distanceTo(state, message);
	if (steps > MAX_SKIP) throw new RatchetError('too-far');
	const turned = isTurn ? await turn(state, content.ratchetKey) : state;
	const chain = chainOf(turned, content.ratchetKey);
	if (chain === undefined) throw new RatchetError('message-invalid');
	const { seed, moved } = seedOf(chain, content.counter);
	const keys = deriveMessageKeys(seed);
	const tag = tagOf(keys, state.remoteIdentity, state.localIdentity, message.signed);
	if (!equalBytes(tag, message.mac)) throw new RatchetError('mac-invalid');
	const plaintext = await cbc('decrypt', keys, content.ciphertext);
	const { unanswered: _, ...answered } = turned;
	const receiving = turned.receiving.map((other) => (other === chain ? moved : other));
	return { state: { ...answered, receiving: withinBounds(receiving) }, plaintext };
}

function chainOf({ receiving }: RatchetState, key: Bytes): ReceivingChain | undefined {
	return receiving.find(({ ratchetKey }) => equalBytes(ratchetKey, key));
}

/** The peer has a new ratchet key: a receiving chain for it, and a sending chain with a new one of ours. */
async function turn(state: RatchetState, theirs: Bytes): Promise<RatchetState> {
	const [receivedSecret, ratchetKey] = await Promise.all([
		agree(state.sending.ratchetKey, theirs),
		generateKeyPair(),
	]);
	const received = deriveRootStep(state.rootKey, receivedSecret);
	const sent = deriveRootStep(received.rootKey, await agree(ratchetKey, theirs));
	const chain = { ratchetKey: theirs, key: received.chainKey, index: 0, skipped: [] };
	return {
		...state,
		rootKey: sent.rootKey,
		sending: { ratchetKey, key: sent.chainKey, index: 0 },
		receiving: [...state.receiving, chain].slice(-MAX_CHAINS),
		previousCounter: Math.max(state.sending.index - 1, 0),
	};
}

/** The seed of a message's keys, and the chain without it; what lies in between is kept for messages to come. */
function seedOf(chain: ReceivingChain, counter: number): { seed: Bytes; moved: ReceivingChain } {
	if (counter < chain.index) {
		const kept = chain.skipped.find(({ index }) => index === counter);
		if (kept === undefined) throw new RatchetError('duplicate');
		const skipped = chain.skipped.filter((other) => other !== kept);
		return { seed: kept.seed, moved: { ...chain, skipped } };
	}
	const skipped: SkippedKey[] = [...chain.skipped];
	let { seed, next } = deriveChainStep(chain.key);
	for (let index = chain.index; index < counter; index++) {
		skipped.push({ index, seed });
		({ seed, next } = deriveChainStep(next));
	}
	return { seed, moved: { ...chain, key: next, index: counter + 1, skipped } };
}

/** Forgets the oldest keys for messages that never came. */
function withinBounds(chains: readonly ReceivingChain[]): ReceivingChain[] {
	let excess = chains.reduce((sum, { skipped }) => sum + skipped.length, 0) - MAX_SKIPPED;
	return chains.map((chain) => {
		if (excess <= 0) return chain;
		const skipped = chain.skipped.slice(excess);
		excess -= chain.skipped.length - skipped.length;
		return { ...chain, skipped };
	});
}

function tagOf({ macKey }: MessageKeys, sender: Bytes, receiver: Bytes, signed: Uint8Array): Bytes {
	const covered = concatBytes(encodePublicKey(sender), encodePublicKey(receiver), signed);
	return mac(macKey, covered).slice(0, MAC_LENGTH);
}

async function cbc(
	direction: 'encrypt' | 'decrypt',
	{ cipherKey, iv }: MessageKeys,
	bytes: Uint8Array,
): Promise<Bytes> {
	const key = await crypto.subtle.importKey('raw', cipherKey, 'AES-CBC', false, [direction]);
	try {
		const parameters = { name: 'AES-CBC', iv };
		return new Uint8Array(await crypto.subtle[direction](parameters, key, bytes as Bytes));
	} catch (cause) {
		throw new RatchetError('message-invalid', { cause });
	}
}
