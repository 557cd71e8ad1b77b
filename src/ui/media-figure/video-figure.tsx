import { createEffect, onCleanup } from 'solid-js';
import type { MediaItem } from '../../chat/media-item.ts';
import { makeMediaRecovery } from './media-recovery.ts';
import { pauseOthers } from './pause-others.ts';
import { shownName } from './shown-name.ts';

/** Milliseconds after the metadata in which a size may still come: WebKit on a busy machine says 0 by 0 at first. */
const SIZE_TIME = 3000;

/** A video with the browser's own controls. */
export function VideoFigure(props: {
	item: MediaItem;
	src: string | undefined;
	/** at once: somebody has pressed it */
	plays?: boolean;
	onPlaying: (plays: boolean) => void;
	onUnplayable: () => void;
}) {
	let element!: HTMLVideoElement;
	let withoutSize: ReturnType<typeof setTimeout> | undefined;
	const awaitSize = () => {
		clearTimeout(withoutSize);
		withoutSize = setTimeout(() => {
			const knowsAll = element.readyState >= HTMLMediaElement.HAVE_METADATA;
			if (knowsAll && element.videoWidth === 0) props.onUnplayable();
		}, SIZE_TIME);
	};
	createEffect(() => {
		onCleanup(
			makeMediaRecovery(element, {
				canRecover: () => !['tampered', 'expired', 'blocked'].includes(props.item.status.state),
				unplayable: () => props.onUnplayable(),
			}),
		);
	});
	onCleanup(() => {
		props.onPlaying(false);
		clearTimeout(withoutSize);
		element.removeAttribute('src');
		element.load();
	});
	return (
		// biome-ignore lint/a11y/useMediaCaption: what people send each other has no captions
		<video
			ref={element}
			class="video-figure"
			controls
			playsinline
			preload="metadata"
			autoplay={props.plays ?? false}
			src={props.src}
			aria-label={shownName(props.item)}
			onPlaying={() => {
				pauseOthers(element);
				props.onPlaying(true);
			}}
			onPause={() => props.onPlaying(false)}
			onEnded={() => props.onPlaying(false)}
			onLoadedMetadata={awaitSize}
		/>
	);
}
