import { createEffect, createSignal, Match, Show, Switch } from 'solid-js';
import { isComplete, kindOf, type MediaItem } from '../../chat/files/media-item.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { isHidden, sourceOf } from '../media-figure/media-source.ts';
import { shownName } from '../media-figure/shown-name.ts';
import { badge, factsText, stateText } from '../media-figure/state-text.ts';
import { VideoFigure } from '../media-figure/video-figure.tsx';
import { noteVideoPlace } from '../media-figure/video-place.ts';
import { Icon } from '../parts/icon.tsx';
import type { Slide } from './gallery.ts';
import { SLIDE_WORDS } from './words.ts';
import type { View } from './zoom-geometry.ts';

/** A text on a slide, and a button. */
type Note = readonly [text: string, label?: string, work?: () => unknown];

/** One photo or video; its state, or why it is not shown, and what to do about that. */
export function SlideView(props: {
	slide: Slide;
	item: MediaItem | undefined;
	library: MediaLibrary;
	/** where it lies, from the left */
	at: string;
	/** of the one that is looked at */
	view: View | undefined;
	/** a video may play at once */
	isPressed: boolean;
	onLoad: () => void;
}) {
	const [isShown, setShown] = createSignal(false);
	const [isUnplayable, setUnplayable] = createSignal(false);
	/** somebody asked for this one here: it may play at once, as long as it is looked at */
	const [isAsked, setAsked] = createSignal(false);
	createEffect(() => props.view === undefined && setAsked(false));
	let failures = 0;
	const kind = () => (props.item === undefined ? props.slide.kind : kindOf(props.item));
	const src = () => {
		const { item, library } = props;
		return item && !isHidden(item) && !isUnplayable() ? sourceOf(item, library) : undefined;
	};
	const icon = () => {
		if (props.item && isHidden(props.item)) return 'altered';
		return kind() === 'video' ? 'play' : 'image';
	};
	const onError = (image: HTMLImageElement) => {
		// A picture that failed before it was verified may be shown now.
		if (props.item?.status.state !== 'verified') return;
		if (failures > 0) setUnplayable(true);
		else image.src = src() ?? '';
		failures += 1;
	};
	// Also called while the video goes away.
	const onPlaying = (plays: boolean) =>
		props.item && props.library.playback.playing(props.item.id, plays);
	const onTimed = (duration: number) =>
		props.item && props.library.playback.timed(props.item.id, duration);
	// The video may go because its item has.
	let rested: string | undefined;
	const onRest = (place: number, duration: number) => {
		rested = props.item?.id ?? rested;
		if (rested !== undefined) noteVideoPlace(props.library, rested, place, duration);
	};
	const note = (): Note | undefined => {
		const { item, library } = props;
		const label = kind() === 'video' ? SLIDE_WORDS.play : SLIDE_WORDS.download;
		const asking = (work: () => unknown) => () => {
			setAsked(true);
			work();
		};
		if (item === undefined) return [SLIDE_WORDS.notHere(kind()), label, asking(props.onLoad)];
		const { id, status, save } = item;
		const { state } = status;
		const text = stateText(item);
		if (save?.step === 'too-large')
			return [
				SLIDE_WORDS.tooLarge,
				SLIDE_WORDS.saveStreamed,
				() => library.saving.saveWhileLoading(id),
			];
		if (isHidden(item))
			return state === 'blocked'
				? [text]
				: [text, SLIDE_WORDS.retry, () => library.loading.retry(id)];
		if (status.verifying || (save?.step === 'checking' && !isComplete(status)))
			return [text, SLIDE_WORDS.cancel, () => library.loading.cancel(id)];
		if (isUnplayable()) return [SLIDE_WORDS.notShown(kind())];
		if (src() === undefined) {
			if (item.isMeasured === true) return [text];
			const facts = factsText(item);
			return library.state.worker === 'ready'
				? [
						facts === '' ? text : `${text} · ${facts}`,
						label,
						asking(() => library.loading.activate(id)),
					]
				: [text, SLIDE_WORDS.downloadHere, () => library.loading.downloadHere(id)];
		}
		if (kind() !== 'image' && kind() !== 'video') return [SLIDE_WORDS.neither];
		if (state === 'unverified')
			return [badge(item), SLIDE_WORDS.verifyNow, () => library.loading.verify(id)];
		return state === 'loading' || save !== undefined ? [text] : undefined;
	};
	return (
		<div
			class="viewer-slide"
			classList={{ current: props.view !== undefined, shown: isShown() }}
			data-media-state={props.item?.status.state}
			inert={props.view === undefined}
			style={{ left: props.at }}
		>
			<Switch>
				<Match when={kind() === 'image' && src()}>
					{(from) => (
						<img
							class="viewer-picture"
							src={from()}
							alt={props.item && shownName(props.item)}
							draggable={false}
							decoding="async"
							onLoad={() => setShown(true)}
							onError={(event) => onError(event.currentTarget)}
							style={{
								transform: `translate(${props.view?.x ?? 0}px, ${props.view?.y ?? 0}px) scale(${props.view?.scale ?? 1})`,
							}}
						/>
					)}
				</Match>
				<Match when={kind() === 'video' && src() !== undefined && props.view && props.item}>
					{(item) => (
						<VideoFigure
							item={item()}
							src={src()}
							plays={props.isPressed || isAsked()}
							onPlaying={onPlaying}
							onTimed={onTimed}
							onRest={onRest}
							onAsked={() => props.library.loading.wanted(item().id)}
							onUnplayable={() => setUnplayable(true)}
						/>
					)}
				</Match>
			</Switch>
			<Icon name={icon()} size={44} />
			<Show when={note()}>
				{(found) => (
					<div class="viewer-note" data-testid="viewer-note">
						<p>{found()[0]}</p>
						<Show when={found()[1]}>
							<button
								type="button"
								class="button"
								data-testid="viewer-act"
								onClick={() => found()[2]?.()}
							>
								{found()[1]}
							</button>
						</Show>
					</div>
				)}
			</Show>
		</div>
	);
}
