import { createSignal, Show } from 'solid-js';
import type { MediaItem } from '../../chat/media-item.ts';

/** The largest side of a thumbnail that is believed, in pixels. */
const MAX_THUMBNAIL = 512;

/** A picture that opens full screen; until it is verified, the sender's blurred thumbnail. */
export function ImageFigure(props: {
	item: MediaItem;
	src: string | undefined;
	onView: () => void;
	onUnplayable: () => void;
}) {
	const [shown, setShown] = createSignal(false);
	const [hideThumbnail, setHideThumbnail] = createSignal(false);
	let failures = 0;
	const checkThumbnail = (image: HTMLImageElement) =>
		setHideThumbnail(Math.max(image.naturalWidth, image.naturalHeight) > MAX_THUMBNAIL);
	const onError = (image: HTMLImageElement) => {
		const { state } = props.item.status;
		if (state === 'verified' && failures > 0) props.onUnplayable();
		else if (state === 'verified') {
			failures += 1;
			image.src = props.src ?? '';
		}
	};
	return (
		<button
			type="button"
			class="image-figure"
			classList={{ shown: shown() }}
			disabled={!shown()}
			aria-label={`Open ${props.item.name} full screen`}
			onClick={() => props.onView()}
		>
			<Show when={!shown() && !hideThumbnail() && props.item.thumbnail}>
				{(thumbnail) => (
					<img
						class="thumbnail"
						src={thumbnail()}
						alt=""
						onLoad={(event) => checkThumbnail(event.currentTarget)}
						onError={() => setHideThumbnail(true)}
					/>
				)}
			</Show>
			<Show when={props.src}>
				{(src) => (
					<img
						class="picture"
						src={src()}
						alt={props.item.name}
						decoding="async"
						onLoad={() => setShown(true)}
						onError={(event) => onError(event.currentTarget)}
					/>
				)}
			</Show>
		</button>
	);
}
