import { createSignal, Show } from 'solid-js';
import { kindOf, type MediaItem, type MediaKind } from '../../chat/media-item.ts';
import type { MediaLibrary } from '../../chat/media-library.ts';
import type { ChatMessage } from '../../chat/messenger/chat-message.ts';
import type { Messenger } from '../../chat/messenger/messenger.ts';
import { createMessageItem } from '../conversation/message-item.ts';
import { formatTime } from '../format.ts';
import { Icon } from '../icons/icon.tsx';
import { isHidden, sourceOf } from '../media-figure/media-source.ts';
import { badge } from '../media-figure/state-text.ts';

/** One picture or video in a grid; what may not load by itself says what it is. */
export function MediaTile(props: {
	message: ChatMessage;
	messenger: Messenger;
	library: MediaLibrary;
	/** by its name */
	kind: MediaKind;
	onView: () => void;
}) {
	const { item, load } = createMessageItem(props);
	const [isShown, setShown] = createSignal(false);
	const kind = () => {
		const found = item();
		return found === undefined ? props.kind : kindOf(found);
	};
	const src = () => {
		const found = item();
		return found && sourceOf(found, props.library);
	};
	const isBroken = () => {
		const found = item();
		return found !== undefined && isHidden(found);
	};
	const isIdle = () => src() === undefined && !isBroken() && item()?.isMeasured !== true;
	const word = () => (kind() === 'video' ? 'Video' : 'Picture');
	const press = () => {
		if (!isIdle()) props.onView();
		else if (item() === undefined) load();
		else props.library.activate(item()?.id ?? '');
	};
	return (
		<li class="media-tile" data-media-state={item()?.status.state} data-media-kind={kind()}>
			<button
				type="button"
				data-testid="media-tile"
				aria-label={`${isIdle() ? 'Load' : 'Open'} ${word().toLowerCase()} of ${formatTime(props.message.time)}`}
				onClick={press}
			>
				<Show when={!isShown()}>
					<Icon name={isBroken() ? 'altered' : kind() === 'video' ? 'play' : 'image'} size={28} />
					<span>
						{isIdle() ? `${word()} · Load` : isBroken() ? badge(item() as MediaItem) : word()}
					</span>
				</Show>
				<Show when={kind() === 'image' && !isBroken() && src()}>
					{(from) => (
						<img
							src={from()}
							alt=""
							loading="lazy"
							decoding="async"
							onLoad={() => setShown(true)}
							onError={() => setShown(false)}
						/>
					)}
				</Show>
			</button>
		</li>
	);
}
