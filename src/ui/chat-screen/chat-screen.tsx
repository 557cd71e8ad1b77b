import { createEffect, createSignal, onCleanup, onMount, Show } from 'solid-js';
import type { Session } from '../../chat/account/account-session.ts';
import type { Messenger } from '../../chat/account/messenger.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { Conversation } from '../conversation/conversation.tsx';
import { focusConversation } from '../conversation/focus-conversation.ts';
import { ConversationList } from '../conversation-list/conversation-list.tsx';
import { focusRequests, focusRow } from '../conversation-list/focus-list.ts';
import { MiniPlayer } from '../media-figure/mini-player.tsx';
import { FocusLost } from '../parts/focus-lost.ts';
import { Mark } from '../parts/mark.tsx';
import { nameOf } from '../parts/name-of.ts';
import { createStepWhile, settleWayBack } from '../parts/way-back.ts';
import { FileDrop } from '../share/file-drop.tsx';
import { ArchiveNotice, ReloadNotice, StorageNotice } from '../shell/account-notices.tsx';
import { Notices } from '../shell/notices.tsx';
import { clearSignedOut } from './clear-signed-out.ts';
import { createStaged } from './create-staged.ts';
import { createDialogStack } from './dialog-stack.ts';
import { focusFallback } from './focus-fallback.ts';
import { closeNotices, notifyLater } from './later-notices.ts';
import { Dialogs, HandedOver, prefetchParts } from './later-parts.ts';
import { onEscape } from './on-escape.ts';
import { createRequestsView } from './requests-view.ts';
import { showUnread } from './unread-title.ts';
import { unsentOf } from './unsent.ts';
import { WORDS } from './words.ts';
import '../shell/shell.css';
import './chat-screen.css';

