import { bareOf } from '../core/links/address.ts';
import { cutText } from '../core/text/cut-text.ts';
import { readDelay } from './extensions/delays.ts';
import { EXTENSIONS } from './extensions/index.ts';
import { STANZA_IDS } from './extensions/stanza-ids.ts';
import type { Envelope } from './line.ts';
import type { IncomingMessage } from './message.ts';
import { readInviter, readUnreadable } from './read-unreadable.ts';
import { fields, idOf, present, textOf } from './untrusted.ts';
import { readErrorType } from './xmpp-error.ts';

/** Characters of a body, above which it is cut: what is longer is an attack, or a file. */
const MAX_BODY = 100_000;

/**
 * Reduces a stanza to what we understand; undefined for what is no message between two people. `account` is our own bare
 * address. Nothing of what came is trusted to have the type that stanza's declarations promise.
 */
export function readMessage(
	stanza: unknown,
	account: string,
	now: number,
	envelope: Envelope = {},
): IncomingMessage | undefined {
	if (typeof stanza !== 'object' || stanza === null) return undefined;
	const raw = stanza as Record<string, unknown>;
	const { type = 'normal' } = raw;
	if (type !== 'chat' && type !== 'normal' && type !== 'error') return undefined;
	const inviter = type === 'error' ? undefined : readInviter(raw);
	const fromFull = inviter ?? textOf(raw['from']) ?? account;
	const from = bareOf(fromFull);
	const to = bareOf(textOf(raw['to']) ?? account);
	if (from === undefined || to === undefined) return undefined;
	const isOwn = from === account;
	if (!isOwn && to !== account) return undefined;
	const delayed = readDelay(raw['delay']);
	const base = {
		from,
		fromFull,
		to,
		isOwn,
		peer: isOwn ? to : from,
		isError: type === 'error',
		// Whoever sends may claim any time; none of them is yet to come.
		time: Math.min(envelope.time ?? delayed ?? now, now),
		isDelayed: envelope.time !== undefined || delayed !== undefined,
		wantsReceipt: false,
		isMarkable: false,
		...present('id', idOf(raw['id'])),
	};
	const found = present('archiveId', envelope.archiveId);
	if (inviter !== undefined) {
		// Any room can name anybody: nothing else that it says is theirs.
		if (isOwn) return undefined;
		return { ...base, ...STANZA_IDS.read(raw, account), ...found, unreadable: 'invitation' };
	}
	const said: Partial<IncomingMessage> = Object.assign(
		{},
		...EXTENSIONS.map(({ read }) => read?.(raw, account) ?? {}),
	);
	return {
		...base,
		...said,
		...found,
		...present('body', cut(textOf(raw['body']), MAX_BODY)),
		...present('unreadable', said.encrypted ? undefined : readUnreadable(raw)),
		...present('errorCondition', textOf(fields(raw['error'])['condition'])),
		...present('errorType', readErrorType(fields(raw['error'])['type'])),
	};
}

function cut(text: string | undefined, max: number): string | undefined {
	return text === undefined ? undefined : cutText(text, max);
}
