import { createEffect, createSignal, onCleanup, Show, untrack } from 'solid-js';
import type { MediaItem } from '../../chat/media-item.ts';
import type { MediaLibrary } from '../../chat/media-library.ts';

/** Pixels up to which a picture is shown before there is a copy of it, which is then for the next time. */
const SMALL = 2_000_000;

/**
 * A picture in its box: the whole of it, which is what verifies it, and then a copy as large as the box needs. What is far
 * from being seen is not there at all.
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
	const onLoad = ({ naturalWidth, naturalHeight, isConnected }: HTMLImageElement) => {
		const { src, item } = props;
		// One that was taken away while it loaded says nothing of what is there now.
		if (!isConnected) return;
		if (src === undefined || isPreviewBad) return show(true);
		const now = ends;
		const isWhole = url() === src;
		if (isWhole) props.library.measured(item.id, naturalWidth, naturalHeight);
		else show(true);
		const { width = naturalWidth, height = naturalHeight } = isWhole ? {} : item;
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
		if (making === undefined || isSmall) show(true);
		void making?.then((made) => {
			if (isSmall && made !== undefined) URL.revokeObjectURL(made);
			else if (!take(made, now) && !now.signal.aborted) show(true);
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
				// Hidden until it is known to be small: what is not drawn is not decoded.
				<img
					class="picture"
					hidden={!isShown()}
					src={address()}
					alt={props.alt}
					decoding="async"
					onLoad={(event) => onLoad(event.currentTarget)}
					onError={(event) => onError(event.currentTarget)}
				/>
			)}
		</Show>
	);
}