/** The messenger: the list, and beside it, or over it on a phone, one conversation. */
export function ChatScreen(props: {
	messenger: Messenger;
	session: Session;
	library: MediaLibrary;
	update: () => (() => void) | undefined;
	onLinks: () => void;
}) {
	const [peer, setPeer] = createSignal<string>();
	const dialogs = createDialogStack();
	const [target, setTarget] = createSignal<{ key: string }>();
	const show = (jid: string | undefined) => {
		const before = peer();
		setTarget(undefined);
		setPeer(jid);
		if (jid === undefined) {
			void props.messenger.chats.open(undefined);
			focusRow(before ?? '');
		} else focusConversation();
	};
	const back = () => show(undefined);
	const requests = createRequestsView({
		isLoaded: () => props.messenger.state.loaded,
		isEmpty: () => !props.messenger.state.conversations.some(({ isRequest }) => isRequest === true),
		left: () => focusRequests(),
	});
	onEscape(() => {
		// One that is still being loaded.
		if (dialogs.top() !== undefined && document.querySelector('dialog') === null) dialogs.back();
		else if (peer() !== undefined) back();
		else if (requests.isShown()) requests.close();
	});
	createStepWhile('conversation', () => peer() !== undefined, back);
	onMount(settleWayBack);
	onCleanup(prefetchParts());
	showUnread(props.messenger.state);
	notifyLater(props.messenger.state, (jid) => {
		dialogs.close();
		show(jid);
	});
	const focusLost = () => focusFallback(dialogs.opener(), peer() !== undefined);
	const unsent = unsentOf(props.messenger, (clear) => clearSignedOut(props.session, clear));
	// Nobody expects to be heard where the composer cannot be seen.
	createEffect(() => {
		const jid = peer();
		if (dialogs.top() !== undefined && jid !== undefined) unsent.voiceOf(jid).leave();
	});
	// The links come in between.
	onCleanup(() => {
		if (props.session.messenger() !== undefined) return;
		unsent.leave();
		void closeNotices().catch(() => undefined);
	});
	const { staged, dropStaged, hideStaged, addFiles, take } = createStaged(
		props.messenger,
		unsent,
		(jid) => {
			// Its composer reads what is to be written when it opens.
			if (peer() === jid) show(undefined);
			return () => show(jid);
		},
	);
	const accept = async (jid: string) => {
		await props.messenger.chats.accept(jid);
		focusConversation();
	};
	const remove = async (jids: readonly string[]) => {
		const shown = peer();
		if (shown !== undefined && jids.includes(shown)) {
			// Before it is removed: what was being written there is kept as it closes.
			show(undefined);
		}
		for (const jid of jids) {
			unsent.drop(jid);
			await props.messenger.chats.remove(jid);
		}
		focusRequests();
	};
	const showMessage = (key: string) => {
		dialogs.close();
		setTarget({ key });
	};
	return (
		<FocusLost.Provider value={focusLost}>
			<div class="chat-screen" classList={{ 'has-conversation': peer() !== undefined }}>
				<MiniPlayer
					library={props.library}
					nameOf={(jid) => nameOf(props.messenger.state, jid)}
					onShow={(place) => {
						dialogs.close();
						if (peer() !== place.peer) show(place.peer);
						setTarget({ key: place.key });
					}}
				/>
				<div class="chat-side">
					<ConversationList
						state={props.messenger.state}
						people={props.messenger.people}
						selected={peer()}
						hasVoice={(jid) => unsent.voiceOf(jid).phase()?.step === 'review'}
						notices={
							<Notices library={props.library} update={props.update}>
								<StorageNotice
									state={props.messenger.state}
									onStorage={() => dialogs.open({ kind: 'storage' })}
								/>
								<ReloadNotice state={props.messenger.state} />
								<ArchiveNotice state={props.messenger.state} />
							</Notices>
						}
						showsRequests={requests.isShown()}
						onRequests={requests.open}
						onRequestsBack={requests.close}
						onDeleteRequests={(jids) => void remove(jids)}
						onOpen={show}
						onAdd={() => dialogs.open({ kind: 'add' })}
						onCode={() => dialogs.open({ kind: 'code' })}
						onAccount={() => dialogs.open({ kind: 'account' })}
					/>
				</div>
				<Show
					when={peer()}
					keyed
					fallback={
						<main class="chat-empty">
							<Mark size={64} />
							<p>{WORDS.chooseChat}</p>
							<FileDrop isPlaintext={false} hint={WORDS.dropHint} onFiles={addFiles} />
						</main>
					}
				>
					{(jid) => (
						<Conversation
							state={props.messenger.state}
							messages={props.messenger.messages}
							chats={props.messenger.chats}
							files={props.messenger.files}
							devices={props.messenger.devices}
							changeSettings={props.messenger.changeSettings}
							library={props.library}
							peer={jid}
							tray={unsent.trayOf(jid)}
							voice={unsent.voiceOf(jid)}
							typed={unsent.typedOf(jid)}
							onBack={back}
							onDetails={() => dialogs.open({ kind: 'details' })}
							onDevices={(owner) =>
								dialogs.open({
									kind: owner === props.messenger.state.account ? 'account' : 'details',
									at: 'devices',
								})
							}
							onStorage={() => dialogs.open({ kind: 'storage' })}
							onAccept={() => accept(jid)}
							onBlock={async () => {
								await props.messenger.people.setBlocked(jid, true);
								await remove([jid]);
							}}
							onRemove={() => remove([jid])}
							target={target()}
							onShow={showMessage}
						/>
					)}
				</Show>
				<Show when={staged()} keyed>
					{(share) => (
						<HandedOver
							state={props.messenger.state}
							share={share}
							onChoose={(jid) => take(jid, share)}
							onClose={dropStaged}
							onGiveUp={hideStaged}
						/>
					)}
				</Show>
				<Show when={dialogs.top()}>
					{(shown) => (
						<Dialogs
							messenger={props.messenger}
							session={props.session}
							library={props.library}
							shown={shown()}
							peer={peer()}
							onOver={dialogs.over}
							onOpen={(jid) => {
								dialogs.close();
								show(jid);
							}}
							onLinks={() => {
								dialogs.close();
								props.onLinks();
							}}
							onShow={showMessage}
							onClose={dialogs.back}
						/>
					)}
				</Show>
			</div>
		</FocusLost.Provider>
	);
}
