import { createResource } from 'solid-js';
import type { Messenger, Trust } from '../../chat/account/messenger.ts';
import type { ChatMessage } from '../../chat/model/chat-message.ts';

/** What is held now of the device that a text came from: a message keeps what was held when it came. */
export type TrustNow = (device: NonNullable<ChatMessage['device']>) => Trust;

/** The same for both sides of a conversation, as it changes. */
export function createTrustNow(messenger: Messenger, peer: string): TrustNow {
	const [known] = createResource(
		() => messenger.state.devicesChanged,
		async () => {
			const owners = [...new Set([peer, messenger.state.account])];
			// While there are no keys of our own yet, nothing is known of others'.
			const all = owners.map((jid) => messenger.devices.of(jid).catch(() => []));
			const devices = (await Promise.all(all)).flat();
			return new Map(devices.map(({ fingerprint, trust }) => [fingerprint, trust]));
		},
	);
	return ({ fingerprint, trust }) => known.latest?.get(fingerprint) ?? trust;
}
