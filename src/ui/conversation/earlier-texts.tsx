import { For, Show } from 'solid-js';
import type { FilesArea } from '../../chat/account/messenger-areas.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { EarlierText, Message } from '../../chat/model/message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { FileOfMessage } from '../message-file/message-file.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { formatClock, formatDay } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { LongText } from './long-text.tsx';
import { deviceDoubt } from './message-doubt.ts';
import { EARLIER_WORDS } from './message-tools-words.ts';
import type { TrustNow } from './trust-now.ts';
import { MESSAGE_WORDS } from './words.ts';
import './earlier-texts.css';

/** The texts that a message had before it was edited, newest first. */
export function EarlierTexts(props: {
	message: Message;
	state: MessengerState;
	files: FilesArea;
	library: MediaLibrary;
	trustNow: TrustNow;
	onView: (message: Message) => void;
	onClose: () => void;
}) {
	const all = () => [...(props.message.earlier ?? [])].reverse();
	const asMessage = ({ text, device, isEncrypted, attachment }: EarlierText): Message => {
		const { device: _, replyTo: __, share: ___, ...rest } = props.message;
		return { ...rest, text, isEncrypted, attachment, ...(device === undefined ? {} : { device }) };
	};
	/** what is shown of a text besides a file */
	const saidIn = ({ text, attachment }: EarlierText) =>
		attachment?.kind === 'link' ? attachment.text : text;
	return (
		<Dialog title={EARLIER_WORDS.title} testid="earlier-texts" onClose={props.onClose}>
			<Show when={all().every(({ isEncrypted }) => isEncrypted)}>
				<p class="dialog-hint">{EARLIER_WORDS.hint}</p>
			</Show>
			<ol class="earlier-texts">
				<For each={all()}>
					{(one) => (
						<li class="earlier-text" data-testid="earlier-text">
							<Show when={one.attachment?.kind !== 'file'}>
								<p class="message-text" dir="auto">
									<LongText text={saidIn(one)} />
								</p>
							</Show>
							<Show when={one.attachment !== undefined}>
								<FileOfMessage
									message={asMessage(one)}
									state={props.state}
									files={props.files}
									library={props.library}
									isAsked
									onView={props.onView}
								/>
							</Show>
							<Show when={deviceDoubt(asMessage(one), props.trustNow)}>
								{(warning) => (
									<p class="message-doubt">
										<Icon name="altered" size={16} /> {warning()}
									</p>
								)}
							</Show>
							<p class="message-foot">
								<Show when={!one.isEncrypted}>
									<Icon name="unlocked" size={14} />
									<span class="visually-hidden">{MESSAGE_WORDS.notEncrypted}</span>
								</Show>
								<time dir="auto" dateTime={new Date(one.time).toISOString()}>
									{EARLIER_WORDS.time(formatDay(one.time), formatClock(one.time))}
								</time>
							</p>
						</li>
					)}
				</For>
			</ol>
		</Dialog>
	);
}
