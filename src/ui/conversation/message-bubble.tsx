import { createMemo, Match, Show, Switch } from 'solid-js';
import type { ChatsArea, FilesArea, MessagesArea } from '../../chat/account/messenger-areas.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { isFile } from '../../chat/model/attachment.ts';
import type { Message } from '../../chat/model/message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { shownText } from '../../chat/model/shown-text.ts';
import { countEmoji } from '../../core/text/emoji.ts';
import { actionOf } from '../../core/text/me-command.ts';
import { FileOfMessage } from '../message-file/message-file.tsx';
import { formatClock } from '../parts/format.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { nameOf } from '../parts/name-of.ts';
import { WORDS as PARTS } from '../parts/words.ts';
import type { AlbumPlace } from './album.ts';
import { LongText } from './long-text.tsx';
import { actionsOf, canAnything } from './message-actions.ts';
import { MessageDelivery } from './message-delivery.tsx';
import { doubtOf } from './message-doubt.ts';
import { MessageQuote } from './message-quote.tsx';
import { MessageReactions } from './message-reactions.tsx';
import { problemText } from './problem-text.ts';
import type { TrustNow } from './trust-now.ts';
import { DELIVERY_STATES, MESSAGE_WORDS } from './words.ts';

const STATE_ICONS: Record<NonNullable<Message['state']>, IconName> = {
	waiting: 'waiting',
	sent: 'sent',
	delivered: 'delivered',
	read: 'read',
	failed: 'altered',
};

/** One message: text, a file, or why there is neither. */
export function MessageBubble(props: {
	message: Message;
	state: MessengerState;
	messages: MessagesArea;
	chats: ChatsArea;
	files: FilesArea;
	library: MediaLibrary;
	trustNow: TrustNow;
	/** nothing is encrypted here by choice */
	isPlaintext: boolean;
	/** it goes on where the one above it ended */
	follows: boolean;
	/** where it stands in an album, if in one */
	album: AlbumPlace | undefined;
	/** a voice message in front of it has ended, and it goes on with this one */
	followsOn: boolean;
	/** Its voice message has come to its end. */
	onEnded: () => void;
	/** what the message behind it calls its file */
	name: string | undefined;
	onView: (message: Message) => void;
	onMenu: (anchor: HTMLElement) => void;
	onEdit: () => void;
	/** Shows what it said before it was edited. */
	onEarlier: () => void;
	onReact: (emojis: readonly string[]) => void;
	onJump: (key: string) => void;
	/** It grows, because somebody wants to read all of it. */
	onUnfold: () => void;
}) {
	let more: HTMLButtonElement | undefined;
	const message = () => props.message;
	const linked = () => {
		const { attachment } = message();
		return attachment?.kind === 'link' ? attachment : undefined;
	};
	/** what is shown of the text; a link to a file has a button in its place */
	const said = () => linked()?.text ?? shownText(message());
	const author = () => nameOf(props.state, message().isOwn ? props.state.account : message().peer);
	const action = () => actionOf(said() ?? '', author());
	const foot = () => (
		<MessageFoot
			message={message()}
			isPlaintext={props.isPlaintext}
			onEarlier={() => props.onEarlier()}
		/>
	);
	const doubt = createMemo(() => doubtOf(message(), props.trustNow));
	const isEmptied = () =>
		message().isCorrected === true && linked() === undefined && said()?.trim() === '';
	/** there is a text, and nothing else */
	const isSaid = () =>
		message().isRetracted !== true &&
		!isFile(message()) &&
		linked() === undefined &&
		said() !== undefined &&
		!isEmptied();
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
			aria-label={props.album && MESSAGE_WORDS.inAlbum(props.album.index + 1, props.album.count)}
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
			<Show when={canAnything(actionsOf(message()))}>
				<button
					ref={more}
					type="button"
					class="icon-button message-more"
					data-testid="message-more"
					aria-label={MESSAGE_WORDS.more}
					aria-haspopup="dialog"
					onClick={(event) => props.onMenu(event.currentTarget)}
				>
					<Icon name="more" size={20} />
				</button>
			</Show>
			<div class="bubble" classList={{ 'with-file': isFile(message()) }}>
				<span class="visually-hidden">
					{message().isOwn ? PARTS.you : nameOf(props.state, message().peer)}:{' '}
				</span>
				<Show when={message().replyTo}>
					<MessageQuote
						state={props.state}
						messages={props.messages}
						message={message()}
						onJump={props.onJump}
					/>
				</Show>
				<Switch>
					<Match when={message().isRetracted}>
						<p class="message-problem">
							<Icon name="remove" size={18} /> {MESSAGE_WORDS.retracted}
						</p>
					</Match>
					<Match when={isFile(message())}>
						<FileOfMessage
							message={message()}
							state={props.state}
							files={props.files}
							library={props.library}
							isTile={props.album !== undefined}
							name={props.name}
							follows={props.followsOn}
							playsOn
							onEnded={() => props.onEnded()}
							onView={props.onView}
						/>
					</Match>
					<Match when={isEmptied()}>
						<p class="message-problem">
							<Icon name="remove" size={18} /> {MESSAGE_WORDS.emptied}
						</p>
					</Match>
					<Match when={said() !== undefined}>
						{/* Of one direction with the time, which stands in the last line where there is room. */}
						<div class="message-said" dir="auto">
							<div
								class="message-text"
								classList={{ 'message-action': action() !== undefined }}
								data-emoji={countEmoji(said() ?? '') || undefined}
							>
								<LongText text={action() ?? said() ?? ''} onUnfold={props.onUnfold} />
							</div>
							<Show when={isSaid() && doubt() === undefined}>{foot()}</Show>
						</div>
						<Show when={linked()}>
							<FileOfMessage
								message={message()}
								state={props.state}
								files={props.files}
								library={props.library}
								onView={props.onView}
							/>
						</Show>
					</Match>
					<Match when={true}>
						<p class="message-problem">
							<Icon name={message().isEncrypted ? 'lock' : 'conversation'} size={18} />{' '}
							{problemText(message().problem ?? '')}
						</p>
					</Match>
				</Switch>
				<Show when={doubt()}>
					{(warning) => (
						<p class="message-doubt">
							<Icon name="altered" size={16} /> {warning()}
						</p>
					)}
				</Show>
				<Show when={!isSaid() || doubt()}>{foot()}</Show>
				<MessageDelivery
					message={message()}
					state={props.state}
					messages={props.messages}
					chats={props.chats}
					files={props.files}
					onEdit={() => props.onEdit()}
				/>
			</div>
			<MessageReactions
				reactions={message().reactions}
				self={props.state.account}
				onReact={props.onReact}
			/>
		</li>
	);
}

