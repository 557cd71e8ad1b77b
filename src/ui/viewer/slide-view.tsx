import { createSignal, Match, Show, Switch } from 'solid-js';
import { kindOf, type MediaItem } from '../../chat/media-item.ts';
import type { MediaLibrary } from '../../chat/media-library.ts';
import { Icon } from '../icons/icon.tsx';
import { isHidden, sourceOf } from '../media-figure/media-source.ts';
import { stateText } from '../media-figure/state-text.ts';
import { VideoFigure } from '../media-figure/video-figure.tsx';
import type { Slide } from './gallery.ts';
import type { View } from './zoom-geometry.ts';

/** One picture or video, or why it is not shown and what to do about it. */
export function SlideView(props: {
	slide: Slide;
	item: MediaItem | undefined;
	library: MediaLibrary;
	/** where it lies, from the left */
	at: string;
	/** of the one that is looked at */
	view: View | undefined;
	/** a video may play at once */
	isPressed: boolean;
	onLoad: () => void;
}) {
	const [isShown, setShown] = createSignal(false);
	const [isUnplayable, setUnplayable] = createSignal(false);
	let failures = 0;
	const kind = () => (props.item === undefined ? props.slide.kind : kindOf(props.item));
	const word = () => (kind() === 'video' ? 'video' : 'picture');
	const src = () => {
		const { item, library } = props;
		return item && !isHidden(item) && !isUnplayable() ? sourceOf(item, library) : undefined;
	};
	const onError = (image: HTMLImageElement) => {
		// What failed before it was verified may be shown now.
		if (props.item?.status.state !== 'verified') return;
		if (failures > 0) setUnplayable(true);
		else image.src = src() ?? '';
		failures += 1;
	};
	const note = () => {
		const { item } = props;
		if (item === undefined) return `This ${word()} is not on this device.`;
		if (isUnplayable()) return `This browser cannot show this ${word()}.`;
		return src() === undefined || isHidden(item)
			? stateText(item, kind())
			: 'This is not shown here.';
	};
	const action = (): [string, () => void] | undefined => {
		const { item, library } = props;
		if (item === undefined) return ['Load', props.onLoad];
		const { id, status } = item;
		if (status.state === 'blocked' || isUnplayable() || status.verifying) return undefined;
		if (isHidden(item)) return ['Try again', () => library.retry(id)];
		if (src() !== undefined || item.isMeasured === true) return undefined;
		if (library.state.worker === 'ready') return ['Load', () => library.activate(id)];
		return ['Download and check here', () => void library.downloadHere(id)];
	};
	return (
		<div
			class="viewer-slide"
			classList={{ current: props.view !== undefined, shown: isShown() }}
			data-media-state={props.item?.status.state}
			inert={props.view === undefined}
			style={{ left: props.at }}
		>
			<Switch
				fallback={
					<div class="viewer-card">
						<Icon
							name={
								props.item && isHidden(props.item)
									? 'altered'
									: kind() === 'video'
										? 'play'
										: 'image'
							}
							size={40}
						/>
						<p>{note()}</p>
						<Show when={action()}>
							{(found) => (
								<button
									type="button"
									class="button"
									data-testid="viewer-load"
									onClick={() => found()[1]()}
								>
									{found()[0]}
								</button>
							)}
						</Show>
					</div>
				}
			>
				<Match when={kind() === 'image' && src()}>
					{(from) => (
						<>
							<Show when={!isShown()}>
								<Icon name="image" size={40} />
							</Show>
							<img
								class="viewer-picture"
								src={from()}
								alt={props.item?.name}
								draggable={false}
								decoding="async"
								onLoad={() => setShown(true)}
								onError={(event) => onError(event.currentTarget)}
								style={{
									transform: `translate(${props.view?.x ?? 0}px, ${props.view?.y ?? 0}px) scale(${props.view?.scale ?? 1})`,
								}}
							/>
						</>
					)}
				</Match>
				<Match when={kind() === 'video' && src() !== undefined && props.item}>
					{(item) => (
						<Show when={props.view !== undefined} fallback={<Icon name="play" size={56} />}>
							<VideoFigure
								item={item()}
								src={src()}
								plays={props.isPressed}
								onPlaying={(plays) => props.library.playing(item().id, plays)}
								onUnplayable={() => setUnplayable(true)}
							/>
						</Show>
					)}
				</Match>
			</Switch>
		</div>
	);
}
