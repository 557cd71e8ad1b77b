import {
	createEffect,
	createMemo,
	createSignal,
	createUniqueId,
	on,
	onCleanup,
	onMount,
	Show,
} from 'solid-js';
import { previewOf } from '../../chat/messenger/message-media.ts';
import type { Messenger } from '../../chat/messenger/messenger.ts';
import { prepareFile } from '../../chat/prepare-file.ts';
import { withQuote } from '../../core/quote.ts';
import { nameOf } from '../contact/name-of.ts';
import { Icon } from '../icons/icon.tsx';
import { AttachButton } from '../share/attach-button.tsx';
import { shareText } from '../share/share-text.ts';
import { ShareTray } from '../share/share-tray.tsx';
import type { Tray } from '../share/tray.ts';
import { ComposerNote, unsavedText } from './composer-note.tsx';
import { type ComposerTask, ComposerTaskLine } from './composer-task.tsx';
import { textFile } from './text-file.ts';
import { saveTyped, type Typed } from './typed.ts';
import { VoiceButton } from './voice-button.tsx';
import type { VoiceDraft } from './voice-draft.ts';

/** Milliseconds without a key after which one is no longer typing, and a draft is kept. */
const PAUSE = 3000;
/** Milliseconds in which a second Enter belongs to the first: the draft that comes back after a correction is not sent. */
const DOUBLE = 500;

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
	/** what was typed before, and could not be kept */
	typed: Typed;
	/** Takes a task up again. */
	onTask: (task: ComposerTask) => void;
	/** The task is done, or given up. */
	onTaskEnd: () => void;
	/** The last message is to be corrected. */
	onEditLast: () => void;
}) {
	let field!: HTMLTextAreaElement;
	const peer = props.peer;
	const noteId = createUniqueId();
	const [text, setText] = createSignal(props.typed.text ?? props.draft);
	const [failure, setFailure] = createSignal(props.typed.failure);
	/** something is being kept, and neither it nor anything else is sent meanwhile */
	const [isBusy, setBusy] = createSignal(false);
	let isGone = false;
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
		if (!isEditing()) saveDraft(text());
	};
	const saveDraft = (value: string) => saveTyped(props.typed, props.messenger, peer, value);
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
	const tell = (why: string | undefined) => {
		props.typed.failure = isGone ? why : undefined;
		setFailure(why);
	};
	/** A message that could not be kept comes back, in front of what was written meanwhile. */
	const putBack = (message: string, task: ComposerTask | undefined) => {
		const before = isGone ? (props.typed.text ?? props.draft) : isEditing() ? draft : text();
		const all = [message, before].filter((part) => part !== '').join('\n');
		if (isGone) return saveDraft(all);
		if (isEditing()) draft = all;
		else put(all);
		if (task?.kind === 'reply' && props.task === undefined) props.onTask(task);
		saveDraft(all);
	};
	/** Waits until something is kept, and says why it could not be; whether it is. */
	const isKept = async (work: Promise<void>, giveBack: () => void): Promise<boolean> => {
		tell(undefined);
		try {
			await work;
			return true;
		} catch (thrown) {
			giveBack();
			tell(unsavedText(thrown));
			return false;
		}
	};
	const sendVoice = async (file: File) => {
		const share = async () => {
			const clean = await prepareFile(file, { quality: 'original', asItIs: true });
			await props.messenger.share(peer, [clean]);
		};
		await isKept(share(), () => props.tray.add([file]));
	};
	const onInput = () => {
		setText(field.value);
		grow();
		setTypes(field.value !== '');
		clearTimeout(timer);
		timer = setTimeout(keep, PAUSE);
	};
	const hasFiles = () => props.tray.items.length > 0 && !isEditing();
	/** all that its message says, with what it answers */
	const isLong = createMemo(() => {
		const message = text().trim();
		const { task } = props;
		const said =
			task?.kind === 'reply' ? withQuote(previewOf(task.message), message).text : message;
		return message !== '' && !props.messenger.fits(peer, said);
	});
	const way = () => {
		if (isEditing()) return undefined;
		const takesFiles = !props.isPlaintext && !props.messenger.state.missing.includes('upload');
		return takesFiles ? 'file' : 'shorten';
	};
	const canSend = () =>
		!isBusy() && !isLong() && (hasFiles() ? props.tray.isReady() : text().trim() !== '');
	let editedAt = Number.NEGATIVE_INFINITY;
	const edit = async (task: ComposerTask, message: string) => {
		editedAt = performance.now();
		props.onTaskEnd();
		if (message === task.message.text) return;
		setBusy(true);
		await isKept(props.messenger.correct(task.message, message), () => {
			if (isGone || props.task !== undefined) return putBack(message, undefined);
			props.onTask(task);
			put(message);
		});
		setBusy(false);
	};
	const send = () => {
		if (!canSend()) return;
		const message = text().trim();
		clearTimeout(timer);
		types = false;
		const { task, messenger } = props;
		if (task?.kind === 'edit') void edit(task, message);
		else {
			const taken = hasFiles() ? props.tray.take() : undefined;
			// At once: what is not there cannot be sent twice.
			put('');
			props.onTaskEnd();
			const work = taken
				? messenger.share(peer, taken.files, message, task?.message)
				: messenger.send(peer, message, task?.message);
			const keeping = isKept(work, () => {
				taken?.giveBack();
				putBack(message, task);
			});
			void keeping.then((isSaved) => {
				if (!isSaved) return;
				taken?.done();
				if (!isGone && !isEditing()) saveDraft(text());
			});
		}
		field.focus();
	};
	const sendAsFile = async () => {
		const message = text().trim();
		setBusy(true);
		const taken = hasFiles() ? props.tray.take() : undefined;
		const share = async () => {
			const limit = props.messenger.state.upload?.maxSize;
			const clean = await textFile(message, limit);
			const replyTo = props.task?.message;
			await props.messenger.share(peer, [...(taken?.files ?? []), clean], '', replyTo);
		};
		if (await isKept(share(), () => taken?.giveBack())) {
			taken?.done();
			if (!isGone) put('');
			saveDraft('');
			props.onTaskEnd();
		}
		setBusy(false);
		if (!isGone) field.focus();
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
		grow();
		if (!matchMedia('(pointer: coarse)').matches) field.focus();
	});
	onCleanup(() => {
		clearTimeout(timer);
		if (types) props.messenger.setTyping(peer, false);
		isGone = true;
		const left = isEditing() ? draft : text();
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
						name={nameOf(props.messenger.state, peer)}
						onEnd={() => props.onTaskEnd()}
					/>
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
			<ComposerNote
				id={noteId}
				isLong={isLong()}
				way={way()}
				canSendFile={!isBusy() && (!hasFiles() || props.tray.isReady())}
				onSendFile={() => void sendAsFile()}
				failure={failure()}
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
				<span class="visually-hidden">Message</span>
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
						aria-label="Send"
						aria-describedby={noteId}
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
