import { createMemo, createUniqueId, onCleanup, onMount, Show, untrack } from 'solid-js';
import { previewOf } from '../../chat/model/attachment.ts';
import { withQuote } from '../../core/text/quote.ts';
import { Icon } from '../parts/icon.tsx';
import { nameOf } from '../parts/name-of.ts';
import { AttachButton } from '../share/attach-button.tsx';
import { shareText } from '../share/share-text.ts';
import { ComposerNote } from './composer-note.tsx';
import { createSending, type SendingProps } from './composer-sending.ts';
import { ComposerTaskLine } from './composer-task.tsx';
import { createComposerText } from './composer-text.ts';
import { ShareTray } from './later-parts.ts';
import { createTyping } from './typing.ts';
import { VoiceButton } from './voice-button.tsx';
import type { VoiceDraft } from './voice-draft.ts';
import { COMPOSER_WORDS } from './words.ts';

/** Milliseconds in which a second Enter belongs to the first: the draft that comes back after a correction is not sent. */
const DOUBLE = 500;

/** Where a message is written. Enter sends, with Shift it begins a line. */
export function Composer(
	props: SendingProps & {
		isPlaintext: boolean;
		/** the voice message that is recorded here, or waits */
		voice: VoiceDraft;
		/** The last message is to be corrected. */
		onEditLast: () => void;
	},
) {
	let field!: HTMLTextAreaElement;
	const peer = props.peer;
	const noteId = createUniqueId();
	const isEditing = () => props.task?.kind === 'edit';
	const written = createComposerText(
		untrack(() => props.typed.text ?? props.draft),
		() => props.task,
		() => field,
	);
	const { text } = written;
	const sending = createSending(props, written);
	const { isBusy, hasFiles, saveDraft } = sending;
	const typing = createTyping({
		show: (types) => props.messages.setTyping(peer, types),
		keep: () => {
			if (!isEditing()) saveDraft(text());
		},
	});
	const placeholder = () => {
		if (hasFiles()) return COMPOSER_WORDS.caption;
		return props.isPlaintext ? COMPOSER_WORDS.unencrypted : COMPOSER_WORDS.encrypted;
	};
	const canRecord = () => !isEditing() && !props.isPlaintext;
	/** it takes the row */
	const showsVoice = () => canRecord() && props.voice.phase() !== undefined;
	const onInput = () => {
		written.changed();
		typing.changed(text() === '');
	};
	/** all that its message says, with what it answers */
	const isLong = createMemo(() => {
		const message = text().trim();
		const { task } = props;
		const said =
			task?.kind === 'reply' ? withQuote(previewOf(task.message), message).text : message;
		return message !== '' && !props.messages.fits(peer, said);
	});
	const way = () => {
		if (isEditing()) return undefined;
		const takesFiles = !props.isPlaintext && !props.state.missing.includes('upload');
		return takesFiles ? 'file' : 'shorten';
	};
	const canSend = () =>
		!isBusy() && !isLong() && (hasFiles() ? props.tray.isReady() : text().trim() !== '');
	let editedAt = Number.NEGATIVE_INFINITY;
	const send = () => {
		if (!canSend()) return;
		typing.sent();
		if (isEditing()) editedAt = performance.now();
		sending.send();
		field.focus();
	};
	const sendAsFile = async () => {
		await sending.sendAsFile();
		if (!written.isGone) field.focus();
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
		// A key that is held down says it once.
		if (!event.repeat && performance.now() > editedAt + DOUBLE) send();
	};
	onMount(() => {
		written.grow();
		if (!matchMedia('(pointer: coarse)').matches) field.focus();
	});
	onCleanup(() => {
		written.isGone = true;
		const left = isEditing() ? written.draft : text();
		if (left !== props.draft) saveDraft(left);
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
					<ComposerTaskLine
						task={task()}
						name={nameOf(props.state, peer)}
						onEnd={() => props.onTaskEnd()}
					/>
				)}
			</Show>
			<Show when={hasFiles()}>
				<ShareTray
					tray={props.tray}
					quality={props.state.settings.photoQuality}
					onQuality={(photoQuality) => {
						props.tray.setQuality(photoQuality);
						void props.changeSettings({ photoQuality });
					}}
					onEmpty={() => field.focus()}
					onGiveUp={() => {
						for (const { id } of [...props.tray.items]) props.tray.remove(id);
						field.focus();
					}}
				/>
			</Show>
			<ComposerNote
				id={noteId}
				isLong={isLong()}
				way={way()}
				canSendFile={!isBusy() && (!hasFiles() || props.tray.isReady())}
				onSendFile={() => void sendAsFile()}
				failure={sending.failure()}
			/>
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
				<span class="visually-hidden">{COMPOSER_WORDS.label}</span>
				<Icon name={props.isPlaintext ? 'unlocked' : 'lock'} size={18} />
				<textarea
					ref={field}
					rows="1"
					readOnly={isBusy()}
					aria-describedby={noteId}
					aria-invalid={isLong()}
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
						aria-label={COMPOSER_WORDS.send}
						aria-describedby={noteId}
						disabled={!canSend()}
					>
						<Icon name="open" size={22} />
					</button>
				}
			>
				<VoiceButton draft={props.voice} onDone={(file) => void sending.sendVoice(file)} />
			</Show>
		</form>
	);
}
