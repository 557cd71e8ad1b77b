import { Match, Show, Switch, useContext } from 'solid-js';
import type { FilesArea } from '../../chat/account/messenger-areas.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { Message } from '../../chat/model/message.ts';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { MediaFigure } from '../media-figure/media-figure.tsx';
import { AttemptContext } from './attempt.ts';
import { SharingLine } from './later-parts.ts';
import { createMessageItem } from './message-item.ts';
import { RemovedFile, UnopenedFile } from './unopened-file.tsx';
import './message-file.css';

/** A shared file: downloaded automatically where that gives nothing away, else when asked. */
export function FileOfMessage(props: {
	message: Message;
	state: MessengerState;
	files: FilesArea;
	library: MediaLibrary;
	/** never by itself */
	isAsked?: boolean;
	/** what its sender calls it, if that was said behind it */
	name?: string | undefined;
	/** a voice message in front of it has ended: it goes on with this one */
	follows?: boolean | undefined;
	/** it plays on while one reads elsewhere */
	playsOn?: boolean | undefined;
	/** A voice message has come to its end. */
	onEnded?: (() => void) | undefined;
	/** one of an album */
	isTile?: boolean;
	onView: (message: Message) => void;
}) {
	const attachment = () => props.message.attachment;
	const name = () => props.name ?? attachment()?.name ?? '';
	const media = () => attachment()?.media ?? 'unknown';
	const attempt = useContext(AttemptContext);
	const { item, load, isLooking, isPressed, isRemoved } = createMessageItem(props);
	const onLoad = () => (props.message.share === undefined ? load : undefined);
	return (
		<>
			<Switch
				fallback={
					<div class="message-file">
						<UnopenedFile
							name={name()}
							media={media()}
							host={props.files.strangeHost(props.message)}
							onLoad={onLoad()}
							isLinked={attachment()?.kind === 'link'}
						/>
					</div>
				}
			>
				{/* Keyed: a figure that goes reads its item once more, to say that it plays no longer. */}
				<Match when={item()} keyed>
					{(found) => (
						<MediaFigure
							item={found}
							library={props.library}
							isSharing={props.message.share !== undefined}
							plays={isPressed()}
							follows={props.follows}
							name={props.name}
							place={
								props.playsOn ? { peer: props.message.peer, key: props.message.key } : undefined
							}
							onEnded={props.onEnded}
							isTile={props.isTile}
							onView={() => props.onView(props.message)}
						/>
					)}
				</Match>
				<Match when={isLooking()}>
					<div class="message-file" classList={{ [media()]: true }} aria-busy="true" />
				</Match>
				<Match when={isRemoved()}>
					<RemovedFile name={name()} onLoad={onLoad()} />
				</Match>
			</Switch>
			<Show when={props.message.state === 'waiting' && props.message.share} keyed>
				{(share) => (
					<SharingLine
						name={share.name}
						progress={props.state.shares[props.message.key]}
						isOnline={props.state.connection === 'online'}
						onCancel={() => void attempt(props.files.cancelShare(props.message))}
					/>
				)}
			</Show>
		</>
	);
}
