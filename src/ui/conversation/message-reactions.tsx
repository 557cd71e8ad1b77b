import { For, Show } from 'solid-js';
import type { Reactions } from '../../chat/model/chat-message.ts';
import { distinctEmojis, hasEmoji, toggleEmoji } from '../../core/text/emoji.ts';

/** What both sides feel about a message; pressing one adds or takes back our own. */
export function MessageReactions(props: {
	reactions: Reactions | undefined;
	onReact: (emojis: readonly string[]) => void;
}) {
	const own = () => props.reactions?.own ?? [];
	const theirs = () => props.reactions?.theirs ?? [];
	const all = () => distinctEmojis([...theirs(), ...own()]);
	/** encrypted ones that were taken back in the clear, by whomever: they leave a trace */
	const gone = () =>
		distinctEmojis([
			...(props.reactions?.sealed?.theirs ?? []).filter((emoji) => !hasEmoji(theirs(), emoji)),
			...(props.reactions?.sealed?.own ?? []).filter((emoji) => !hasEmoji(own(), emoji)),
		]).filter((emoji) => !hasEmoji(all(), emoji));
	const isOwn = (emoji: string) => hasEmoji(own(), emoji);
	const by = (emoji: string) => {
		if (!hasEmoji(theirs(), emoji)) return 'you';
		return isOwn(emoji) ? 'them and you' : 'them';
	};
	return (
		<Show when={all().length + gone().length > 0}>
			<ul class="reactions" aria-label="Reactions">
				<For each={all()}>
					{(emoji) => (
						<li>
							<button
								type="button"
								class="reaction"
								data-testid="reaction"
								data-emoji={emoji}
								aria-pressed={isOwn(emoji)}
								aria-label={`${emoji} by ${by(emoji)}`}
								onClick={() => props.onReact(toggleEmoji(own(), emoji))}
							>
								{emoji}
								<Show when={by(emoji) === 'them and you'}>
									<span class="reaction-count">2</span>
								</Show>
							</button>
						</li>
					)}
				</For>
				<For each={gone()}>
					{(emoji) => (
						<li class="reaction gone" data-testid="reaction-gone" title="Taken back">
							<span aria-hidden="true">{emoji}</span>
							<span class="visually-hidden">{emoji}, taken back</span>
						</li>
					)}
				</For>
			</ul>
		</Show>
	);
}
