import { type Accessor, createSignal } from 'solid-js';
import type { ChatsArea, FilesArea, MessagesArea } from '../../chat/account/messenger-areas.ts';
import type { AccountSettings } from '../../chat/model/account-settings.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { shownText } from '../../chat/model/shown-text.ts';
import { loadPrepareFile } from '../share/load-prepare-file.ts';
import type { Tray } from '../share/tray.ts';
import { unsavedText } from './composer-note.tsx';
import type { ComposerTask } from './composer-task.tsx';
import { textFile } from './text-file.ts';
import { saveTyped, type Typed } from './typed.ts';

/** Properties of a composer that sending needs. */
export interface SendingProps {
	state: MessengerState;
	messages: MessagesArea;
	chats: ChatsArea;
	files: FilesArea;
	changeSettings: (patch: Partial<AccountSettings>) => Promise<void>;
	peer: string;
	/** as it was kept */
	draft: string;
	task: ComposerTask | undefined;
	/** what goes out with the next message */
	tray: Tray;
	/** what was typed before, and could not be kept */
	typed: Typed;
	/** Takes a task up again. */
	onTask: (task: ComposerTask) => void;
	/** The task is done, or given up. */
	onTaskEnd: () => void;
}

/** The field of a composer. */
export interface ComposerField {
	text: Accessor<string>;
	put(value: string): void;
	/** the draft that comes back once a correction is done */
	draft: string;
	/** the composer is not shown any more; its conversation may be again */
	isGone: boolean;
}

/** Sends the text and the files of a composer. What could not be kept comes back, and why. */
export interface Sending {
	/** Something is being kept, and neither it nor anything else is sent meanwhile. */
	isBusy: Accessor<boolean>;
	/** why what was sent before has come back, for people */
	failure: Accessor<string | undefined>;
	/** There are files that go out with the next message. */
	hasFiles: Accessor<boolean>;
	saveDraft(text: string): void;
	/** Sends the text, with the files if there are some, or corrects a message by it. */
	send(): void;
	/** Sends the text as a file, behind the others. */
	sendAsFile(): Promise<void>;
	sendVoice(file: File): Promise<void>;
}

export function createSending(props: SendingProps, field: ComposerField): Sending {
	const { peer } = props;
	const [failure, setFailure] = createSignal(props.typed.failure);
	const [isBusy, setBusy] = createSignal(false);
	const isEditing = () => props.task?.kind === 'edit';
	const hasFiles = () => props.tray.items.length > 0 && !isEditing();
	const saveDraft = (text: string) => saveTyped(props.typed, props.chats, peer, text);

	function tell(why: string | undefined): void {
		props.typed.failure = field.isGone ? why : undefined;
		setFailure(why);
	}

	/** A message that could not be kept comes back, in front of what was written meanwhile. */
	function putBack(message: string, task: ComposerTask | undefined): void {
		const here = isEditing() ? field.draft : field.text();
		const before = field.isGone ? (props.typed.text ?? props.draft) : here;
		const all = [message, before].filter((part) => part !== '').join('\n');
		saveDraft(all);
		if (field.isGone) return;
		if (isEditing()) field.draft = all;
		else field.put(all);
		if (task?.kind === 'reply' && props.task === undefined) props.onTask(task);
	}

	/** Waits until something is kept, and says why it could not be. Resolves with whether it is. */
	async function isKept(work: Promise<void>, giveBack: () => void): Promise<boolean> {
		tell(undefined);
		try {
			await work;
			return true;
		} catch (thrown) {
			giveBack();
			tell(unsavedText(thrown));
			return false;
		}
	}

	async function edit(task: ComposerTask, message: string): Promise<void> {
		props.onTaskEnd();
		if (message === shownText(task.message)) return;
		setBusy(true);
		await isKept(props.messages.correct(task.message, message), () => {
			if (field.isGone || props.task !== undefined) return putBack(message, undefined);
			props.onTask(task);
			field.put(message);
		});
		setBusy(false);
	}

	return {
		isBusy,
		failure,
		hasFiles,
		saveDraft,
		send() {
			const message = field.text().trim();
			const { task, files, messages } = props;
			if (task?.kind === 'edit') return void edit(task, message);
			const taken = hasFiles() ? props.tray.take() : undefined;
			// At once: what is not there cannot be sent twice.
			field.put('');
			props.onTaskEnd();
			const work = taken
				? files.share(peer, taken.files, message, task?.message)
				: messages.send(peer, message, task?.message);
			const keeping = isKept(work, () => {
				taken?.giveBack();
				putBack(message, task);
			});
			void keeping.then((isSaved) => {
				if (!isSaved) return;
				taken?.done();
				if (!field.isGone && !isEditing()) saveDraft(field.text());
			});
		},
		async sendAsFile() {
			const message = field.text().trim();
			setBusy(true);
			const taken = hasFiles() ? props.tray.take() : undefined;
			const share = async () => {
				const limit = props.state.upload?.maxSize;
				const clean = await textFile(message, limit);
				const replyTo = props.task?.message;
				await props.files.share(peer, [...(taken?.files ?? []), clean], '', replyTo);
			};
			if (await isKept(share(), () => taken?.giveBack())) {
				taken?.done();
				if (!field.isGone) field.put('');
				saveDraft('');
				props.onTaskEnd();
			}
			setBusy(false);
		},
		async sendVoice(file) {
			const share = async () => {
				const { prepareFile } = await loadPrepareFile();
				const clean = await prepareFile(file, { quality: 'original' });
				await props.files.share(peer, [clean]);
			};
			// In the tray one is asked about what cannot be cleaned.
			await isKept(share(), () => props.tray.add([file]));
		},
	};
}
