import { createEffect, createSignal, on, onCleanup, onMount, Show } from 'solid-js';
import type { ChatMessage } from '../../chat/messenger/chat-message.ts';
import { previewOf } from '../../chat/messenger/message-media.ts';
import type { Messenger } from '../../chat/messenger/messenger.ts';
import { prepareFile } from '../../chat/prepare-file.ts';
import { redactAesgcmUris } from '../../core/aesgcm-uri.ts';
import { nameOf } from '../contact/name-of.ts';
import { Icon } from '../icons/icon.tsx';
import { AttachButton } from '../share/attach-button.tsx';
import { shareText } from '../share/share-text.ts';
import { ShareTray } from '../share/share-tray.tsx';
import type { Tray } from '../share/tray.ts';
import { VoiceButton } from './voice-button.tsx';
import type { VoiceDraft } from './voice-draft.ts';

/** What is being written, if not just a message: an answer, or a correction. */
export interface ComposerTask {
	readonly kind: 'reply' | 'edit';
	readonly message: ChatMessage;
}

/** Milliseconds without a key after which one is no longer typing, and a draft is kept. */
const PAUSE = 3000;

/** Where a message is written. Enter sends, with Shift it begins a line. */
export function Composer(props: {
	messenger: Messenger;
	peer: string;
	draft: string;
	isPlaintext: boolean;
	task: ComposerTask | undefined;
	/** what goes out with the next message */
	tray: Tray;
	/** the voice message that is recorded here, or waits */
	voice: VoiceDraft;
	/** The task is done, or given up. */
	onTaskEnd: () => void;
	/** The last message is to be corrected. */
	onEditLast: () => void;
}) {
	let field!: HTMLTextAreaElement;
	const peer = props.peer;
	const [text, setText] = createSignal(props.draft);
	let timer: ReturnType<typeof setTimeout> | undefined;
	let types = false;

	const grow = () => {
		field.style.height = 'auto';
		field.style.height = `${Math.min(field.scrollHeight, 200)}px`;
	};
	const setTypes = (now: boolean) => {
		if (types === now) return;
		types = now;
		props.messenger.setTyping(peer, now);
	};
	const isEditing = () => props.task?.kind === 'edit';
	/** what stood here before something was corrected */
	let draft = '';
	const put = (value: string) => {
		setText(value);
		field.value = value;
		grow();
	};
	const keep = () => {
		clearTimeout(timer);
		setTypes(false);
		if (!isEditing()) void props.messenger.setDraft(peer, text());
	};
	createEffect(
		on(
			() => props.task,
			(task, before) => {
				if (before?.kind === 'edit') put(draft);
				if (task?.kind === 'edit') {
					draft = before?.kind === 'edit' ? draft : text();
					put(task.message.text ?? '');
				}
				if (task !== undefined) field.focus();
			},
			{ defer: true },
		),
	);
	const placeholder = () => {
		if (hasFiles()) return 'Add a caption';
		return props.isPlaintext ? 'Unencrypted message' : 'Encrypted message';
	};
	const canRecord = () => !isEditing() && !props.isPlaintext;
	/** it takes the row */
	const showsVoice = () => canRecord() && props.voice.phase() !== undefined;
	const sendVoice = async (file: File) => {
		const clean = await prepareFile(file, { quality: 'original', asItIs: true });
		await props.messenger.share(peer, [clean]);
	};
	const onInput = () => {
		setText(field.value);
		grow();
		setTypes(field.value !== '');
		clearTimeout(timer);
		timer = setTimeout(keep, PAUSE);
	};
	const hasFiles = () => props.tray.items.length > 0 && !isEditing();
	const canSend = () => (hasFiles() ? props.tray.isReady() : text().trim() !== '');
	const send = () => {
		const message = text().trim();
		if (!canSend()) return;
		clearTimeout(timer);
		types = false;
		const { task } = props;
		if (task?.kind === 'edit') {
			if (message !== task.message.text) void props.messenger.correct(task.message, message);
		} else {
			put('');
			if (hasFiles()) void props.messenger.share(peer, props.tray.take(), message);
			else void props.messenger.send(peer, message, task?.message);
			void props.messenger.setDraft(peer, '');
		}
		props.onTaskEnd();
		field.focus();
	};
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.isComposing) return;
		if (event.key === 'Escape' && props.task !== undefined) {
			event.preventDefault();
			props.onTaskEnd();
		}
		if (event.key === 'ArrowUp' && text() === '' && props.task === undefined) {
			event.preventDefault();
			props.onEditLast();
		}
		// On a phone Enter is the only way to a new line.
		const isTouch = matchMedia('(pointer: coarse)').matches;
		if (event.key !== 'Enter' || event.shiftKey || isTouch) return;
		event.preventDefault();
		send();
	};
	onMount(() => {
		grow();
		if (!matchMedia('(pointer: coarse)').matches) field.focus();
	});
	onCleanup(() => {
		clearTimeout(timer);
		if (types) props.messenger.setTyping(peer, false);
		const left = isEditing() ? draft : text();
		if (left !== props.draft) void props.messenger.setDraft(peer, left);
	});
	return (
		<form
			class="composer"
			onSubmit={(event) => {
				event.preventDefault();
				send();
			}}
		>
			<Show when={props.task}>
				{(task) => (
					<div class="composer-task" data-testid="composer-task">
						<Icon name={task().kind === 'edit' ? 'edit' : 'reply'} size={18} />
						<p>
							<span class="quote-author">
								{task().kind === 'edit'
									? 'Edit message'
									: `Reply to ${task().message.isOwn ? 'yourself' : nameOf(props.messenger.state, peer)}`}
							</span>
							<bdi class="quote-text">{redactAesgcmUris(previewOf(task().message))}</bdi>
						</p>
						<button
							type="button"
							class="icon-button"
							data-testid="end-task"
							aria-label={task().kind === 'edit' ? 'Keep it as it is' : 'Do not reply'}
							onClick={() => props.onTaskEnd()}
						>
							<Icon name="cancel" size={18} />
						</button>
					</div>
				)}
			</Show>
			<Show when={hasFiles()}>
				<ShareTray
					tray={props.tray}
					quality={props.messenger.state.settings.photoQuality}
					onQuality={(photoQuality) => {
						props.tray.setQuality(photoQuality);
						void props.messenger.changeSettings({ photoQuality });
					}}
					onEmpty={() => field.focus()}
				/>
			</Show>
			<AttachButton
				hidden={showsVoice()}
				disabled={isEditing() || props.isPlaintext}
				why={props.isPlaintext ? shareText('not-encrypted') : undefined}
				onFiles={(files) => {
					props.tray.add(files);
					field.focus();
				}}
			/>
			<label class="composer-field" hidden={showsVoice()}>
				<span class="visually-hidden">Message</span>
				<Icon name={props.isPlaintext ? 'unlocked' : 'lock'} size={18} />
				<textarea
					ref={field}
					rows="1"
					data-testid="composer"
					placeholder={placeholder()}
					value={text()}
					onInput={onInput}
					onKeyDown={onKeyDown}
				/>
			</label>
			<Show
				when={showsVoice() || (canRecord() && text().trim() === '' && !hasFiles())}
				fallback={
					<button
						type="submit"
						class="button link-open"
						data-testid="send"
						aria-label="Send"
						disabled={!canSend()}
					>
						<Icon name="open" size={22} />
					</button>
				}
			>
				<VoiceButton draft={props.voice} onDone={(file) => void sendVoice(file)} />
			</Show>
		</form>
	);
}