/** When it was said, how, and how far it has come. */
function MessageFoot(props: { message: Message; isPlaintext: boolean; onEarlier: () => void }) {
	const hasEarlier = () => (props.message.earlier ?? []).length > 0;
	return (
		<p class="message-foot">
			<Show when={!props.message.isEncrypted}>
				<span class="message-open" classList={{ unasked: !props.isPlaintext }}>
					<Icon name="unlocked" size={14} />
					<span classList={{ 'visually-hidden': props.isPlaintext }}>
						{MESSAGE_WORDS.notEncrypted}
					</span>
				</span>
			</Show>
			<Show when={props.message.isCorrected && !props.message.isRetracted}>
				<Show when={hasEarlier()} fallback={MESSAGE_WORDS.edited}>
					<button
						type="button"
						class="message-edited"
						data-testid="edited"
						aria-haspopup="dialog"
						aria-label={MESSAGE_WORDS.showEarlier}
						onClick={() => props.onEarlier()}
					>
						{MESSAGE_WORDS.edited}
					</button>
				</Show>
			</Show>
			<time dir="auto" dateTime={new Date(props.message.time).toISOString()}>
				{formatClock(props.message.time)}
			</time>
			<Show when={props.message.state} keyed>
				{(state) => (
					<span class="message-state" data-delivery={state} title={DELIVERY_STATES[state]}>
						<Icon name={STATE_ICONS[state]} size={16} />
						<span class="visually-hidden">{DELIVERY_STATES[state]}</span>
					</span>
				)}
			</Show>
		</p>
	);
}
