import * as v from 'valibot';
import { fittingParts, type RowSchema, rowSchema } from '../../core/row-schema.ts';
import type { DeviceName } from '../../omemo/reach.ts';
import { TRUST } from '../../omemo/trust.ts';
import type { EarlierText, Message, MessageFields, Reaction, Receipt } from '../model/message.ts';
import { accountSender, type Sender } from '../model/sender.ts';

/** Reactions as versions before groups kept them: those of private chats, by side. */
interface ReactionsBySide {
	readonly own?: readonly string[];
	readonly theirs?: readonly string[];
	readonly sealed?: { readonly own?: readonly string[]; readonly theirs?: readonly string[] };
}

/** A message as it is kept: without its meaning, and without a sender that follows from the chat it is in. */
export type MessageRow = Omit<MessageFields, 'sender' | 'reactions'> &
	Partial<Pick<MessageFields, 'sender'>> & {
		readonly reactions?: readonly Reaction[] | ReactionsBySide;
	};

const STRINGS = v.array(v.string());
const DEVICE = rowSchema<NonNullable<MessageRow['device']>>({
	id: v.number(),
	fingerprint: v.string(),
	trust: TRUST,
});
const YES = v.optional(v.boolean());
const TEXT = v.optional(v.string());
const SIDES = rowSchema<{ own?: readonly string[]; theirs?: readonly string[] }>({
	own: v.optional(STRINGS),
	theirs: v.optional(STRINGS),
});
const ACCOUNT = v.looseObject({ jid: v.string() });
const OCCUPANT = v.looseObject({ id: v.string(), nick: v.string() });
export const SENDER = v.custom<Sender>((value) => {
	const { kind } = (value ?? {}) as Partial<Sender>;
	return (
		(kind === 'account' && v.is(ACCOUNT, value)) || (kind === 'occupant' && v.is(OCCUPANT, value))
	);
});
const BY_SENDER = v.array(
	rowSchema<Reaction>({ by: v.string(), emojis: STRINGS, sealed: v.optional(STRINGS) }),
);
const BY_SIDE = rowSchema<ReactionsBySide>({
	own: v.optional(STRINGS),
	theirs: v.optional(STRINGS),
	sealed: v.optional(SIDES),
});
/** Reactions as this version, and those before groups, kept them. */
export const REACTIONS = v.custom<NonNullable<MessageRow['reactions']>>((value) =>
	v.is(Array.isArray(value) ? BY_SENDER : BY_SIDE, value),
);

export const MESSAGE_ROW: RowSchema<MessageRow> = rowSchema<MessageRow>({
	key: v.string(),
	peer: v.string(),
	sender: v.optional(SENDER),
	isOwn: v.boolean(),
	id: v.string(),
	originId: TEXT,
	time: v.number(),
	text: TEXT,
	isEncrypted: v.boolean(),
	device: v.optional(DEVICE),
	problem: TEXT,
	problemDetail: v.optional(v.looseObject({})),
	state: v.optional(v.picklist(['waiting', 'sent', 'delivered', 'read', 'failed'])),
	receipts: v.optional(
		v.array(rowSchema<Receipt>({ by: v.string(), state: v.picklist(['delivered', 'read']) })),
	),
	waitsFor: TEXT,
	leftOut: v.optional(v.array(rowSchema<DeviceName>({ jid: v.string(), id: v.number() }))),
	share: v.optional(
		rowSchema<NonNullable<MessageRow['share']>>({
			mediaId: v.string(),
			name: v.string(),
			size: v.number(),
		}),
	),
	isMarkable: YES,
	isCorrected: YES,
	correctedAt: v.optional(v.number()),
	earlier: v.optional(
		v.array(
			rowSchema<Omit<EarlierText, 'attachment'>>({
				text: v.string(),
				time: v.number(),
				isEncrypted: v.boolean(),
				device: v.optional(DEVICE),
			}),
		),
	),
	isRetracted: YES,
	replyTo: v.optional(
		rowSchema<NonNullable<MessageRow['replyTo']>>({
			id: v.string(),
			isQuoted: v.boolean(),
			key: TEXT,
			quoted: TEXT,
			folded: v.optional(v.number()),
		}),
	),
	reactions: v.optional(REACTIONS),
	archiveId: TEXT,
});

/** From a device of which nothing can be said: not from this one, which a message without a device is. */
const UNKNOWN_DEVICE = { id: 0, fingerprint: '', trust: 'undecided' } as const;

/** A stored message, if it is one: what else is wrong in it counts as absent. */
export function messageRow(value: unknown): MessageRow | undefined {
	const row = fittingParts(MESSAGE_ROW, value);
	const { device } = (value ?? {}) as Partial<MessageRow>;
	const isDeviceLost = row !== undefined && row.device === undefined && device !== undefined;
	return isDeviceLost ? { ...row, device: UNKNOWN_DEVICE } : row;
}

/** The message of a row, whichever version wrote it. `account` is bare. */
export function fieldsOfRow(row: MessageRow, account: string): MessageFields {
	const { reactions, sender = accountSender(row.isOwn ? account : row.peer), ...rest } = row;
	if (reactions === undefined) return { ...rest, sender };
	const felt = reactionsOf(reactions, account, row.peer).filter(
		({ emojis, sealed = [] }) => emojis.length + sealed.length > 0,
	);
	return { ...rest, sender, reactions: felt };
}

export function rowOf(message: MessageFields): MessageRow {
	const { attachment: _, sender, earlier, ...fields } = message as Message;
	return {
		...fields,
		...(sender.kind === 'account' ? {} : { sender }),
		...(earlier === undefined
			? {}
			: { earlier: earlier.map(({ attachment: _, ...text }) => text) }),
	};
}

/**
 * Reactions by whichever version they were written; of a private chat of `account` with `peer`, where sides are named. A side
 * that feels nothing any more is among them: what it felt before that does not come back.
 */
export function reactionsOf(
	reactions: readonly Reaction[] | ReactionsBySide,
	account: string,
	peer: string,
): readonly Reaction[] {
	if (isBySender(reactions)) return reactions;
	const sides = [
		[account, reactions.own, reactions.sealed?.own],
		[peer, reactions.theirs, reactions.sealed?.theirs],
	] as const;
	return sides.flatMap(([by, emojis, sealed = []]) =>
		emojis === undefined && sealed.length === 0
			? []
			: [{ by, emojis: emojis ?? [], ...(sealed.length === 0 ? {} : { sealed }) }],
	);
}

function isBySender(
	reactions: readonly Reaction[] | ReactionsBySide,
): reactions is readonly Reaction[] {
	return Array.isArray(reactions);
}
