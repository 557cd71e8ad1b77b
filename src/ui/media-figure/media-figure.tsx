import { createMemo, createSignal, Match, Show, Switch } from 'solid-js';
import { kindOf, type MediaItem } from '../../chat/files/media-item.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { formatTime } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { type DocumentKind, documentKindOf } from './documents/document-kind.ts';
import { DocumentReader } from './documents/later-reader.ts';
import { FileCard } from './file-card.tsx';
import { ImageFigure } from './image-figure.tsx';
import type { MediaPlace } from './kept-playing.ts';
import { LoadProgress } from './load-progress.tsx';
import { MediaActions } from './media-actions.tsx';
import { isHidden, isWaiting, sourceOf } from './media-source.ts';
import { isRandomName, shownName } from './shown-name.ts';
import { badge, factsText, stateText } from './state-text.ts';
import { VideoFigure } from './video-figure.tsx';
import { noteVideoPlace } from './video-place.ts';
import { VoiceFigure } from './voice-figure.tsx';
import { WORDS } from './words.ts';
import './media-figure.css';

/** One opened link as a bubble: the media, what it is doing, and what can be done with it. */
export function MediaFigure(props: {
	item: MediaItem;
	library: MediaLibrary;
	/** it is on its way to somebody: what can be done with it is shown elsewhere */
	isSharing?: boolean;
	/** somebody has pressed it: sound and video play as soon as they can */
	plays?: boolean | undefined;
	/** a voice message in front of it has ended: it goes on with this one */
	follows?: boolean | undefined;
	/** what its sender calls it, if that is known better than by its address */
	name?: string | undefined;
	/** where it is from: it plays on while one reads elsewhere */
	place?: MediaPlace | undefined;
	/** A voice message has come to its end. */
	onEnded?: (() => void) | undefined;
	/** one of an album, too small for a video's controls */
	isTile?: boolean | undefined;
	onView: () => void;
}) {
	const [unplayable, setUnplayable] = createSignal(false);
	const kind = createMemo(() => kindOf(props.item));
	const hidden = () => isHidden(props.item);
	const src = createMemo(() => sourceOf(props.item, props.library));
	const [plays, setPlays] = createSignal(false);
	const onPlaying = (isOn: boolean) => {
		setPlays(isOn);
		props.library.playback.playing(props.item.id, isOn);
	};
	const onAsked = () => props.library.loading.wanted(props.item.id);
	const onTimed = (duration: number) => props.library.playback.timed(props.item.id, duration);
	const onRest = (position: number, duration: number) =>
		noteVideoPlace(props.library, props.item.id, position, duration);
	const activate = () => props.library.loading.activate(props.item.id);
	const waits = () => isWaiting(props.item, props.library);
	/** In an album a video is played full screen. */
	const view = () => {
		if (props.isTile && waits()) activate();
		props.onView();
	};
	const onUnplayable = () => setUnplayable(true);
	// A player says itself how long it is.
	const facts = () => factsText(waits() ? props.item : { ...props.item, duration: undefined });
	const [reading, setReading] = createSignal<DocumentKind>();
	const documentKind = () => (kind() === 'file' ? documentKindOf(props.item) : undefined);
	const note = () => {
		if (hidden()) return stateText(props.item);
		if (unplayable()) return WORDS.notPlayable(kind());
		if (props.item.status.type === undefined || documentKind() !== undefined) return undefined;
		return props.item.status.label === undefined ? WORDS.saveToOpen : WORDS.notShown;
	};
	return (
		<article class="media-item" data-testid="media-item" data-media-id={props.item.id}>
			<figure
				class="media-figure"
				data-media-state={props.item.status.state}
				data-media-kind={kind()}
				data-media-unplayable={unplayable() ? '' : undefined}
			>
				<Switch fallback={<FileCard item={props.item} name={props.name} note={note()} />}>
					<Match when={hidden()}>
						<FileCard item={props.item} name={props.name} note={note()} icon="altered" />
					</Match>
					<Match when={unplayable()}>
						<FileCard item={props.item} name={props.name} note={note()} />
					</Match>
					<Match when={kind() === 'image'}>
						<ImageFigure
							item={props.item}
							library={props.library}
							src={src()}
							onView={props.onView}
							onUnplayable={onUnplayable}
						/>
					</Match>
					<Match when={kind() === 'video'}>
						<VideoFigure
							{...{ onAsked, onPlaying, onTimed, onUnplayable }}
							item={props.item}
							src={src()}
							plays={props.plays}
							isTile={props.isTile}
							place={props.isTile ? undefined : props.place}
							onRest={onRest}
							onWanted={waits() ? activate : undefined}
						/>
						<Show
							when={props.isTile}
							fallback={
								<button
									type="button"
									class="icon-button video-expand"
									data-testid="view"
									aria-label={WORDS.fullScreen(shownName(props.item))}
									onClick={view}
								>
									<Icon name="expand" />
								</button>
							}
						>
							<button
								type="button"
								class="video-play"
								data-testid="view"
								aria-label={WORDS.play(shownName(props.item), factsText(props.item))}
								onClick={view}
							>
								<span class="play-sign">
									<Icon name="play" size={28} />
								</span>
								<span class="video-facts">{factsText(props.item)}</span>
							</button>
						</Show>
					</Match>
					<Match when={kind() === 'audio'}>
						<VoiceFigure
							{...{ onAsked, onPlaying, onTimed, onUnplayable }}
							item={props.item}
							library={props.library}
							src={src()}
							plays={props.plays}
							follows={props.follows}
							place={props.place}
							onEnded={props.onEnded}
						/>
					</Match>
				</Switch>
				<Show when={props.item.status.verifying}>
					<LoadProgress item={props.item} />
				</Show>
				<figcaption class="media-caption">
					<Show when={!hidden() && kind() !== 'file' && !unplayable()}>
						<span class="media-name">
							<Show when={!isRandomName(props.item.name)}>
								<bdi>{props.item.name}</bdi>
							</Show>
							<Show when={facts()}>
								<span class="media-size">{facts()}</span>
							</Show>
						</span>
					</Show>
					<span class="media-state" aria-live="polite">
						<Show when={props.item.status.state === 'verified'}>
							<Icon name="verify" size={16} />
						</Show>
						{hidden() ? badge(props.item) : stateText(props.item, plays())}
					</span>
				</figcaption>
				<Show when={props.isSharing !== true}>
					<MediaActions
						item={props.item}
						name={props.name}
						library={props.library}
						onOpen={documentKind() && (() => setReading(documentKind()))}
					/>
				</Show>
			</figure>
			<Show when={reading()}>
				{(found) => (
					<DocumentReader
						item={props.item}
						kind={found()}
						name={props.name}
						library={props.library}
						onClose={() => setReading(undefined)}
					/>
				)}
			</Show>
			<time class="media-time" dateTime={new Date(props.item.createdAt).toISOString()}>
				{formatTime(props.item.createdAt)} · {props.item.host}
			</time>
		</article>
	);
}
