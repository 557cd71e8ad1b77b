import {
	createEffect,
	createResource,
	createSignal,
	For,
	type JSX,
	Match,
	on,
	Show,
	Switch,
} from 'solid-js';
import type { FilesArea } from '../../chat/account/messenger-areas.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { FileGroup } from '../../chat/model/attachment.ts';
import type { Message } from '../../chat/model/message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { RemovalNote } from '../media-figure/removal-note.tsx';
import { FileOfMessage } from '../message-file/message-file.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { formatTime } from '../parts/format.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { nameOf } from '../parts/name-of.ts';
import { LaterConversationViewer } from '../viewer/later-viewer.ts';
import { MediaTile } from './media-tile.tsx';
import { MEDIA_WORDS } from './words.ts';
import './contact-media.css';

const GROUPS: Record<FileGroup, { icon: IconName; name: string; none: string }> = {
	visual: { icon: 'image', name: MEDIA_WORDS.visual, none: MEDIA_WORDS.noVisual },
	voice: { icon: 'play', name: MEDIA_WORDS.voice, none: MEDIA_WORDS.noVoice },
	file: { icon: 'file', name: MEDIA_WORDS.file, none: MEDIA_WORDS.noFile },
};
/** A full grid of three columns. */
const PAGE = 30;

/** Files of a chat, newest first: photos and videos, voice messages, other files. */
export function ContactMedia(props: {
	state: MessengerState;
	files: FilesArea;
	library: MediaLibrary;
	peer: string;
	onShow: (key: string) => void;
	onClose: () => void;
}) {
	const [group, setGroup] = createSignal<FileGroup>('visual');
	const [messages, setMessages] = createSignal<readonly Message[]>([]);
	const [state, setState] = createSignal<'reading' | 'more' | 'all' | 'failed'>('reading');
	const [viewed, setViewed] = createSignal<Message>();
	const read = async () => {
		const of = group();
		const oldest = messages().at(-1)?.key;
		setState('reading');
		try {
			const page = await props.files.page(props.peer, of, {
				...(oldest === undefined ? {} : { before: oldest }),
				limit: PAGE,
			});
			if (of !== group()) return;
			setMessages((before) => [...before, ...page.reverse()]);
			setState(page.length < PAGE ? 'all' : 'more');
		} catch {
			if (of === group()) setState('failed');
		}
	};
	createEffect(
		on(group, () => {
			setMessages([]);
			void read();
		}),
	);
	return (
		<Dialog title={MEDIA_WORDS.title} testid="contact-media" onClose={props.onClose}>
			<fieldset class="media-groups">
				<legend class="visually-hidden">{MEDIA_WORDS.kind}</legend>
				<For each={Object.entries(GROUPS) as [FileGroup, (typeof GROUPS)[FileGroup]][]}>
					{([name, about]) => (
						<button
							type="button"
							class="media-group"
							data-testid={`media-${name}`}
							aria-pressed={group() === name}
							onClick={() => setGroup(name)}
						>
							<Icon name={about.icon} size={18} /> {about.name}
						</button>
					)}
				</For>
			</fieldset>
			<div class="media-all">
				<Show when={messages().length === 0 && state() === 'all'}>
					<p class="media-none" data-testid="media-none">
						<Icon name={GROUPS[group()].icon} size={36} />
						{GROUPS[group()].none}
					</p>
				</Show>
				<Switch>
					<Match when={group() === 'visual'}>
						<ul class="media-grid">
							<For each={messages()}>
								{(message) => (
									<MediaTile
										message={message}
										files={props.files}
										library={props.library}
										kind={message.attachment?.media ?? 'unknown'}
										onView={() => setViewed(message)}
									/>
								)}
							</For>
						</ul>
					</Match>
					<Match when={true}>
						<ul class="media-list">
							<For each={messages()}>
								{(message) => (
									<li>
										<p class="media-of">
											<bdi>
												{message.isOwn ? MEDIA_WORDS.you : nameOf(props.state, message.peer)}
											</bdi>
											<time dateTime={new Date(message.time).toISOString()}>
												{formatTime(message.time)}
											</time>
											<button
												type="button"
												class="icon-button"
												data-testid="show-message"
												aria-label={MEDIA_WORDS.show}
												title={MEDIA_WORDS.show}
												onClick={() => props.onShow(message.key)}
											>
												<Icon name="conversation" />
											</button>
										</p>
										<NamedFile message={message} files={props.files}>
											{(name) => (
												<FileOfMessage
													message={message}
													state={props.state}
													files={props.files}
													library={props.library}
													name={name()}
													onView={setViewed}
												/>
											)}
										</NamedFile>
									</li>
								)}
							</For>
						</ul>
					</Match>
				</Switch>
				<Show when={state() === 'reading'}>
					<progress class="media-progress" aria-label={MEDIA_WORDS.looking} />
				</Show>
				<Show when={state() === 'more' || state() === 'failed'}>
					<button
						type="button"
						class="button plain media-more"
						data-testid="media-more"
						onClick={() => void read()}
					>
						{state() === 'more' ? MEDIA_WORDS.older : MEDIA_WORDS.retry}
					</button>
				</Show>
			</div>
			<Show when={viewed() === undefined}>
				<RemovalNote library={props.library} onUndone={() => undefined} />
			</Show>
			<Show when={viewed()} keyed>
				{(message) => (
					<LaterConversationViewer
						state={props.state}
						files={props.files}
						library={props.library}
						message={message}
						onShow={props.onShow}
						onClose={() => setViewed(undefined)}
					/>
				)}
			</Show>
		</Dialog>
	);
}

/** A file with the name that was said behind it, once that is read. */
function NamedFile(props: {
	message: Message;
	files: FilesArea;
	children: (name: () => string | undefined) => JSX.Element;
}) {
	const [name] = createResource(() => props.files.nameOf(props.message).catch(() => undefined));
	return props.children(() => name.latest);
}
