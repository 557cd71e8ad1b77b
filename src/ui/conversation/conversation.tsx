import { createResource, createSignal, onCleanup, Show, untrack } from 'solid-js';
import type {
	ChatsArea,
	DevicesArea,
	FilesArea,
	MessagesArea,
} from '../../chat/account/messenger-areas.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { AccountSettings } from '../../chat/model/account-settings.ts';
import { nameGivenBy } from '../../chat/model/file-naming.ts';
import type { Message } from '../../chat/model/message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { LeftOutNote } from '../contact/left-out-note.tsx';
import { RemovalNote } from '../media-figure/removal-note.tsx';
import { AttemptContext } from '../message-file/attempt.ts';
import { FocusLost } from '../parts/focus-lost.ts';
import { Icon } from '../parts/icon.tsx';
import { FileDrop } from '../share/file-drop.tsx';
import type { Tray } from '../share/tray.ts';
import { StorageNotice } from '../shell/account-notices.tsx';
import { LaterConversationViewer } from '../viewer/later-viewer.ts';
import { Composer } from './composer.tsx';
import type { ComposerTask } from './composer-task.tsx';
import { ConversationHead } from './conversation-head.tsx';
import { createDone } from './create-done.ts';
import { focusConversation } from './focus-conversation.ts';
import { MessageTools, RequestBanner } from './later-parts.ts';
import { actionsOf } from './message-actions.ts';
import { MessageList } from './message-list.tsx';
import type { Asked } from './message-tools.tsx';
import { createTrustNow } from './trust-now.ts';
import type { Typed } from './typed.ts';
import type { VoiceDraft } from './voice-draft.ts';
import { CHAT_WORDS } from './words.ts';
import './conversation.css';

