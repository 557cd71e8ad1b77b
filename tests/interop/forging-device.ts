import { toHex } from '../../src/core/bytes.ts';
import { sealPayload } from '../../src/omemo/payload.ts';
import {
	decodePublicKey,
	encodePublicKey,
	generateKeyPair,
	type KeyPair,
} from '../../src/omemo/ratchet/key-pair.ts';
import { beginSession, encryptMessage } from '../../src/omemo/ratchet/session.ts';
import type { Session } from '../../src/omemo/ratchet/session-state.ts';
import type { Bundle } from '../../src/omemo/ratchet/x3dh.ts';
import { signXeddsa } from '../../src/omemo/ratchet/xeddsa.ts';

const NAMESPACE = 'eu.siacs.conversations.axolotl';

/** Whom something is encrypted to: one device, and what it has published. */
export interface Target {
	readonly id: number;
	readonly bundle: Bundle;
}

/** A device with keys of its own that speaks under the id of another. */
export class ForgingDevice {
	readonly #identity: KeyPair;
	#session: Session | undefined;

	private constructor(identity: KeyPair) {
		this.#identity = identity;
	}

	static async make(): Promise<ForgingDevice> {
		return new ForgingDevice(await generateKeyPair());
	}

	get fingerprint(): string {
		return toHex(this.#identity.publicKey);
	}

	/** The `<encrypted>` element of a text; the first one begins a session. */
	async encrypt({ id, bundle }: Target, text: string, sid: number): Promise<string> {
		const local = { keyPair: this.#identity, registrationId: sid };
		const before = this.#session ?? (await beginSession(local, bundle));
		const { iv, keyAndTag, payload } = await sealPayload(text);
		const { session, message } = await encryptMessage(before, keyAndTag);
		this.#session = session;
		const key = `<key rid="${id}" prekey="${message.isPreKey}">${base64(message.bytes)}</key>`;
		return `<encrypted xmlns="${NAMESPACE}"><header sid="${sid}">${key}<iv>${base64(iv)}</iv></header><payload>${base64(payload)}</payload></encrypted>`;
	}

	/** What this device would publish. */
	async bundle(): Promise<string> {
		const [signed, preKey] = await Promise.all([generateKeyPair(), generateKeyPair()]);
		const key = (pair: KeyPair) => encodePublicKey(pair.publicKey);
		const signature = signXeddsa(this.#identity, key(signed));
		return `<bundle xmlns="${NAMESPACE}"><signedPreKeyPublic signedPreKeyId="1">${base64(key(signed))}</signedPreKeyPublic><signedPreKeySignature>${base64(signature)}</signedPreKeySignature><identityKey>${base64(key(this.#identity))}</identityKey><prekeys><preKeyPublic preKeyId="1">${base64(key(preKey))}</preKeyPublic></prekeys></bundle>`;
	}
}

/** What cannot be decrypted by anybody. */
export function garbage(rid: number, sid: number): string {
	const random = (length: number) => base64(crypto.getRandomValues(new Uint8Array(length)));
	return `<encrypted xmlns="${NAMESPACE}"><header sid="${sid}"><key rid="${rid}">${random(60)}</key><iv>${random(12)}</iv></header><payload>${random(20)}</payload></encrypted>`;
}

/** Reads a published `<bundle>`, without its one-time prekeys: what has them need not hand them out. */
export function readBundleXml(xml: string): Bundle {
	const content = (name: string) => {
		const found = new RegExp(`<${name}\\b[^>]*>([^<]+)<`).exec(xml)?.[1];
		if (found === undefined) throw new Error(`no ${name}`);
		return Uint8Array.from(Buffer.from(found, 'base64'));
	};
	return {
		identityKey: decodePublicKey(content('identityKey')),
		signedPreKey: {
			id: Number(/signedPreKeyId="(\d+)"/.exec(xml)?.[1]),
			publicKey: decodePublicKey(content('signedPreKeyPublic')),
			signature: content('signedPreKeySignature'),
		},
	};
}

function base64(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('base64');
}
