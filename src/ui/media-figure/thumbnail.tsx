import { createSignal, Show } from 'solid-js';

/** The largest side that is believed, in pixels. */
const MAX_SIDE = 512;

/** The small picture that a sender gave, blurred; none that is large, or does not decode. */
export function Thumbnail(props: { src: string }) {
	const [isHidden, setHidden] = createSignal(false);
	return (
		<Show when={!isHidden()}>
			<img
				class="thumbnail"
				src={props.src}
				alt=""
				onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
					setHidden(Math.max(naturalWidth, naturalHeight) > MAX_SIDE)
				}
				onError={() => setHidden(true)}
			/>
		</Show>
	);
}
