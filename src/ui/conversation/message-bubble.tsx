import { createEffect, createMemo, Match, Show, Switch } from 'solid-js';
import { guessKind } from '../../chat/media-item.ts';
import type { MediaLibrary } from '../../chat/media-library.ts';
import type { ChatMessage } from '../../chat/messenger/chat-message.ts';
import { fileOf } from '../../chat/messenger/message-media.ts';
import type { Messenger } from '../../chat/messenger/messenger.ts';
import { countEmoji } from '../../core/emoji.ts';
import { nameOf } from '../contact/name-of.ts';
import { formatClock } from '../format.ts';
import { Icon, type IconName } from '../icons/icon.tsx';
import { MediaFigure } from '../media-figure/media-figure.tsx';
import { SharingLine } from '../share/share-progress.tsx';
import type { AlbumPlace } from './album.ts';
import { actionsOf, canAnything } from './message-actions.ts';
import { MessageDelivery } from './message-delivery.tsx';
import { createMessageItem } from './message-item.ts';
import { MessageQuote } from './message-quote.tsx';
import { MessageReactions } from './message-reactions.tsx';
import { problemText } from './problem-text.ts';
import { StyledMessage } from './styled-message.tsx';
import './message-file.css';

const STATES: Record<NonNullable<ChatMessage['state']>, { icon: IconName; text: string }> = {
	waiting: { icon: 'waiting', text: 'Waiting to be sent' },
	sent: { icon: 'sent', text: 'Sent' },
	delivered: { icon: 'delivered', text: 'Delivered' },
	read: { icon: 'read', text: 'Read' },
	failed: { icon: 'altered', text: 'Not sent' },
};

/** What of a message's device a reader has to know. */
export function doubtOf(message: ChatMessage): string | undefined {
	const trust = message.device?.trust;
	if (message.isOwn || !message.isEncrypted) return undefined;
	if (trust === 'undecided') return 'From a device that you have not verified';
	return trust === 'distrusted' ? 'From a device that you do not trust' : undefined;
}

/** One message: text, a file, or why there is neither. */
export function MessageBubble(props: {
	message: ChatMessage;
	messenger: Messenger;
	library: MediaLibrary;
	/** it goes on where the one above it ended */
	follows: boolean;
	/** where it stands in an album, if in one */
	album: AlbumPlace | undefined;
	onView: (message: ChatMessage) => void;
	onMenu: (anchor: HTMLElement) => void;
	onEdit: () => void;
	onReact: (emojis: readonly string[]) => void;
	onJump: (key: string) => void;
}) {
	let more: HTMLButtonElement | undefined;
	const message = () => props.message;
	const file = createMemo(() => fileOf(message(), props.messenger.state));
	createEffect(() => {
		// What was taken back is not kept as a file either.
		if (message().isRetracted === true)
			void props.messenger.media.remove(message(), props.library.remove);
	});
	const isSaid = () =>
		message().isRetracted !== true && file() === undefined && message().text !== undefined;
	return (
		<li
			class="message"
			classList={{
				own: message().isOwn,
				follows: props.follows,
				album: props.album !== undefined,
				top: props.album?.isTop,
				bottom: props.album?.isBottom,
				last: props.album?.index === (props.album?.count ?? 0) - 1,
				'row-start': props.album?.isRowStart,
				'row-end': props.album?.isRowEnd,
				wide: props.album?.columns === 1,
			}}
			style={{ '--columns': props.album?.columns }}
			aria-label={props.album && `${props.album.index + 1} of ${props.album.count} in an album`}
			data-testid="message"
			data-key={message().key}
			data-state={message().state}
			data-encrypted={message().isEncrypted ? '' : undefined}
			onContextMenu={(event) => {
				// A long press; a mouse has its own menu, and a button.
				if (more === undefined || !matchMedia('(pointer: coarse)').matches) return;
				event.preventDefault();
				props.onMenu(more);
			}}
		>
			<Show when={canAnything(actionsOf(message(), file() !== undefined))}>
				<button
					ref={more}
					type="button"
					class="icon-button message-more"
					data-testid="message-more"
					aria-label="More"
					aria-haspopup="dialog"
					onClick={(event) => props.onMenu(event.currentTarget)}
				>
					<Icon name="more" size={20} />
				</button>
			</Show>
			<div class="bubble" classList={{ 'with-file': file() !== undefined }}>
				<span class="visually-hidden">
					{message().isOwn ? 'You' : nameOf(props.messenger.state, message().peer)}:{' '}
				</span>
				<Show when={message().replyTo} keyed>
					{(replyTo) => (
						<MessageQuote
							messenger={props.messenger}
							peer={message().peer}
							id={replyTo.id}
							onJump={props.onJump}
						/>
					)}
				</Show>
				<Switch>
					<Match when={message().isRetracted}>
						<p class="message-problem">
							<Icon name="remove" size={18} /> This message was deleted
						</p>
					</Match>
					<Match when={file()}>
						<FileOfMessage
							message={message()}
							messenger={props.messenger}
							library={props.library}
							onView={props.onView}
						/>
					</Match>
					<Match when={message().text !== undefined}>
						{/* Of one direction with the time, which stands in the last line where there is room. */}
						<div class="message-said" dir="auto">
							<div class="message-text" data-emoji={countEmoji(message().text ?? '') || undefined}>
								<StyledMessage text={message().text ?? ''} />
							</div>
							<Show when={doubtOf(message()) === undefined}>
								<MessageFoot message={message()} />
							</Show>
						</div>
					</Match>
					<Match when={true}>
						<p class="message-problem">
							<Icon name="lock" size={18} /> {problemText(message().problem ?? '')}
						</p>
					</Match>
				</Switch>
				<Show when={doubtOf(message())}>
					{(words) => (
						<p class="message-doubt">
							<Icon name="altered" size={16} /> {words()}
						</p>
					)}
				</Show>
				<Show when={!isSaid() || doubtOf(message())}>
					<MessageFoot message={message()} />
				</Show>
				<MessageDelivery
					message={message()}
					messenger={props.messenger}
					onEdit={() => props.onEdit()}
				/>
			</div>
			<MessageReactions reactions={message().reactions} onReact={props.onReact} />
		</li>
	);
}

