import { createEffect, createSignal, onCleanup, Show, untrack } from 'solid-js';
import type { MediaItem } from '../../chat/files/media-item.ts';
import { Icon } from '../parts/icon.tsx';
import { keepPlaying, type MediaPlace, takeKept } from './kept-playing.ts';
import { makeMediaRecovery } from './media-recovery.ts';
import { showOnLockScreen } from './media-session.ts';
import { pauseOthers } from './pause-others.ts';
import { shownName } from './shown-name.ts';
import { factsText } from './state-text.ts';
import { KIND_WORDS, WORDS } from './words.ts';

/** Milliseconds after the metadata in which a size may still come: WebKit on a busy machine says 0 by 0 at first. */
const SIZE_TIME = 3000;

/** A video with the browser's own controls; before it may load, with a Play of ours. */
export function VideoFigure(props: {
	item: MediaItem;
	src: string | undefined;
	/** at once: somebody has pressed it */
	plays?: boolean | undefined;
	/** too small for controls: it is played elsewhere */
	isTile?: boolean | undefined;
	/** Called by a press before there is a `src`; without it there is nothing to press. */
	onWanted?: (() => void) | undefined;
	/** where it is from; without it, it stops as soon as it is not shown any more */
	place?: MediaPlace | undefined;
	/** Where somebody stopped looking, in seconds, of so many. */
	onRest?: ((position: number, duration: number) => void) | undefined;
	onPlaying: (plays: boolean) => void;
	/** Somebody plays it, or seeks in it. */
	onAsked?: (() => void) | undefined;
	/** It is so many seconds long. */
	onTimed?: ((duration: number) => void) | undefined;
	onUnplayable: () => void;
}) {
	let element!: HTMLVideoElement;
	let withoutSize: ReturnType<typeof setTimeout> | undefined;
	const [isPressed, setPressed] = createSignal(false);
	const { id } = untrack(() => props.item);
	const taken = untrack(() => props.place && takeKept(id));
	/** seconds: the place that this element has told, or has gone to */
	let noted: number | undefined;
	let isGivenUp = false;
	const giveUp = () => {
		isGivenUp = true;
		props.onUnplayable();
	};
	const awaitSize = () => {
		clearTimeout(withoutSize);
		withoutSize = setTimeout(() => {
			const knowsAll = element.readyState >= HTMLMediaElement.HAVE_METADATA;
			if (knowsAll && element.videoWidth === 0) giveUp();
		}, SIZE_TIME);
	};
	const press = () => {
		setPressed(true);
		element.focus();
		props.onWanted?.();
		// Within the press, where there is something already: some engines let nothing else play sound.
		if (props.src !== undefined) element.play().catch(() => undefined);
	};
	createEffect(() => {
		onCleanup(
			makeMediaRecovery(element, {
				canRecover: () => !['tampered', 'expired', 'blocked'].includes(props.item.status.state),
				unplayable: giveUp,
			}),
		);
	});
	createEffect(() => {
		// An element that plays by itself says so only once it has enough.
		if ((props.plays === true || isPressed()) && props.src !== undefined) props.onAsked?.();
	});
	/** It goes on where somebody stopped looking, here or elsewhere; not where they have sought before. */
	const goOn = () => {
		const { duration, currentTime } = element;
		const place = (noted === undefined ? taken : undefined) ?? props.item.position;
		if (!(duration > 0) || place === undefined || place === noted) return;
		const isSought = noted === undefined && currentTime >= 1;
		noted = place;
		if (!isSought && place > 0 && place < duration - 1) element.currentTime = place;
	};
	const rest = () => {
		const { duration, currentTime } = element;
		if (!(duration > 0) || (noted === undefined && currentTime === 0)) return;
		noted = currentTime < duration - 1 ? currentTime : 0;
		props.onRest?.(noted, duration);
	};
	onCleanup(() => {
		clearTimeout(withoutSize);
		const { place } = props;
		if (!isGivenUp) rest();
		props.onPlaying(false);
		const isKept = place !== undefined && !isGivenUp;
		if (isKept && keepPlaying({ id, kind: 'video', element, place })) return;
		element.removeAttribute('src');
		element.load();
	});
	const canPress = () => props.src === undefined && !isPressed() && !props.isTile && props.onWanted;
	return (
		<>
			{/* biome-ignore lint/a11y/useMediaCaption: what people send each other has no captions */}
			<video
				ref={element}
				class="video-figure"
				controls={!props.isTile && !canPress()}
				playsinline
				preload="metadata"
				autoplay={props.plays === true || isPressed() || taken !== undefined}
				src={props.src}
				aria-label={shownName(props.item)}
				onPlay={() => {
					goOn();
					props.onAsked?.();
				}}
				onSeeking={() => element.currentTime > 0 && props.onAsked?.()}
				onPlaying={() => {
					setPressed(false);
					pauseOthers(element);
					showOnLockScreen(element, KIND_WORDS.video);
					props.onPlaying(true);
				}}
				onPause={() => {
					rest();
					props.onPlaying(false);
				}}
				onEnded={() => props.onPlaying(false)}
				onDurationChange={() => props.onTimed?.(element.duration)}
				onLoadedMetadata={() => {
					awaitSize();
					if (!element.paused) goOn();
				}}
			/>
			<Show when={canPress()}>
				<button
					type="button"
					class="video-play"
					data-testid="play"
					aria-label={WORDS.play(shownName(props.item), factsText(props.item))}
					onClick={press}
				>
					<span class="play-sign">
						<Icon name="play" size={36} />
					</span>
				</button>
			</Show>
		</>
	);
}