/** One conversation: who it is with, what was said, and what is being written. */
export function Conversation(props: {
	state: MessengerState;
	messages: MessagesArea;
	chats: ChatsArea;
	files: FilesArea;
	devices: DevicesArea;
	changeSettings: (patch: Partial<AccountSettings>) => Promise<void>;
	library: MediaLibrary;
	peer: string;
	tray: Tray;
	voice: VoiceDraft;
	typed: Typed;
	onBack: () => void;
	onDetails: () => void;
	/** Shows somebody's devices, from the first that cannot read. */
	onDevices: (jid: string) => void;
	onStorage: () => void;
	/** Takes it out of the message requests. */
	onAccept: () => Promise<void>;
	/** Throws XmppError. */
	onBlock: () => Promise<void>;
	onRemove: () => Promise<void>;
	/** a message to go to */
	target: { readonly key: string } | undefined;
	onShow: (key: string) => void;
}) {
	const [viewed, setViewed] = createSignal<Message>();
	/** the key of a message whose earlier texts are shown */
	const [earlierOf, setEarlierOf] = createSignal<string>();
	const state = () => props.state;
	const conversation = () => state().conversations.find(({ peer }) => peer === props.peer);
	// As it was when it was opened: with its end in sight it is read.
	const unread = untrack(() => conversation()?.unread ?? 0);
	const trustNow = untrack(() => createTrustNow(props.state, props.devices, props.peer));
	const [timeline] = createResource(
		() => props.peer,
		async (peer) => {
			await props.chats.open(peer);
			return props.chats.timeline();
		},
	);
	onCleanup(() => void props.chats.open(undefined));
	const earlier = () => timeline()?.state.messages.find(({ key }) => key === earlierOf());
	const [task, setTask] = createSignal<ComposerTask>();
	const [menu, setMenu] = createSignal<{ message: Message; anchor: HTMLElement }>();
	const [asked, setAsked] = createSignal<Asked>();
	const { done, tell, attempt } = createDone();
	const react = async (message: Message, emojis: readonly string[]) => {
		if (message.isEncrypted && !state().settings.reactsInClear)
			setAsked({ kind: 'reactions', message, emojis });
		else await attempt(props.messages.react(message, emojis));
	};
	const agree = async (message: Message, emojis: readonly string[]) => {
		setAsked(undefined);
		const { changeSettings, messages } = props;
		await attempt(
			changeSettings({ reactsInClear: true }).then(() => messages.react(message, emojis)),
		);
	};
	const editLast = () => {
		const all = timeline()?.state.messages ?? [];
		// The name of a file is seen on the file alone.
		const last = all.findLast((message, at) => {
			const before = all[at - 1];
			const isName = before !== undefined && nameGivenBy(before, message) !== undefined;
			return actionsOf(message).canEdit && !isName;
		});
		if (last !== undefined) setTask({ kind: 'edit', message: last });
	};
	return (
		<main class="conversation" data-testid="conversation-page" data-peer={props.peer}>
			<ConversationHead
				state={props.state}
				peer={props.peer}
				onBack={props.onBack}
				onDetails={props.onDetails}
			/>
			{/* Where the list, which says it otherwise, is not in sight. */}
			<div class="conversation-notices" aria-live="polite">
				<StorageNotice state={props.state} onStorage={() => props.onStorage()} />
			</div>
			<Show when={conversation()?.isPlaintext}>
				<p class="plaintext-note" data-testid="plaintext-note">
					<Icon name="unlocked" size={18} /> {CHAT_WORDS.plaintext}
				</p>
			</Show>
			<Show when={timeline()} fallback={<div class="messages" />} keyed>
				{(shown) => (
					<AttemptContext.Provider value={attempt}>
						<MessageList
							state={props.state}
							messages={props.messages}
							chats={props.chats}
							files={props.files}
							library={props.library}
							timeline={shown}
							trustNow={trustNow}
							isPlaintext={conversation()?.isPlaintext ?? false}
							unread={unread}
							target={props.target}
							onView={setViewed}
							onMenu={(message, anchor) => setMenu({ message, anchor })}
							onEdit={(message) => setTask({ kind: 'edit', message })}
							onEarlier={(message) => setEarlierOf(message.key)}
							onReact={react}
							onReply={(message) => setTask({ kind: 'reply', message })}
						/>
					</AttemptContext.Provider>
				)}
			</Show>
			<p class="done" role="status" data-testid="word">
				{done()}
			</p>
			<Show when={viewed() === undefined}>
				<RemovalNote library={props.library} onUndone={focusConversation} />
			</Show>
			<Show when={conversation()?.isRequest}>
				<RequestBanner
					peer={props.peer}
					onAccept={props.onAccept}
					onBlock={props.onBlock}
					onDelete={props.onRemove}
				/>
			</Show>
			<LeftOutNote
				state={props.state}
				devices={props.devices}
				peer={props.peer}
				onDevices={props.onDevices}
			/>
			<Composer
				state={props.state}
				messages={props.messages}
				chats={props.chats}
				files={props.files}
				changeSettings={props.changeSettings}
				peer={props.peer}
				draft={conversation()?.draft ?? ''}
				isPlaintext={conversation()?.isPlaintext ?? false}
				task={task()}
				tray={props.tray}
				voice={props.voice}
				typed={props.typed}
				onTask={setTask}
				onTaskEnd={() => setTask(undefined)}
				onEditLast={editLast}
			/>
			<FileDrop
				isPlaintext={conversation()?.isPlaintext ?? false}
				onFiles={(files) => {
					setTask(undefined);
					props.tray.add(files);
				}}
			/>
			<Show when={menu() !== undefined || asked() !== undefined || earlier() !== undefined}>
				<MessageTools
					state={props.state}
					messages={props.messages}
					files={props.files}
					library={props.library}
					trustNow={trustNow}
					menu={menu()}
					asked={asked()}
					earlier={earlier()}
					attempt={attempt}
					onReact={react}
					onAllowReactions={agree}
					onTask={setTask}
					onAsk={setAsked}
					onCopied={() => tell(CHAT_WORDS.copied)}
					onView={setViewed}
					onMenuClose={() => setMenu(undefined)}
					onEarlierClose={() => setEarlierOf(undefined)}
					onClose={() => {
						setMenu(undefined);
						setAsked(undefined);
						setEarlierOf(undefined);
					}}
				/>
			</Show>
			<Show when={viewed()} keyed>
				{(message) => (
					// The bubble that it was opened from may have been removed in it.
					<FocusLost.Provider value={focusConversation}>
						<LaterConversationViewer
							state={props.state}
							files={props.files}
							library={props.library}
							message={message}
							onShow={props.onShow}
							onClose={() => setViewed(undefined)}
						/>
					</FocusLost.Provider>
				)}
			</Show>
		</main>
	);
}
