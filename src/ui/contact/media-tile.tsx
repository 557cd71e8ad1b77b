import { createEffect, createSignal, onCleanup, Show, untrack } from 'solid-js';
import type { FilesArea } from '../../chat/account/messenger-areas.ts';
import { isComplete, kindOf, type MediaItem } from '../../chat/files/media-item.ts';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import type { MediaKind } from '../../chat/model/media-kind.ts';
import type { Message } from '../../chat/model/message.ts';
import { createNear } from '../media-figure/create-near.ts';
import { isHidden, sourceOf } from '../media-figure/media-source.ts';
import { Picture } from '../media-figure/picture.tsx';
import { badge, factsText } from '../media-figure/state-text.ts';
import { Thumbnail } from '../media-figure/thumbnail.tsx';
import { createMessageItem } from '../message-file/message-item.ts';
import { formatDuration, formatTime } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { MEDIA_WORDS } from './words.ts';

/** One photo or video in a grid; one that is not downloaded shows its kind and size. */
export function MediaTile(props: {
	message: Message;
	files: FilesArea;
	library: MediaLibrary;
	/** by its name */
	kind: MediaKind;
	onView: () => void;
}) {
	let tile!: HTMLLIElement;
	const { item, load } = createMessageItem(props);
	const isNear = createNear(() => tile);
	const [isShown, setShown] = createSignal(false);
	/** of a video; NaN while that is not known */
	const [seconds, setSeconds] = createSignal(Number.NaN);
	const kind = () => {
		const found = item();
		return found === undefined ? props.kind : kindOf(found);
	};
	const src = () => {
		const found = item();
		return found && sourceOf(found, props.library);
	};
	const isBroken = () => {
		const found = item();
		return found !== undefined && isHidden(found);
	};
	const isIdle = () => src() === undefined && !isBroken() && item()?.isMeasured !== true;
	const length = () => (Number.isFinite(seconds()) ? formatDuration(seconds()) : '');
	const thumbnail = () => {
		const { attachment } = props.message;
		return isBroken() || attachment?.kind !== 'file' ? undefined : attachment.thumbnail;
	};
	/** one that is here; each one that is drawn takes a decoder */
	const video = () => {
		const found = item();
		const isHere = found !== undefined && isComplete(found.status);
		return kind() === 'video' && isHere && isNear() ? src() : undefined;
	};
	const word = () => (kind() === 'video' ? MEDIA_WORDS.video : MEDIA_WORDS.photo);
	/** a video that was pressed is played as soon as it is there */
	const [isWanted, setWanted] = createSignal(false);
	createEffect(() => {
		if (!isWanted() || item() === undefined) return;
		setWanted(false);
		untrack(() => props.onView());
	});
	const press = () => {
		if (!isIdle()) return props.onView();
		const id = item()?.id;
		if (id === undefined) load();
		else props.library.loading.activate(id);
		if (kind() === 'video') setWanted(true);
	};
	const act = () => (kind() === 'video' ? MEDIA_WORDS.play : MEDIA_WORDS.download);
	const verb = () => (isIdle() ? act() : MEDIA_WORDS.open);
	const facts = () => {
		const found = item();
		return (found && factsText(found)) || act();
	};
	return (
		<li
			ref={tile}
			class="media-tile"
			data-media-state={item()?.status.state}
			data-media-kind={kind()}
		>
			<button
				type="button"
				data-testid="media-tile"
				aria-label={MEDIA_WORDS.tile(verb(), word(), formatTime(props.message.time))}
				onClick={press}
			>
				<Show when={!isShown() && thumbnail()}>{(small) => <Thumbnail src={small()} />}</Show>
				<Show when={!isShown()}>
					<Icon name={isBroken() ? 'altered' : kind() === 'video' ? 'play' : 'image'} size={28} />
					<span>
						{isIdle()
							? `${word()} · ${facts()}`
							: isBroken()
								? badge(item() as MediaItem)
								: length() || word()}
					</span>
				</Show>
				<Show when={kind() === 'image' && !isBroken() && item()}>
					{(picture) => (
						<Picture
							item={picture()}
							library={props.library}
							src={src()}
							alt=""
							box={() => tile}
							isNear={isNear()}
							onShown={setShown}
							onUnplayable={() => setShown(false)}
						/>
					)}
				</Show>
				<Show when={video()}>
					{(from) => (
						<Still
							src={from()}
							onKnown={(size, duration) => {
								setShown(size > 0);
								setSeconds(duration);
							}}
						/>
					)}
				</Show>
				<Show when={kind() === 'video' && isShown()}>
					<span class="media-length">
						<Icon name="play" size={14} /> {length()}
					</span>
				</Show>
			</button>
		</li>
	);
}

/** The first frame of a video; its size is 0 until it can be drawn. */
function Still(props: { src: string; onKnown: (size: number, duration: number) => void }) {
	let element!: HTMLVideoElement;
	const look = () => props.onKnown(element.videoWidth, element.duration);
	onCleanup(() => {
		props.onKnown(0, element.duration);
		element.removeAttribute('src');
		element.load();
	});
	return (
		<video
			ref={element}
			// Phones draw nothing of a video that has not been sought in.
			src={`${props.src}#t=0.1`}
			muted
			playsinline
			preload="metadata"
			tabIndex={-1}
			onLoadedMetadata={look}
			onResize={look}
		/>
	);
}
