import { createEffect, createResource, createSignal, For, onMount, Show } from 'solid-js';
import type { FilesArea } from '../../chat/account/messenger-areas.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { Message } from '../../chat/model/message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { emojisBy } from '../../chat/model/reactions.ts';
import { shownText } from '../../chat/model/shown-text.ts';
import { redactAesgcmUris } from '../../core/links/aesgcm-uri.ts';
import { hasEmoji, isEmoji, toggleEmoji } from '../../core/text/emoji.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { actionsOf } from './message-actions.ts';
import { MessageLeftOut } from './message-left-out.tsx';
import { MENU_WORDS } from './message-tools-words.ts';
import '../parts/menu.css';
import './message-menu.css';

const QUICK = ['👍', '❤️', '😂', '😮', '😢', '🙏'];
/** Pixels between the menu and what it belongs to, and the edges of the window. */
const GAP = 6;

/** The menu of one message; closes by Escape or a click beside it. */
export function MessageMenu(props: {
	message: Message;
	state: MessengerState;
	files: FilesArea;
	library: MediaLibrary;
	/** what it was opened from */
	anchor: HTMLElement;
	onReact: (emojis: readonly string[]) => void;
	onReply: () => void;
	onEdit: () => void;
	onDelete: () => void;
	onCancel: () => void;
	onForward: () => void;
	onCopied: () => void;
	onCopyLink: () => void;
	onClose: () => void;
}) {
	let menu!: HTMLDivElement;
	const [other, setOther] = createSignal('');
	const actions = () => actionsOf(props.message);
	const own = () => emojisBy(props.message.reactions, props.state.account);
	const place = () => {
		const at = props.anchor.getBoundingClientRect();
		const { offsetWidth: width, offsetHeight: height } = menu;
		const below = at.bottom + GAP + height < innerHeight;
		const top = below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - height);
		const left = Math.max(GAP, Math.min(at.left, innerWidth - width - GAP));
		menu.style.setProperty('--top', `${top}px`);
		menu.style.setProperty('--left', `${left}px`);
	};
	onMount(() => {
		menu.showPopover();
		place();
		menu.querySelector('button')?.focus();
	});
	const [mediaId] = createResource(() => props.files.idOf(props.message));
	const media = () =>
		props.library.state.items.find(({ id, isLeaving }) => id === mediaId() && isLeaving !== true);
	createEffect(() => media() && place());
	const close = () => menu.hidePopover();
	const run = (work: () => unknown) => {
		close();
		work();
	};
	const toggle = (emoji: string) => run(() => props.onReact(toggleEmoji(own(), emoji)));
	const copy = () =>
		run(
			() =>
				// If the browser refuses to copy it, one can still select it.
				void navigator.clipboard
					.writeText(redactAesgcmUris(shownText(props.message) ?? ''))
					.then(props.onCopied, () => undefined),
		);
	const item = (icon: IconName, text: string, testid: string, work: () => void) => (
		<button type="button" class="menu-item" data-testid={testid} onClick={work}>
			<Icon name={icon} size={20} /> {text}
		</button>
	);
	return (
		<div
			ref={menu}
			popover="auto"
			class="menu"
			role="dialog"
			aria-label={MENU_WORDS.title}
			data-testid="message-menu"
			onToggle={(event) => {
				if (event.newState !== 'closed') return;
				if (menu.contains(document.activeElement)) props.anchor.focus();
				props.onClose();
			}}
		>
			<Show when={actions().canAnswer}>
				<div class="menu-emojis">
					<For each={QUICK}>
						{(emoji) => (
							<button
								type="button"
								class="menu-emoji"
								aria-label={MENU_WORDS.reactWith(emoji)}
								aria-pressed={hasEmoji(own(), emoji)}
								data-emoji={emoji}
								onClick={() => toggle(emoji)}
							>
								{emoji}
							</button>
						)}
					</For>
					<form
						onSubmit={(event) => {
							event.preventDefault();
							if (isEmoji(other().trim())) toggle(other().trim());
						}}
					>
						<input
							class="menu-other"
							aria-label={MENU_WORDS.reactWithOther}
							placeholder="+"
							autocomplete="off"
							value={other()}
							onInput={(event) => {
								setOther(event.currentTarget.value);
								// An emoji keyboard has no Enter.
								if (isEmoji(other().trim())) toggle(other().trim());
							}}
						/>
					</form>
				</div>
				{item('reply', MENU_WORDS.reply, 'reply', () => run(props.onReply))}
			</Show>
			<Show when={actions().canCopy}>{item('copy', MENU_WORDS.copyText, 'copy', copy)}</Show>
			<Show when={actions().canForward}>
				{item('forward', MENU_WORDS.forward, 'forward', () => run(props.onForward))}
			</Show>
			<Show when={actions().hasLink}>
				{item('link', MENU_WORDS.copyLink, 'copy-file-link', () => run(props.onCopyLink))}
			</Show>
			<Show when={actions().canEdit}>
				{item('edit', MENU_WORDS.edit, 'edit', () => run(props.onEdit))}
			</Show>
			<Show when={media()} keyed>
				{({ id, status }) => (
					<>
						<Show when={!['tampered', 'expired', 'blocked', 'failed'].includes(status.state)}>
							{item('save', MENU_WORDS.save, 'save-file', () =>
								run(async () =>
									props.library.saving.save(
										id,
										await props.files.nameOf(props.message).catch(() => undefined),
									),
								),
							)}
						</Show>
						{item('remove', MENU_WORDS.removeFile, 'remove-file', () =>
							run(() => props.library.removing.removeSoon(id)),
						)}
					</>
				)}
			</Show>
			<Show when={actions().canCancel}>
				{item('cancel', MENU_WORDS.cancelSending, 'cancel-sending', () => run(props.onCancel))}
			</Show>
			<Show when={actions().canDelete}>
				{item('remove', MENU_WORDS.deleteForEveryone, 'delete', () => run(props.onDelete))}
			</Show>
			<Show when={props.message.isEncrypted && props.message.replyTo}>
				<p class="menu-note" data-testid="reference-note">
					{MENU_WORDS.referenceNote}
				</p>
			</Show>
			<MessageLeftOut message={props.message} state={props.state} />
		</div>
	);
}
