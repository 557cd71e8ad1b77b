import { createEffect, createMemo, createSignal, onCleanup, Show, untrack } from 'solid-js';
import type { MediaItem } from '../../chat/media-item.ts';
import type { MediaLibrary } from '../../chat/media-library.ts';
import { type ImageSize, imageSize } from '../../core/image-size.ts';
import { createNear } from './create-near.ts';
import { shownName } from './shown-name.ts';
import { Thumbnail } from './thumbnail.tsx';

/** Width by height of a box: what is narrower or wider has room left beside it. */
const NARROWEST = 0.7;
const WIDEST = 3;

/**
 * A picture that opens full screen; until it is verified, the sender's blurred thumbnail. What is large is shown as a small
 * copy, and what is far from being seen not at all.
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
	/** what is being loaded: the whole picture, or its preview */
	const [url, setUrl] = createSignal<string>();
	const [shown, setShown] = createSignal(false);
	/** it has been seen, and can be opened, also while it is too far away to be kept in memory */
	const [seen, setSeen] = createSignal(false);
	let failures = 0;
	let ends = new AbortController();
	// As it was known when the box was made: a box that changes later would move what one reads. Ours are at the end.
	const ratio = createMemo<number | undefined>(
		(before) => before ?? (props.item.local === undefined ? before : ratioOf(props.item)),
		untrack(() => ratioOf(props.item) ?? ratioOf(thumbnailSize(props.item.thumbnail))),
	);
	/** Shows a preview as long as it is wanted. */
	const take = (preview: string | undefined, { signal }: AbortController) => {
		if (preview === undefined) return false;
		if (signal.aborted) URL.revokeObjectURL(preview);
		else {
			signal.addEventListener('abort', () => URL.revokeObjectURL(preview));
			setUrl(preview);
		}
		return true;
	};
	createEffect(() => {
		const { src } = props;
		if (!near() || src === undefined) return;
		const now = new AbortController();
		ends = now;
		onCleanup(() => {
			now.abort();
			setUrl(undefined);
			setShown(false);
		});
		const { id, status } = untrack(() => ({ ...props.item }));
		// To load the whole of it is what verifies it.
		if (status.state !== 'verified') setUrl(src);
		else
			void props.library.previews.kept(id).then((kept) => {
				if (!take(kept, now) && !now.signal.aborted) setUrl(src);
			});
	});
	const show = () => {
		setSeen(true);
		setShown(true);
	};
	const distance = () => {
		const { top, bottom } = box.getBoundingClientRect();
		return Math.abs(top + bottom - innerHeight);
	};
	const onLoad = (image: HTMLImageElement) => {
		const { naturalWidth: width, naturalHeight: height } = image;
		const { src } = props;
		const now = ends;
		if (url() !== src || src === undefined || failures > 0) return show();
		const { id } = props.item;
		props.library.measured(id, width, height);
		const making = props.library.previews.make({ id, src, width, height }, distance, now.signal);
		if (making === undefined) return show();
		void making.then((made) => {
			if (!take(made, now) && !now.signal.aborted) show();
		});
	};
	const onError = (image: HTMLImageElement) => {
		const { state } = props.item.status;
		if (state !== 'verified') return;
		if (failures > 0 && url() === props.src) return props.onUnplayable();
		failures += 1;
		if (url() === props.src) image.src = props.src ?? '';
		else setUrl(props.src);
	};
	return (
		<button
			ref={box}
			type="button"
			class="image-figure"
			classList={{ shown: shown(), waits: near() && !shown() }}
			style={{ 'aspect-ratio': ratio() }}
			disabled={!seen()}
			aria-label={`Open ${shownName(props.item)} full screen`}
			onClick={() => props.onView()}
		>
			<Show when={!shown() && props.item.thumbnail}>
				{(thumbnail) => <Thumbnail src={thumbnail()} />}
			</Show>
			<Show when={url()}>
				{(address) => (
					// Hidden until it is known to be small: what is not drawn is not decoded.
					<img
						class="picture"
						hidden={!shown()}
						src={address()}
						alt={shownName(props.item)}
						decoding="async"
						onLoad={(event) => onLoad(event.currentTarget)}
						onError={(event) => onError(event.currentTarget)}
					/>
				)}
			</Show>
		</button>
	);
}

function ratioOf({ width = 0, height = 0 }: Partial<ImageSize> = {}): number | undefined {
	if (width === 0 || height === 0) return undefined;
	return Math.min(WIDEST, Math.max(NARROWEST, width / height));
}

/** A thumbnail has the shape of its picture, and is here first. */
function thumbnailSize(uri: string | undefined): ImageSize | undefined {
	if (uri === undefined) return undefined;
	try {
		const bytes = atob(uri.slice(uri.indexOf(',') + 1));
		return imageSize(
			Uint8Array.from(bytes, (character) => character.charCodeAt(0)),
			'image/jpeg',
		);
	} catch {
		return undefined;
	}
}
