import { toHex } from '../../../../src/core/bytes.ts';
import { clamped, encodePublicKey, type KeyPair } from '../../../../src/omemo/ratchet/key-pair.ts';
import { publicKeyOf } from '../../../../src/omemo/ratchet/library-x25519.ts';
import {
	beginSession,
	decryptMessage,
	decryptPreKeyMessage,
	encryptMessage,
	type NamedPreKeys,
	type PreKeys,
	type SealedMessage,
} from '../../../../src/omemo/ratchet/session.ts';
import type { Session } from '../../../../src/omemo/ratchet/session-state.ts';
import type { Bundle, LocalIdentity } from '../../../../src/omemo/ratchet/x3dh.ts';
import { signXeddsa } from '../../../../src/omemo/ratchet/xeddsa.ts';

const SIGNED_PREKEY_ID = 1;

export function freshKeyPair(): KeyPair {
	const privateKey = clamped(crypto.getRandomValues(new Uint8Array(32)));
	return { privateKey, publicKey: publicKeyOf(privateKey) };
}

/** A device with its sessions in memory, which keeps what it must and nothing else. */
export class Device implements PreKeys {
	readonly local: LocalIdentity;
	readonly sessions = new Map<Device, Session>();
	readonly #signedPreKey: KeyPair = freshKeyPair();
	readonly #preKeys = new Map<number, KeyPair>();
	/** hex names of the beginnings that were accepted */
	readonly #begun = new Set<string>();
	#lastPreKeyId = 0;

	constructor(registrationId = 1) {
		this.local = { keyPair: freshKeyPair(), registrationId };
	}

	async find({ signedPreKeyId, preKeyId }: NamedPreKeys) {
		const preKey = preKeyId === undefined ? undefined : this.#preKeys.get(preKeyId);
		const isGone = preKeyId !== undefined && preKey === undefined;
		if (signedPreKeyId !== SIGNED_PREKEY_ID || isGone) return undefined;
		return { signedPreKey: this.#signedPreKey, preKey };
	}

	async hasBegun(_: number, names: readonly Uint8Array[]): Promise<boolean> {
		return names.some((name) => this.#begun.has(toHex(name)));
	}

	/** What another device fetches: each time with another prekey, or with none. */
	bundle(withPreKey = true): Bundle {
		const { publicKey } = this.#signedPreKey;
		const signature = signXeddsa(this.local.keyPair, encodePublicKey(publicKey));
		const signedPreKey = { id: SIGNED_PREKEY_ID, publicKey, signature };
		const identityKey = this.local.keyPair.publicKey;
		if (!withPreKey) return { identityKey, signedPreKey };
		this.#lastPreKeyId += 1;
		const pair = freshKeyPair();
		this.#preKeys.set(this.#lastPreKeyId, pair);
		return {
			identityKey,
			signedPreKey,
			preKey: { id: this.#lastPreKeyId, publicKey: pair.publicKey },
		};
	}

	async begin(peer: Device, bundle = peer.bundle()): Promise<void> {
		this.sessions.set(peer, await beginSession(this.local, bundle, this.sessions.get(peer)));
	}

	async send(peer: Device, plaintext: Uint8Array): Promise<SealedMessage> {
		const session = this.sessions.get(peer);
		if (session === undefined) throw new Error('begin first');
		const sent = await encryptMessage(session, plaintext);
		this.sessions.set(peer, sent.session);
		return sent.message;
	}

	async receive(peer: Device, { bytes, isPreKey }: SealedMessage): Promise<Uint8Array> {
		const before = this.sessions.get(peer);
		if (!isPreKey && before === undefined) throw new Error('no session');
		const opened = isPreKey
			? await decryptPreKeyMessage(this.local, this, bytes, before)
			: await decryptMessage(before as Session, bytes);
		this.sessions.set(peer, opened.session);
		const { preKeyId, names = [] } = opened.began ?? {};
		if (preKeyId !== undefined) this.#preKeys.delete(preKeyId);
		for (const name of names) this.#begun.add(toHex(name));
		return opened.plaintext;
	}
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
	return new TextEncoder().encode(text);
}

export function flipped(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
	const copy = Uint8Array.from(bytes);
	const index = (bit >> 3) % copy.length;
	copy[index] = (copy[index] ?? 0) ^ (1 << (bit & 7));
	return copy;
}
