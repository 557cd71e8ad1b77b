import { createEffect, createSignal, onCleanup, Show } from 'solid-js';
import type { MediaItem } from '../../chat/files/media-item.ts';
import { Icon } from '../parts/icon.tsx';
import { makeMediaRecovery } from './media-recovery.ts';
import { pauseOthers } from './pause-others.ts';
import { shownName } from './shown-name.ts';
import { factsText } from './state-text.ts';
import { WORDS } from './words.ts';

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
	const awaitSize = () => {
		clearTimeout(withoutSize);
		withoutSize = setTimeout(() => {
			const knowsAll = element.readyState >= HTMLMediaElement.HAVE_METADATA;
			if (knowsAll && element.videoWidth === 0) props.onUnplayable();
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
				unplayable: () => props.onUnplayable(),
			}),
		);
	});
	createEffect(() => {
		// An element that plays by itself says so only once it has enough.
		if ((props.plays === true || isPressed()) && props.src !== undefined) props.onAsked?.();
	});
	onCleanup(() => {
		props.onPlaying(false);
		clearTimeout(withoutSize);
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
				autoplay={props.plays === true || isPressed()}
				src={props.src}
				aria-label={shownName(props.item)}
				onPlay={() => props.onAsked?.()}
				onSeeking={() => element.currentTime > 0 && props.onAsked?.()}
				onPlaying={() => {
					setPressed(false);
					pauseOthers(element);
					props.onPlaying(true);
				}}
				onPause={() => props.onPlaying(false)}
				onEnded={() => props.onPlaying(false)}
				onDurationChange={() => props.onTimed?.(element.duration)}
				onLoadedMetadata={awaitSize}
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
