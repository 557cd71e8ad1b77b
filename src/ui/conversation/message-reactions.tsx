import { For, Show } from 'solid-js';
import type { Reaction } from '../../chat/model/message.ts';
import { emojisBy } from '../../chat/model/reactions.ts';
import type { SenderId } from '../../chat/model/sender.ts';
import { distinctEmojis, hasEmoji, toggleEmoji } from '../../core/text/emoji.ts';
import { REACTION_WORDS } from './words.ts';

/** The reactions to a message; pressing one adds or takes back our own. */
export function MessageReactions(props: {
	reactions: readonly Reaction[] | undefined;
	/** who reads it here */
	self: SenderId;
	onReact: (emojis: readonly string[]) => void;
}) {
	const own = () => emojisBy(props.reactions, props.self);
	const others = () => (props.reactions ?? []).filter(({ by }) => by !== props.self);
	const all = () => distinctEmojis([...others().flatMap(({ emojis }) => emojis), ...own()]);
	/** encrypted ones that were taken back in the clear, by whomever: they leave a trace */
	const gone = () =>
		distinctEmojis(
			(props.reactions ?? []).flatMap(({ emojis, sealed = [] }) =>
				sealed.filter((emoji) => !hasEmoji(emojis, emoji)),
			),
		).filter((emoji) => !hasEmoji(all(), emoji));
	const isOwn = (emoji: string) => hasEmoji(own(), emoji);
	const count = (emoji: string) =>
		(props.reactions ?? []).filter(({ emojis }) => hasEmoji(emojis, emoji)).length;
	const label = (emoji: string) => {
		const isTheirs = count(emoji) > 1 || !isOwn(emoji);
		return REACTION_WORDS.by(emoji, isOwn(emoji), isTheirs);
	};
	return (
		<Show when={all().length + gone().length > 0}>
			<ul class="reactions" aria-label={REACTION_WORDS.title}>
				<For each={all()}>
					{(emoji) => (
						<li>
							<button
								type="button"
								class="reaction"
								data-testid="reaction"
								data-emoji={emoji}
								aria-pressed={isOwn(emoji)}
								aria-label={label(emoji)}
								onClick={() => props.onReact(toggleEmoji(own(), emoji))}
							>
								{emoji}
								<Show when={count(emoji) > 1}>
									<span class="reaction-count">{count(emoji)}</span>
								</Show>
							</button>
						</li>
					)}
				</For>
				<For each={gone()}>
					{(emoji) => (
						<li class="reaction gone" data-testid="reaction-gone" title={REACTION_WORDS.takenBack}>
							<span aria-hidden="true">{emoji}</span>
							<span class="visually-hidden">{REACTION_WORDS.isTakenBack(emoji)}</span>
						</li>
					)}
				</For>
			</ul>
		</Show>
	);
}
