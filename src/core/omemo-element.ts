import type { Bytes } from './bytes.ts';

/** The `<encrypted>` element of OMEMO 0.3 (XEP-0384 version 0.3.0 section 4.4). */
export interface OmemoElement {
	/** the sender's device */
	readonly sid: number;
	/** 12 bytes, or 16 from old clients; may be absent without a payload */
	readonly iv: Bytes;
	readonly keys: readonly OmemoKey[];
	/** absent in a key transport */
	readonly payload?: Bytes;
}

/** The payload's key, encrypted to one device. */
export interface OmemoKey {
	readonly rid: number;
	readonly isPreKey: boolean;
	readonly bytes: Bytes;
}

/** A bundle, as a device publishes it (section 4.3); public keys of 33 bytes, as they are sent. */
export interface PublishedBundle {
	readonly identityKey: Bytes;
	readonly signedPreKey: {
		readonly id: number;
		readonly publicKey: Bytes;
		/** 64 bytes */
		readonly signature: Bytes;
	};
	readonly preKeys: readonly { readonly id: number; readonly publicKey: Bytes }[];
}

/** How messages of a kind no other client can read are recognised and said so (XEP-0380). */
export const OMEMO_NAMESPACE = 'eu.siacs.conversations.axolotl';
