import { createEffect, createSignal, onCleanup, Show, untrack } from 'solid-js';
import type { MediaItem } from '../../chat/files/media-item.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';

/** Pixels up to which a picture stays as it is, once it is shown: its copy is for the next time. */
const SMALL = 2_000_000;

/** Milliseconds that a picture of 12 megapixels takes to be decoded and painted. */
const PAINT_TIME = 300;

/**
 * A picture in its box: at first the whole of it, which is what verifies it, and as soon as there is one a copy as large as the
 * box needs. What is far from being seen is not there at all.
 */
export function Picture(props: {
	item: MediaItem;
	library: MediaLibrary;
	src: string | undefined;
	alt: string;
	box: () => Element;
	isNear: boolean;
	onShown: (isShown: boolean) => void;
	onUnplayable: () => void;
}) {
	/** what is being loaded: the whole picture, or its preview */
	const [url, setUrl] = createSignal<string>();
	const [isShown, setShown] = createSignal(false);
	let hasFailed = false;
	/** what was kept of it cannot be drawn: it is not made again */
	let isPreviewBad = false;
	let ends = new AbortController();
	const show = (shown: boolean) => {
		setShown(shown);
		props.onShown(shown);
	};
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
		if (!props.isNear || src === undefined) return;
		const now = new AbortController();
		ends = now;
		onCleanup(() => {
			now.abort();
			setUrl(undefined);
			show(false);
		});
		const { id, status } = untrack(() => ({ ...props.item }));
		// To load the whole of it is what verifies it.
		if (status.state !== 'verified') setUrl(src);
		else
			void props.library.previews.kept(id).then((kept) => {
				if (!take(kept, now) && !now.signal.aborted) setUrl(src);
			});
	});
	const onLoad = async (image: HTMLImageElement) => {
		const { naturalWidth, naturalHeight, isConnected } = image;
		const { src, item } = props;
		// One that was taken away while it loaded says nothing of what is there now.
		if (!isConnected) return;
		show(true);
		if (src === undefined || isPreviewBad) return;
		const now = ends;
		const isWhole = url() === src;
		if (isWhole) props.library.playback.measured(item.id, naturalWidth, naturalHeight);
		const { width = naturalWidth, height = naturalHeight } = isWhole ? {} : item;
		// A copy takes as long as the picture itself does, which comes first; no event tells when it is painted.
		if (isWhole) await new Promise((resolve) => setTimeout(resolve, PAINT_TIME));
		if (now.signal.aborted) return;
		const box = () => props.box().getBoundingClientRect();
		const longest = Math.max(width, height);
		const making = props.library.previews.make(
			{
				...{ id: item.id, src, width, height },
				shown: Math.max(naturalWidth, naturalHeight),
				wanted: Math.max(box().width / width, box().height / height) * longest * devicePixelRatio,
			},
			() => Math.abs(box().top + box().bottom - innerHeight),
			now.signal,
		);
		const isSmall = isWhole && width * height <= SMALL;
		void making?.then((made) => {
			if (isSmall && made !== undefined) URL.revokeObjectURL(made);
			else take(made, now);
		});
	};
	const onError = (image: HTMLImageElement) => {
		if (!image.isConnected || props.item.status.state !== 'verified') return;
		if (url() !== props.src) {
			isPreviewBad = true;
			setUrl(props.src);
		} else if (hasFailed) props.onUnplayable();
		else {
			hasFailed = true;
			image.src = props.src ?? '';
		}
	};
	return (
		<Show when={url()}>
			{(address) => (
				<img
					class="picture"
					hidden={!isShown()}
					src={address()}
					alt={props.alt}
					decoding="async"
					onLoad={(event) => void onLoad(event.currentTarget)}
					onError={(event) => onError(event.currentTarget)}
				/>
			)}
		</Show>
	);
}
