import { createMemo, createSignal, Show, untrack } from 'solid-js';
import type { MediaItem } from '../../chat/files/media-item.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { ImageSize } from '../../core/formats/pictures/image-size.ts';
import { createNear } from './create-near.ts';
import { Picture } from './picture.tsx';
import { shownName } from './shown-name.ts';
import { Thumbnail, thumbnailSize } from './thumbnail.tsx';
import { WORDS } from './words.ts';

/** Width by height of a box: what is narrower or wider has room left beside it. */
const NARROWEST = 0.7;
const WIDEST = 3;

/**
 * A picture that opens full screen; until it is verified, the sender's blurred thumbnail.
 */
export function ImageFigure(props: {
	item: MediaItem;
	library: MediaLibrary;
	src: string | undefined;
	onView: () => void;
	onUnplayable: () => void;
}) {
	let box!: HTMLButtonElement;
	const near = createNear(() => box);
	const [shown, setShown] = createSignal(false);
	/** it has been seen, and can be opened, also while it is too far away to be kept in memory */
	const [seen, setSeen] = createSignal(false);
	// As it was known when the box was made: a box that changes later would move what one reads. Ours are at the end.
	const ratio = createMemo<number | undefined>(
		(before) => before ?? (props.item.local === undefined ? before : ratioOf(props.item)),
		// A thumbnail has the shape of its picture, and is here first.
		untrack(() => ratioOf(props.item) ?? ratioOf(thumbnailSize(props.item.thumbnail ?? ''))),
	);
	return (
		<button
			ref={box}
			type="button"
			class="image-figure"
			classList={{ shown: shown(), waits: near() && !shown() }}
			style={{ 'aspect-ratio': ratio() }}
			disabled={!seen()}
			aria-label={WORDS.fullScreen(shownName(props.item))}
			onClick={() => props.onView()}
		>
			<Show when={!shown() && props.item.thumbnail}>
				{(thumbnail) => <Thumbnail src={thumbnail()} />}
			</Show>
			<Picture
				item={props.item}
				library={props.library}
				src={props.src}
				alt={shownName(props.item)}
				box={() => box}
				isNear={near()}
				onShown={(isShown) => {
					setShown(isShown);
					if (isShown) setSeen(true);
				}}
				onUnplayable={() => props.onUnplayable()}
			/>
		</button>
	);
}

function ratioOf({ width = 0, height = 0 }: Partial<ImageSize> = {}): number | undefined {
	if (width === 0 || height === 0) return undefined;
	return Math.min(WIDEST, Math.max(NARROWEST, width / height));
}