/** When it was said, how, and how far it has come. */
function MessageFoot(props: { message: ChatMessage }) {
	return (
		<p class="message-foot">
			<Show when={!props.message.isEncrypted}>
				<Icon name="unlocked" size={14} />
				<span class="visually-hidden">Not encrypted</span>
			</Show>
			<Show when={props.message.isCorrected && !props.message.isRetracted}>edited</Show>
			<time dir="auto" dateTime={new Date(props.message.time).toISOString()}>
				{formatClock(props.message.time)}
			</time>
			<Show when={props.message.state} keyed>
				{(state) => (
					<span class="message-state" data-delivery={state} title={STATES[state].text}>
						<Icon name={STATES[state].icon} size={16} />
						<span class="visually-hidden">{STATES[state].text}</span>
					</span>
				)}
			</Show>
		</p>
	);
}

/** A shared file: loading by itself where that gives nothing away, else when asked. */
export function FileOfMessage(props: {
	message: ChatMessage;
	messenger: Messenger;
	library: MediaLibrary;
	onView: (message: ChatMessage) => void;
}) {
	const file = () => fileOf(props.message, props.messenger.state);
	const { item, load, isLooking } = createMessageItem(props);
	return (
		<>
			<Show
				when={item()}
				fallback={
					<div
						class="message-file"
						classList={{ [guessKind(file()?.name ?? '')]: isLooking() }}
						aria-busy={isLooking()}
					>
						<Show when={!isLooking()}>
							<p>
								<Icon name="file" size={18} />{' '}
								<bdi>{props.message.share?.name ?? `A file from ${file()?.host}`}</bdi>
							</p>
						</Show>
						<Show when={!isLooking() && props.message.share === undefined}>
							<button type="button" class="button plain" data-testid="load-file" onClick={load}>
								Load
							</button>
						</Show>
					</div>
				}
			>
				{(found) => (
					<MediaFigure
						item={found()}
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
						onCancel={() => void props.messenger.cancelShare(props.message)}
					/>
				)}
			</Show>
		</>
	);
}
