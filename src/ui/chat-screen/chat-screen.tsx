import {
	createEffect,
	createMemo,
	createSignal,
	Match,
	mapArray,
	onCleanup,
	onMount,
	Show,
	Switch,
} from 'solid-js';
import type { Session } from '../../chat/account/account-session.ts';
import type { Messenger, StagedShare } from '../../chat/account/messenger.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { closeNotices, notifyOfMessages } from '../../chat/notify/notices.ts';
import { cleanFileName } from '../../core/text/file-name.ts';
import { AccountDialog } from '../account/account-dialog.tsx';
import { AddContact } from '../contact/add-contact.tsx';
import { ContactDetails } from '../contact/contact-details.tsx';
import { ContactMedia } from '../contact/contact-media.tsx';
import { OwnCode } from '../contact/own-code.tsx';
import { VerifyByCode } from '../contact/verify-by-code.tsx';
import { Conversation } from '../conversation/conversation.tsx';
import { focusConversation } from '../conversation/focus-conversation.ts';
import { saveTyped } from '../conversation/typed.ts';
import { ConversationList } from '../conversation-list/conversation-list.tsx';
import {
	focusAccount,
	focusList,
	focusRequests,
	focusRow,
} from '../conversation-list/focus-list.ts';
import { Dialog } from '../parts/dialog.tsx';
import { FocusLost } from '../parts/focus-lost.ts';
import { isFocusLost } from '../parts/focus-return.ts';
import { Mark } from '../parts/mark.tsx';
import { nameOf } from '../parts/name-of.ts';
import { createStep, createStepWhile, settleWayBack } from '../parts/way-back.ts';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { ChooseConversation } from '../share/choose-conversation.tsx';
import { FileDrop } from '../share/file-drop.tsx';
import { handedOverText } from '../share/share-text.ts';
import { ArchiveNotice, StorageNotice } from '../shell/account-notices.tsx';
import { Notices } from '../shell/notices.tsx';
import { NOTICE_WORDS } from './notice-words.ts';
import { createRequestsView } from './requests-view.ts';
import { showUnread } from './unread-title.ts';
import { unsentOf } from './unsent.ts';
import '../shell/shell.css';
import './chat-screen.css';

/** A dialog that is shown; `at`: what it is opened for, if not for all of it. */
type ShownDialog =
	| { readonly kind: 'account' | 'details'; readonly at?: 'devices' }
	| { readonly kind: 'settings' | 'storage' | 'add' | 'media' | 'code' | 'verify-own' | 'verify' };

