import type { DeliveryState, EarlierText, MessageFields, Reaction, Receipt } from './message.ts';
import { withReaction } from './reactions.ts';
import { type Sender, senderId } from './sender.ts';

/** Earlier texts of one message that are kept, and characters of them. */
const MAX_EARLIER = 20;
const MAX_EARLIER_LENGTH = 200_000;

/** A message after one sender reacted to it: see `withReaction`. */
export function withReactions(
	message: MessageFields,
	by: Sender,
	emojis: readonly string[],
	sealed?: readonly string[],
): MessageFields {
	const { reactions, ...rest } = message;
	return withKept(rest, withReaction(reactions, senderId(by), emojis, sealed));
}

/** States only move forward: an old receipt must not undo a newer word. */
const ORDER: readonly DeliveryState[] = ['failed', 'waiting', 'sent', 'delivered', 'read'];

/** A message of ours after somebody has received or read it; undefined if that is known, or cannot be. */
export function withReceipt(
	message: MessageFields,
	by: Sender,
	state: Receipt['state'],
): MessageFields | undefined {
	const isNews = (before: DeliveryState) => ORDER.indexOf(before) < ORDER.indexOf(state);
	if (message.state === undefined) return undefined;
	if (by.kind === 'account') return isNews(message.state) ? { ...message, state } : undefined;
	const id = senderId(by);
	const { receipts = [] } = message;
	const before = receipts.find((receipt) => receipt.by === id);
	if (before !== undefined && !isNews(before.state)) return undefined;
	const others = receipts.filter((receipt) => receipt !== before);
	return { ...message, receipts: [...others, { by: id, state }] };
}

/** A message after its sender took it back (XEP-0424 section 4). */
export function withoutContent(message: MessageFields): MessageFields {
	const { text: _, reactions: __, replyTo: ___, problem: ____, earlier: _____, ...rest } = message;
	return { ...rest, isRetracted: true };
}

/** The fields of a message that a correction replaces. */
export type Correction = Pick<
	MessageFields,
	'text' | 'time' | 'device' | 'replyTo' | 'isEncrypted'
>;

/** A message after its sender corrected it (XEP-0308); what it said before is kept. What was taken back stays so. */
export function withText(message: MessageFields, correction: Correction): MessageFields {
	if (message.isRetracted === true) return message;
	const { text: before, device, problem, replyTo, earlier = [], ...rest } = message;
	const { text = before, time, isEncrypted } = correction;
	const said = before === undefined ? [] : [earlierText(message, before)];
	// What is folded of the old text says nothing of the new one.
	const answered = correction.replyTo ?? (replyTo && unfolded(replyTo));
	return {
		...rest,
		...(text === undefined ? {} : { text }),
		...(before === undefined || problem === undefined ? {} : { problem }),
		...(correction.device === undefined ? {} : { device: correction.device }),
		...(answered === undefined ? {} : { replyTo: answered }),
		isEncrypted: message.isEncrypted || isEncrypted,
		isCorrected: true,
		correctedAt: time,
		earlier: withinBounds([...earlier, ...said]),
	};
}

function unfolded({ folded: _, ...replyTo }: NonNullable<MessageFields['replyTo']>) {
	return replyTo;
}

/**
 * Whether there is room for one more earlier text: of what others said, none is forgotten for what they say later. Of our
 * own the first and the newest are kept.
 */
export function canKeepEarlier({ earlier = [], text = '' }: MessageFields): boolean {
	const length = earlier.reduce((sum, one) => sum + one.text.length, text.length);
	return earlier.length < MAX_EARLIER && length <= MAX_EARLIER_LENGTH;
}

function earlierText(message: MessageFields, text: string): EarlierText {
	const { time, correctedAt = time, device, isEncrypted } = message;
	return { text, time: correctedAt, isEncrypted, ...(device === undefined ? {} : { device }) };
}

/** The first and the newest. */
function withinBounds(all: readonly EarlierText[]): readonly EarlierText[] {
	return all.length <= MAX_EARLIER ? all : [...all.slice(0, 1), ...all.slice(1 - MAX_EARLIER)];
}

/**
 * A message without a change by one sender that nobody has seen; `before` it was made. What others felt about it meanwhile
 * stays.
 */
export function withoutChange(
	message: MessageFields,
	before: MessageFields,
	by: Sender,
): MessageFields {
	const { archiveId } = message;
	const { reactions, ...undone } = before;
	const named = archiveId === undefined ? undone : { ...undone, archiveId };
	const own = (reactions ?? []).filter((reaction) => reaction.by === senderId(by));
	return withKept(named, [...byOthers(message, by), ...own]);
}

/** A message of ours that failed before anybody had it: it says what it says now, for the first time. */
export function asNeverSent(
	message: MessageFields,
	failure: Partial<MessageFields>,
): MessageFields {
	const { waitsFor: _, leftOut: __, isCorrected: ___, reactions: ____, ...kept } = message;
	const { earlier: _____, correctedAt: ______, ...rest } = kept;
	// Nobody has what was taken back: it is gone.
	const state = message.isRetracted === true ? ({ state: 'sent' } as const) : failure;
	return { ...withKept(rest, byOthers(message, message.sender)), ...state };
}

function byOthers({ reactions = [] }: MessageFields, by: Sender): readonly Reaction[] {
	return reactions.filter((reaction) => reaction.by !== senderId(by));
}

function withKept(message: MessageFields, reactions: readonly Reaction[]): MessageFields {
	return reactions.length === 0 ? message : { ...message, reactions };
}
