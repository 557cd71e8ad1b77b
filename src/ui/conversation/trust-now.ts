import { createResource } from 'solid-js';
import type { Trust } from '../../chat/account/messenger.ts';
import type { DevicesArea } from '../../chat/account/messenger-areas.ts';
import type { Message } from '../../chat/model/message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';

/** The trust of today in the device that a text came from: a message keeps the trust of when it came. */
export type TrustNow = (device: NonNullable<Message['device']>) => Trust;

/** The same for both sides of a conversation, as it changes. */
export function createTrustNow(
	state: MessengerState,
	devices: DevicesArea,
	peer: string,
): TrustNow {
	const [known] = createResource(
		() => state.devicesChanged,
		async () => {
			const owners = [...new Set([peer, state.account])];
			// While there are no keys of our own yet, nothing is known of others'.
			const all = owners.map((jid) => devices.of(jid).catch(() => []));
			const known = (await Promise.all(all)).flat();
			return new Map(known.map(({ fingerprint, trust }) => [fingerprint, trust]));
		},
	);
	return ({ fingerprint, trust }) => known.latest?.get(fingerprint) ?? trust;
}
