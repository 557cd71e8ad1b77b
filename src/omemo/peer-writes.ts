import type { ChatWrite } from '../vault/chat-rows.ts';
import type { OmemoRows, Peer } from './omemo-rows.ts';
import { hasKey, keysOf } from './peer-device.ts';

/** Writes somebody as they are now, without the sessions of keys that no device of theirs has any more. */
export async function peerWrites(
	rows: Pick<OmemoRows, 'putPeer' | 'removeSession'>,
	jid: string,
	before: Peer,
	after: Peer,
): Promise<ChatWrite[]> {
	const left = new Map(after.devices.map((device) => [device.id, device]));
	const gone = before.devices.flatMap((device) =>
		keysOf(device)
			.filter((key) => !hasKey(left.get(device.id), key))
			.map((key) => ({ id: device.id, key })),
	);
	const removals = await Promise.all(gone.map(({ id, key }) => rows.removeSession(jid, id, key)));
	return [await rows.putPeer(jid, after), ...removals.flat()];
}
