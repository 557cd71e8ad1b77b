import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../../src/core/bytes.ts';
import { ratchetDecrypt, ratchetEncrypt } from '../../../../src/omemo/ratchet/double-ratchet.ts';
import { encodePublicKey } from '../../../../src/omemo/ratchet/key-pair.ts';
import {
	decryptPreKeyMessage,
	encryptMessage,
	type PreKeys,
} from '../../../../src/omemo/ratchet/session.ts';
import type { RatchetState, ReceivingChain } from '../../../../src/omemo/ratchet/session-state.ts';
import {
	decodePreKeyMessage,
	decodeRatchetMessage,
} from '../../../../src/omemo/ratchet/wire-message.ts';
import { verifyXeddsa } from '../../../../src/omemo/ratchet/xeddsa.ts';
import vectors from '../../../vectors/ratchet/axolotl.json' with { type: 'json' };

type Run = (typeof vectors.runs)[number];
type WrittenState = NonNullable<Run['steps'][number]['state']>;

const hex = (text: string) => fromHex(text) ?? expect.unreachable();
const pairOf = (pair: { publicKey: string; privateKey: string }) => ({
	publicKey: hex(pair.publicKey),
	privateKey: hex(pair.privateKey),
});

function stateOf(written: WrittenState, receiving: readonly ReceivingChain[]): RatchetState {
	const { sending } = written;
	return {
		localIdentity: hex(written.localIdentity),
		remoteIdentity: hex(written.remoteIdentity),
		rootKey: hex(written.rootKey),
		baseKey: hex(written.baseKey),
		previousCounter: written.previousCounter,
		sending: {
			ratchetKey: pairOf(sending.ratchetKey),
			key: hex(sending.key),
			index: sending.index,
		},
		receiving,
		...(written.unanswered ? { unanswered: written.unanswered } : {}),
	};
}

const chainsOf = (written: WrittenState): ReceivingChain[] =>
	written.receiving.map((chain) => ({
		ratchetKey: hex(chain.ratchetKey),
		key: hex(chain.key),
		index: chain.index,
		skipped: [],
	}));

describe.each(vectors.runs.map((run, index) => ({ run, index })))(
	'python-axolotl talks to itself, run $index, and we',
	({ run }) => {
		it('write the same bytes from the same state', async () => {
			const sent = run.steps.filter(({ op }) => op === 'encrypt');
			expect(sent.length).toBeGreaterThan(5);
			for (const { state, plaintext, message, isPreKey } of sent) {
				const current = stateOf(state as WrittenState, []);
				const sealed = await encryptMessage({ current, archived: [] }, hex(plaintext));
				expect(Buffer.from(sealed.message.bytes).toString('hex')).toBe(message);
				expect(sealed.message.isPreKey).toBe(isPreKey);
			}
		});

		it.each(['alice', 'bob'])('read all that came to %s, in any order', async (who) => {
			const local = {
				keyPair: pairOf(run[who as 'alice' | 'bob'].identity),
				registrationId: run[who as 'alice' | 'bob'].registrationId,
			};
			const keys: PreKeys = {
				find: async ({ signedPreKeyId, preKeyId }) =>
					signedPreKeyId === run.bob.signedPreKey.id && preKeyId === run.bob.preKey.id
						? { signedPreKey: pairOf(run.bob.signedPreKey), preKey: pairOf(run.bob.preKey) }
						: undefined,
				hasBegun: async () => false,
			};
			let chains: readonly ReceivingChain[] | undefined;
			for (const { op, state, plaintext, message, isPreKey } of run.steps) {
				if (op !== 'decrypt' || (state === null ? 'bob' : sideOf(run, state)) !== who) continue;
				if (state === null) {
					const opened = await decryptPreKeyMessage(local, keys, hex(message));
					expect(Buffer.from(opened.plaintext).toString('hex')).toBe(plaintext);
					expect(opened.began?.preKeyId).toBe(run.bob.preKey.id);
					chains = opened.session.current.receiving;
					continue;
				}
				const known = chains ?? chainsOf(state);
				const bare = ({ ratchetKey, key, index, skipped }: ReceivingChain) => ({
					ratchetKey: Buffer.from(ratchetKey).toString('hex'),
					key: Buffer.from(key).toString('hex'),
					index,
					skipped: skipped.length,
				});
				expect(known.map(bare)).toEqual(state.receiving);
				const bytes = isPreKey ? decodePreKeyMessage(hex(message)).message : hex(message);
				// Their next ratchet key is random, so each step begins with theirs; the chains are ours throughout.
				const opened = await ratchetDecrypt(stateOf(state, known), decodeRatchetMessage(bytes));
				expect(Buffer.from(opened.plaintext).toString('hex')).toBe(plaintext);
				chains = opened.state.receiving;
			}
			expect(chains).toBeDefined();
		});

		it('accept the signature of its bundle', () => {
			const { publicKey, signature } = run.bob.signedPreKey;
			const identity = hex(run.bob.identity.publicKey);
			expect(verifyXeddsa(identity, encodePublicKey(hex(publicKey)), hex(signature))).toBe(true);
		});
	},
);

function sideOf(run: Run, state: WrittenState): 'alice' | 'bob' {
	return state.localIdentity === run.alice.identity.publicKey ? 'alice' : 'bob';
}

it('a message whose MAC is cut is refused', async () => {
	const step = vectors.runs[0]?.steps.find(({ op, isPreKey }) => op === 'encrypt' && !isPreKey);
	const message = decodeRatchetMessage(hex(step?.message ?? ''));
	const { state } = await ratchetEncrypt(stateOf(step?.state as WrittenState, []), hex('00'));
	await expect(ratchetDecrypt(state, message)).rejects.toMatchObject({ code: 'mac-invalid' });
});
