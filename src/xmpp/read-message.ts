import { bareOf } from '../core/links/address.ts';
import { cutText } from '../core/text/cut-text.ts';
import { distinctEmojis, isEmoji } from '../core/text/emoji.ts';
import type { ChatState, IncomingMessage } from './message.ts';
import { REPLY_NAMESPACE } from './message-extensions.ts';
import { readOmemoElement } from './omemo-wire.ts';
import { readInviter, readUnreadable } from './read-unreadable.ts';
import { readErrorType } from './xmpp-error.ts';

const CHAT_STATES: readonly unknown[] = ['active', 'composing', 'paused', 'inactive', 'gone'];
const MAX_ID = 512;
/** Characters of a body, above which it is cut: what is longer is an attack, or a file. */
const MAX_BODY = 100_000;
const MAX_FALLBACKS = 10;
const MAX_REACTIONS = 10;

/** Where a message was found, if not on its own in the stream. */
export interface Envelope {
	/** the archive's id of it */
	readonly archiveId?: string;
	readonly time?: number;
}

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
	const delayed = timeOf(fields(raw['delay'])['timestamp']);
	const receipt = fields(raw['receipt']);
	const marker = fields(raw['marker']);
	const encrypted = readOmemoElement(raw['omemo']);
	const chatState = CHAT_STATES.includes(raw['chatState']) ? raw['chatState'] : undefined;
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
		wantsReceipt: receipt['type'] === 'request',
		isMarkable: marker['type'] === 'markable',
		...present('id', idOf(raw['id'])),
		...present('originId', idOf(raw['originId'])),
		...present('archiveId', envelope.archiveId ?? ownStanzaId(raw['stanzaIds'], account)),
	};
	if (inviter !== undefined) {
		// Any room can name anybody: nothing else that it says is theirs.
		if (isOwn) return undefined;
		return { ...base, wantsReceipt: false, isMarkable: false, unreadable: 'invitation' };
	}
	return {
		...base,
		...present('body', cut(textOf(raw['body']), MAX_BODY)),
		...present('encrypted', encrypted),
		...present('unreadable', encrypted ? undefined : readUnreadable(raw)),
		...present('chatState', chatState as ChatState | undefined),
		...present('receiptFor', receipt['type'] === 'received' ? idOf(receipt['id']) : undefined),
		...present('displayedId', marker['type'] === 'displayed' ? idOf(marker['id']) : undefined),
		...present('replaces', idOf(raw['replace'])),
		...present('replyTo', idOf(fields(raw['reply'])['id'])),
		...present('replyFallback', readReplyFallback(raw['fallbacks'])),
		...present('reactions', readReactions(raw['reactions'])),
		...present('retracts', readRetraction(raw)),
		...present('errorCondition', textOf(fields(raw['error'])['condition'])),
		...present('errorType', readErrorType(fields(raw['error'])['type'])),
	};
}

function readReplyFallback(value: unknown): IncomingMessage['replyFallback'] {
	const list = Array.isArray(value) ? value.slice(0, MAX_FALLBACKS).map(fields) : [];
	const { start = 0, end } = list.find((entry) => entry['for'] === REPLY_NAMESPACE) ?? {};
	if (!isOffset(start) || !isOffset(end) || end <= start) return undefined;
	return { start, end };
}

function isOffset(value: unknown): value is number {
	return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_BODY;
}

function readRetraction(raw: Record<string, unknown>): string | undefined {
	const [now, before] = [fields(raw['retract']), fields(raw['applyTo'])];
	if (now['isModerated'] === true) return undefined;
	return idOf(now['id']) ?? (before['isRetraction'] === true ? idOf(before['id']) : undefined);
}

/** Only emoji: a reaction is drawn without the care that a text gets. */
function readReactions(value: unknown): IncomingMessage['reactions'] {
	const { id, emojis } = fields(value);
	const target = idOf(id);
	if (target === undefined) return undefined;
	const list = Array.isArray(emojis) ? emojis.slice(0, MAX_REACTIONS).map(textOf) : [];
	const shown = list.map((text) => text?.trim() ?? '').filter(isEmoji);
	return { id: target, emojis: distinctEmojis(shown) };
}

/** The id that our own server gave; others may claim anything (XEP-0359 section 5). */
function ownStanzaId(ids: unknown, account: string): string | undefined {
	if (!Array.isArray(ids)) return undefined;
	const ours = ids.map(fields).find(({ by }) => textOf(by) === account);
	return idOf(ours?.['id']);
}

function fields(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

function cut(text: string | undefined, max: number): string | undefined {
	return text === undefined ? undefined : cutText(text, max);
}

function idOf(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' && value.length <= MAX_ID ? value : undefined;
}

function timeOf(value: unknown): number | undefined {
	return value instanceof Date && Number.isFinite(value.getTime()) ? value.getTime() : undefined;
}

function present<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
	return value === undefined ? {} : ({ [name]: value } as { [P in K]?: V });
}
