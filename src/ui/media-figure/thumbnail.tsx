import { createMemo, createSignal, Show } from 'solid-js';
import { scanJpeg } from '../../core/formats/pictures/image-scans.ts';
import type { ImageSize } from '../../core/formats/pictures/image-size.ts';
import { sizeIn } from '../../core/formats/pictures/size-in.ts';

/** The largest side that is believed, in pixels. */
const MAX_SIDE = 512;

/** The small picture that a sender gave, blurred; none that is large, or does not decode. */
export function Thumbnail(props: { src: string }) {
	const [isHidden, setHidden] = createSignal(false);
	// Before it is there: a few kilobytes may be many megapixels.
	const isSmall = createMemo(() => {
		const { width, height } = thumbnailSize(props.src) ?? { width: Infinity, height: 1 };
		return Math.max(width, height) <= MAX_SIDE;
	});
	return (
		<Show when={isSmall() && !isHidden()}>
			<img class="thumbnail" src={props.src} alt="" onError={() => setHidden(true)} />
		</Show>
	);
}

/** The size that its bytes name. */
export function thumbnailSize(uri: string): ImageSize | undefined {
	try {
		const bytes = atob(uri.slice(uri.indexOf(',') + 1));
		return sizeIn(
			Uint8Array.from(bytes, (character) => character.charCodeAt(0)),
			scanJpeg(),
		);
	} catch {
		return undefined;
	}
}
