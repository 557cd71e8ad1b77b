import { Match, Show, Switch } from 'solid-js';
import type { FilesArea, MessagesArea } from '../../chat/account/messenger-areas.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { Message } from '../../chat/model/message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import type { Attempt } from '../message-file/attempt.ts';
import { ChooseConversation } from '../share/choose-conversation.tsx';
import { CopyLink } from '../share/copy-link.tsx';
import type { ComposerTask } from './composer-task.tsx';
import { DeleteMessage } from './delete-message.tsx';
import { EarlierTexts } from './earlier-texts.tsx';
import { focusConversation } from './focus-conversation.ts';
import { MessageMenu } from './message-menu.tsx';
import { FORWARD_WORDS } from './message-tools-words.ts';
import { ReactionConsent } from './reaction-consent.tsx';
import type { TrustNow } from './trust-now.ts';

/** A question that is asked before something is done. */
export type Asked =
	| { readonly kind: 'delete' | 'forward' | 'link'; readonly message: Message }
	| {
			readonly kind: 'reactions';
			readonly message: Message;
			readonly emojis: readonly string[];
	  };

/** The menu of a message, the questions that it leads to, and the earlier texts of a message. */
export function MessageTools(props: {
	state: MessengerState;
	messages: MessagesArea;
	files: FilesArea;
	library: MediaLibrary;
	trustNow: TrustNow;
	/** the message whose menu is open, and what it was opened from */
	menu: { readonly message: Message; readonly anchor: HTMLElement } | undefined;
	asked: Asked | undefined;
	/** the message whose earlier texts are shown */
	earlier: Message | undefined;
	attempt: Attempt;
	onReact: (message: Message, emojis: readonly string[]) => Promise<void>;
	onAllowReactions: (message: Message, emojis: readonly string[]) => Promise<void>;
	onTask: (task: ComposerTask) => void;
	onAsk: (asked: Asked | undefined) => void;
	onCopied: () => void;
	onView: (message: Message) => void;
	onMenuClose: () => void;
	onEarlierClose: () => void;
	/** Closes all of it. */
	onClose: () => void;
}) {
	const stopAsking = () => props.onAsk(undefined);
	return (
		<>
			<Show when={props.menu} keyed>
				{({ message, anchor }) => (
					<MessageMenu
						message={message}
						state={props.state}
						files={props.files}
						library={props.library}
						anchor={anchor}
						onReact={(emojis) => void props.onReact(message, emojis)}
						onReply={() => props.onTask({ kind: 'reply', message })}
						onEdit={() => props.onTask({ kind: 'edit', message })}
						onDelete={() => props.onAsk({ kind: 'delete', message })}
						onCancel={() => {
							focusConversation();
							void props.attempt(props.messages.cancel(message));
						}}
						onForward={() => props.onAsk({ kind: 'forward', message })}
						onCopied={() => props.onCopied()}
						onCopyLink={() => props.onAsk({ kind: 'link', message })}
						onClose={() => props.onMenuClose()}
					/>
				)}
			</Show>
			<Show when={props.asked} keyed>
				{(question) => (
					<Switch>
						<Match when={question.kind === 'delete'}>
							<DeleteMessage
								onDelete={() => {
									stopAsking();
									// The button that it was asked from goes with the message.
									focusConversation();
									void props.attempt(props.messages.retract(question.message));
								}}
								onClose={stopAsking}
							/>
						</Match>
						<Match when={question.kind === 'forward'}>
							<ChooseConversation
								title={FORWARD_WORDS.to}
								state={props.state}
								needsEncryption={question.message.isEncrypted}
								onChoose={(peer) => {
									stopAsking();
									void props.attempt(
										props.files.forward(question.message, peer),
										FORWARD_WORDS.done,
									);
								}}
								onClose={stopAsking}
							/>
						</Match>
						<Match when={question.kind === 'link'}>
							<CopyLink
								message={question.message}
								onCopied={() => props.onCopied()}
								onClose={stopAsking}
							/>
						</Match>
						<Match when={question.kind === 'reactions' && question}>
							{(reaction) => (
								<ReactionConsent
									onAgree={() => void props.onAllowReactions(reaction().message, reaction().emojis)}
									onClose={stopAsking}
								/>
							)}
						</Match>
					</Switch>
				)}
			</Show>
			<Show when={props.earlier}>
				{(message) => (
					<EarlierTexts
						message={message()}
						state={props.state}
						files={props.files}
						library={props.library}
						trustNow={props.trustNow}
						onView={(earlier) => {
							props.onEarlierClose();
							props.onView(earlier);
						}}
						onClose={() => props.onEarlierClose()}
					/>
				)}
			</Show>
		</>
	);
}