/** The messenger: the list, and beside it, or over it on a phone, one conversation. */
export function ChatScreen(props: {
	messenger: Messenger;
	session: Session;
	library: MediaLibrary;
	update: () => (() => void) | undefined;
	onLinks: () => void;
}) {
	const [peer, setPeer] = createSignal<string>();
	/** each is over the one before, and that one is there again once it is closed */
	const [dialogs, setDialogs] = createSignal<readonly ShownDialog[]>([]);
	const dialog = () => dialogs().at(-1);
	/** what had the focus before the lowest of them */
	let opener: Element | null = null;
	const setDialog = (only: ShownDialog) => {
		if (dialog() === undefined) opener = document.activeElement;
		setDialogs([only]);
	};
	const over = (next: ShownDialog) => setDialogs((before) => [...before, next]);
	const under = () => setDialogs((before) => before.slice(0, -1));
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
	const onKeyDown = (event: KeyboardEvent) => {
		const isElsewhere =
			document.querySelector('dialog[open]') !== null ||
			(event.target instanceof Element && event.target.closest('[popover]') !== null);
		if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || isElsewhere)
			return;
		if (peer() !== undefined) back();
		else if (requests.isShown()) requests.close();
	};
	createStepWhile('conversation', () => peer() !== undefined, back);
	// The one on top is a step itself.
	const covered = mapArray(
		() => dialogs().slice(0, -1),
		(dialog) =>
			createStep('dialog', () =>
				setDialogs((before) => before.slice(0, Math.max(0, before.indexOf(dialog)))),
			),
	);
	createMemo(covered);
	onMount(settleWayBack);
	document.addEventListener('keydown', onKeyDown);
	onCleanup(() => {
		document.removeEventListener('keydown', onKeyDown);
	});
	showUnread(props.messenger.state);
	const words = {
		...NOTICE_WORDS,
		nameOf: (jid: string) => nameOf(props.messenger.state, jid),
	};
	notifyOfMessages(props.messenger.state, words, (jid) => {
		close();
		show(jid);
	});
	const shown = <Kind extends ShownDialog['kind']>(kind: Kind) => {
		const current = dialog();
		return current?.kind === kind ? (current as ShownDialog & { kind: Kind }) : undefined;
	};
	const close = () => setDialogs([]);
	// What a dialog was opened from may be gone, as the dialog below it is, or the note that has led to the devices.
	const focusLost = () => {
		if (opener instanceof HTMLElement) opener.focus();
		if (!isFocusLost()) return;
		if (peer() !== undefined) focusConversation();
		else focusList();
		if (isFocusLost()) focusAccount();
	};
	const unsent = unsentOf(props.messenger);
	// Nobody expects to be heard where the composer cannot be seen.
	createEffect(() => {
		const jid = peer();
		if (dialog() !== undefined && jid !== undefined) unsent.voiceOf(jid).leave();
	});
	// The links come in between; an account that is closed leaves nothing.
	onCleanup(() => {
		if (props.session.messenger() !== undefined) return;
		unsent.clear();
		void closeNotices().catch(() => undefined);
	});
	const [staged, setStaged] = createSignal<StagedShare>();
	const dropStaged = () => {
		setStaged(undefined);
		void props.messenger.files.dropStaged().catch(() => undefined);
	};
	onMount(async () => setStaged(await props.messenger.files.staged().catch(() => undefined)));
	const take = (jid: string, { files, text }: StagedShare) => {
		// Its composer reads what is to be written when it opens.
		if (peer() === jid) show(undefined);
		unsent.trayOf(jid).add(files);
		// The draft there stays.
		const { draft = '' } =
			props.messenger.state.conversations.find((conversation) => conversation.peer === jid) ?? {};
		const typed = unsent.typedOf(jid);
		const both = [typed.text ?? draft, text].filter((part) => part !== '').join('\n');
		if (text !== '') saveTyped(typed, props.messenger, jid, both);
		dropStaged();
		show(jid);
	};
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
		close();
		setTarget({ key });
	};
	return (
		<FocusLost.Provider value={focusLost}>
			<div class="chat-screen" classList={{ 'has-conversation': peer() !== undefined }}>
				<div class="chat-side">
					<ConversationList
						messenger={props.messenger}
						selected={peer()}
						hasVoice={(jid) => unsent.voiceOf(jid).phase()?.step === 'review'}
						notices={
							<Notices library={props.library} update={props.update}>
								<StorageNotice
									messenger={props.messenger}
									onStorage={() => setDialog({ kind: 'storage' })}
								/>
								<ArchiveNotice messenger={props.messenger} />
							</Notices>
						}
						showsRequests={requests.isShown()}
						onRequests={requests.open}
						onRequestsBack={requests.close}
						onDeleteRequests={(jids) => void remove(jids)}
						onOpen={show}
						onAdd={() => setDialog({ kind: 'add' })}
						onCode={() => setDialog({ kind: 'code' })}
						onAccount={() => setDialog({ kind: 'account' })}
					/>
				</div>
				<Show
					when={peer()}
					keyed
					fallback={
						<main class="chat-empty">
							<Mark size={64} />
							<p>Choose a conversation, or begin one.</p>
							<FileDrop
								isPlaintext={false}
								hint="Drop files here, then choose who gets them"
								onFiles={(files) =>
									// Beside what another app handed over, and nobody has been chosen for yet.
									setStaged(({ files: before, text, left } = { files: [], text: '', left: 0 }) => ({
										files: [...before, ...files],
										text,
										left,
									}))
								}
							/>
						</main>
					}
				>
					{(jid) => (
						<Conversation
							messenger={props.messenger}
							library={props.library}
							peer={jid}
							tray={unsent.trayOf(jid)}
							voice={unsent.voiceOf(jid)}
							typed={unsent.typedOf(jid)}
							onBack={back}
							onDetails={() => setDialog({ kind: 'details' })}
							onDevices={(owner) =>
								setDialog({
									kind: owner === props.messenger.state.account ? 'account' : 'details',
									at: 'devices',
								})
							}
							onStorage={() => setDialog({ kind: 'storage' })}
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
					{(share) => {
						const names = share.files.map(({ name }) => cleanFileName(name));
						const what = handedOverText(names, share.left);
						return (
							<Show
								when={names.length > 0 || share.text !== ''}
								fallback={
									<Dialog title="Nothing to send" testid="handed-over-nothing" onClose={dropStaged}>
										<p>{what}</p>
									</Dialog>
								}
							>
								<ChooseConversation
									title="Send to"
									messenger={props.messenger}
									needsEncryption={names.length > 0}
									what={what}
									onChoose={(jid) => take(jid, share)}
									onClose={dropStaged}
								/>
							</Show>
						);
					}}
				</Show>
				<Switch>
					<Match when={shown('account')}>
						{(account) => (
							<AccountDialog
								messenger={props.messenger}
								session={props.session}
								at={account().at}
								onLinks={() => {
									close();
									props.onLinks();
								}}
								onSettings={() => over({ kind: 'settings' })}
								onCode={() => over({ kind: 'code' })}
								onVerify={() => over({ kind: 'verify-own' })}
								onClose={under}
							/>
						)}
					</Match>
					<Match when={shown('settings')}>
						<SettingsDialog library={props.library} onClose={under} />
					</Match>
					<Match when={shown('storage')}>
						<SettingsDialog library={props.library} at="storage" onClose={under} />
					</Match>
					<Match when={shown('code')}>
						<OwnCode messenger={props.messenger} onClose={under} />
					</Match>
					<Match when={shown('verify-own')}>
						<VerifyByCode
							messenger={props.messenger}
							jid={props.messenger.state.account}
							onClose={under}
						/>
					</Match>
					<Match when={shown('add')}>
						<AddContact
							messenger={props.messenger}
							onOpen={(jid) => {
								close();
								show(jid);
							}}
							onClose={under}
						/>
					</Match>
					<Match when={shown('details') && peer()} keyed>
						{(jid) => (
							<ContactDetails
								messenger={props.messenger}
								peer={jid}
								at={shown('details')?.at}
								onVerify={() => over({ kind: 'verify' })}
								onMedia={() => over({ kind: 'media' })}
								onClose={under}
							/>
						)}
					</Match>
					<Match when={shown('media') && peer()} keyed>
						{(jid) => (
							<ContactMedia
								messenger={props.messenger}
								library={props.library}
								peer={jid}
								onShow={showMessage}
								onClose={under}
							/>
						)}
					</Match>
					<Match when={shown('verify') && peer()} keyed>
						{(jid) => <VerifyByCode messenger={props.messenger} jid={jid} onClose={under} />}
					</Match>
				</Switch>
			</div>
		</FocusLost.Provider>
	);
}
