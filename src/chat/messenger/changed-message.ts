import type { ChatMessage, Reactions } from './chat-message.ts';

const NONE: Reactions = { own: [], theirs: [] };

/** A message after we, or they, reacted to it: with all that is felt now, which may be nothing. */
export function withReactions(
	message: ChatMessage,
	by: keyof Reactions,
	emojis: readonly string[],
): ChatMessage {
	return { ...message, reactions: { ...NONE, ...message.reactions, [by]: [...emojis] } };
}

/** A message after its sender took it back (XEP-0424 section 4). */
export function withoutContent(message: ChatMessage): ChatMessage {
	const { text: _, reactions: __, replyTo: ___, problem: ____, ...rest } = message;
	return { ...rest, isRetracted: true };
}

/** A message after its sender corrected it (XEP-0308); what was taken back stays so. */
export function withText(message: ChatMessage, text: string | undefined): ChatMessage {
	if (message.isRetracted === true) return message;
	return { ...message, ...(text === undefined ? {} : { text }), isCorrected: true };
}

/** A message without a change of ours that nobody has seen; `before` it was made. What others did meanwhile stays. */
export function withoutChange(message: ChatMessage, before: ChatMessage): ChatMessage {
	const { archiveId } = message;
	const undone = { ...before, ...(archiveId === undefined ? {} : { archiveId }) };
	const { theirs } = message.reactions ?? {};
	return theirs === undefined ? undone : withReactions(undone, 'theirs', theirs);
}

/** A message of ours that failed before anybody had it: it says what it says now, for the first time. */
export function asNeverSent(message: ChatMessage, failure: Partial<ChatMessage>): ChatMessage {
	const { waitsFor: _, leftOut: __, isCorrected: ___, reactions, ...rest } = message;
	const { theirs = [] } = reactions ?? {};
	const felt = theirs.length === 0 ? {} : { reactions: { own: [], theirs } };
	// Nobody has what was taken back: it is gone.
	return { ...rest, ...felt, ...(message.isRetracted === true ? { state: 'sent' } : failure) };
}
