import { Show } from 'solid-js';
import type { MediaItem } from '../../chat/files/media-item.ts';
import { shownName } from './shown-name.ts';
import { WORDS } from './words.ts';

/** How much of a file is here and checked; how much there is may not be known yet. */
export function LoadProgress(props: { item: MediaItem }) {
	const label = () => WORDS.downloadingOf(shownName(props.item));
	return (
		<Show
			when={props.item.status.size}
			fallback={<progress class="media-progress" aria-label={label()} />}
		>
			{(size) => (
				<progress
					class="media-progress"
					aria-label={label()}
					max={size()}
					value={props.item.status.counted}
				/>
			)}
		</Show>
	);
}
