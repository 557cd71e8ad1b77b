import type { Bytes } from '../core/bytes.ts';
import type { OmemoElement } from '../core/omemo-element.ts';
import type { ChatWrite } from '../vault/chat-rows.ts';
import type { OmemoRows } from './omemo-rows.ts';
import { encryptMessage } from './ratchet/session.ts';
import type { Reach } from './reach.ts';

/** What all recipients share, see SealedPayload; a key transport has no payload. */
interface Content {
	readonly iv: Bytes;
	readonly keyAndTag: Bytes;
	readonly payload?: Bytes;
}

/** Encrypts to sessions; `writes` are the sessions after it, to be kept before the element is sent. */
export async function sealTo(
	rows: Pick<OmemoRows, 'putSession'>,
	sid: number,
	targets: Reach['reached'],
	{ iv, keyAndTag, payload }: Content,
): Promise<{ element: OmemoElement; writes: readonly ChatWrite[] }> {
	const sealed = await Promise.all(
		targets.map(async ({ jid, id, session }) => {
			const { session: after, message } = await encryptMessage(session, keyAndTag);
			const key = { rid: id, isPreKey: message.isPreKey, bytes: message.bytes };
			return { key, writes: await rows.putSession(jid, id, after) };
		}),
	);
	const keys = sealed.map(({ key }) => key);
	const element = { sid, iv, keys, ...(payload === undefined ? {} : { payload }) };
	return { element, writes: sealed.flatMap(({ writes }) => writes) };
}
