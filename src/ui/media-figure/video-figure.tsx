import { createEffect, onCleanup } from 'solid-js';
import type { MediaItem } from '../../chat/media-item.ts';
import { makeMediaRecovery } from './media-recovery.ts';

/** A video with the browser's own controls. */
export function VideoFigure(props: {
	item: MediaItem;
	src: string | undefined;
	onPlaying: (plays: boolean) => void;
	onUnplayable: () => void;
}) {
	let element!: HTMLVideoElement;
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
			src={props.src}
			aria-label={props.item.name}
			onPlaying={() => props.onPlaying(true)}
			onPause={() => props.onPlaying(false)}
			onEnded={() => props.onPlaying(false)}
			onLoadedMetadata={() => element.videoWidth === 0 && props.onUnplayable()}
		/>
	);
}
