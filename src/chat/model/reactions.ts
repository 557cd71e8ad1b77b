import { distinctEmojis } from '../../core/text/emoji.ts';
import type { Reaction } from './message.ts';
import type { SenderId } from './sender.ts';

/** Encrypted reactions of one sender that are remembered. */
const MAX_SEALED = 20;

/** The emoji of one sender, each once. */
export function emojisBy(
	reactions: readonly Reaction[] | undefined,
	by: SenderId,
): readonly string[] {
	return reactions?.find((reaction) => reaction.by === by)?.emojis ?? [];
}

/** Reactions after one sender said all that they feel now, which may be nothing. `sealed` is what of it was encrypted. */
export function withReaction(
	reactions: readonly Reaction[] | undefined,
	by: SenderId,
	emojis: readonly string[],
	sealed: readonly string[] = [],
): readonly Reaction[] {
	const before = reactions?.find((reaction) => reaction.by === by);
	const all = distinctEmojis([...(before?.sealed ?? []), ...sealed]).slice(-MAX_SEALED);
	const after = { by, emojis: [...emojis], ...(all.length === 0 ? {} : { sealed: all }) };
	const others = (reactions ?? []).filter((reaction) => reaction.by !== by);
	return emojis.length + all.length === 0 ? others : [...others, after];
}
