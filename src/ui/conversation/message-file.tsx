import { Show, useContext } from 'solid-js';
import { guessKind } from '../../chat/media-item.ts';
import type { MediaLibrary } from '../../chat/media-library.ts';
import type { ChatMessage } from '../../chat/messenger/chat-message.ts';
import { fileOf, linkedFileOf } from '../../chat/messenger/message-media.ts';
import type { Messenger } from '../../chat/messenger/messenger.ts';
import { Icon } from '../icons/icon.tsx';
import { MediaFigure } from '../media-figure/media-figure.tsx';
import { SharingLine } from '../share/share-progress.tsx';
import { AttemptContext } from './attempt.ts';
import { createMessageItem } from './message-item.ts';
import './message-file.css';

/** A shared file: loading by itself where that gives nothing away, else when asked. */
export function FileOfMessage(props: {
	message: ChatMessage;
	messenger: Messenger;
	library: MediaLibrary;
	/** never by itself */
	isAsked?: boolean;
	onView: (message: ChatMessage) => void;
}) {
	const file = () => fileOf(props.message, props.messenger.state);
	const linked = () => linkedFileOf(props.message);
	const host = () => file()?.host ?? linked()?.host;
	const attempt = useContext(AttemptContext);
	const { item, load, isLooking } = createMessageItem(props);
	return (
		<>
			<Show
				when={item()}
				// Read once more as it goes: what played is told to have stopped.
				keyed
				fallback={
					<div
						class="message-file"
						classList={{ [guessKind(file()?.name ?? '')]: isLooking() }}
						aria-busy={isLooking()}
					>
						<Show when={!isLooking()}>
							<p>
								<Icon name="file" size={18} />{' '}
								<bdi>{props.message.share?.name ?? `A file from ${host()}`}</bdi>
							</p>
						</Show>
						<Show when={!isLooking() && props.message.share === undefined}>
							<button type="button" class="button plain" data-testid="load-file" onClick={load}>
								{linked() === undefined ? 'Load' : 'Open file'}
							</button>
						</Show>
					</div>
				}
			>
				{(found) => (
					<MediaFigure
						item={found}
						library={props.library}
						isSharing={props.message.share !== undefined}
						onView={() => props.onView(props.message)}
					/>
				)}
			</Show>
			<Show when={props.message.state === 'waiting' && props.message.share} keyed>
				{({ name }) => (
					<SharingLine
						name={name}
						progress={props.messenger.state.shares[props.message.key]}
						isOnline={props.messenger.state.connection === 'online'}
						onCancel={() => void attempt(props.messenger.cancelShare(props.message))}
					/>
				)}
			</Show>
		</>
	);
}
