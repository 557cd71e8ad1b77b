import { distinctEmojis } from '../../core/text/emoji.ts';
import type { EarlierText, MessageFields, Reactions } from './chat-message.ts';

/** Earlier texts of one message that are kept, and characters of them. */
const MAX_EARLIER = 20;
const MAX_EARLIER_LENGTH = 200_000;
/** Encrypted reactions of one side that are remembered. */
const MAX_SEALED = 20;
const NONE: Reactions = { own: [], theirs: [] };

/**
 * A message after we, or they, reacted to it: with all that is felt now, which may be nothing. `sealed` is what of it was
 * encrypted.
 */
export function withReactions(
	message: MessageFields,
	by: 'own' | 'theirs',
	emojis: readonly string[],
	sealed: readonly string[] = [],
): MessageFields {
	const { sealed: before = NONE, ...rest } = message.reactions ?? NONE;
	const all = distinctEmojis([...before[by], ...sealed]).slice(-MAX_SEALED);
	const kept = all.length === 0 && before === NONE ? {} : { sealed: { ...before, [by]: all } };
	return { ...message, reactions: { ...rest, [by]: [...emojis], ...kept } };
}

/** A message after its sender took it back (XEP-0424 section 4). */
export function withoutContent(message: MessageFields): MessageFields {
	const { text: _, reactions: __, replyTo: ___, problem: ____, earlier: _____, ...rest } = message;
	return { ...rest, isRetracted: true };
}

/** What a message says from now on. */
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

/** A message without a change of ours that nobody has seen; `before` it was made. What others did meanwhile stays. */
export function withoutChange(message: MessageFields, before: MessageFields): MessageFields {
	const { archiveId } = message;
	const undone = { ...before, ...(archiveId === undefined ? {} : { archiveId }) };
	const { theirs } = message.reactions ?? {};
	return theirs === undefined ? undone : withReactions(undone, 'theirs', theirs);
}

/** A message of ours that failed before anybody had it: it says what it says now, for the first time. */
export function asNeverSent(
	message: MessageFields,
	failure: Partial<MessageFields>,
): MessageFields {
	const { waitsFor: _, leftOut: __, isCorrected: ___, reactions, ...kept } = message;
	const { earlier: ____, correctedAt: _____, ...rest } = kept;
	const { theirs = [] } = reactions ?? {};
	const felt = theirs.length === 0 ? {} : { reactions: { own: [], theirs } };
	// Nobody has what was taken back: it is gone.
	return { ...rest, ...felt, ...(message.isRetracted === true ? { state: 'sent' } : failure) };
}
