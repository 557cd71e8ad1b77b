import {
	batch,
	createEffect,
	createMemo,
	createSignal,
	For,
	mapArray,
	onCleanup,
	onMount,
	Show,
	untrack,
} from 'solid-js';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { isHidden } from '../media-figure/media-source.ts';
import { RemovalNote } from '../media-figure/removal-note.tsx';
import { shownName } from '../media-figure/shown-name.ts';
import { createFocusReturn } from '../parts/focus-return.ts';
import { formatTime } from '../parts/format.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { createStep } from '../parts/way-back.ts';
import type { Gallery } from './gallery.ts';
import { SlideView } from './slide-view.tsx';
import { makeTouch } from './touch.ts';
import { WORDS } from './words.ts';
import { bounded, type View, WHOLE, zoomed } from './zoom-geometry.ts';
import './viewer.css';

/** Pixels between two slides, and those of a step of a zoomed picture. */
const GAP = 24;
const STEP = 60;
/** Slides before an end at which more are fetched. */
const NEAR = 3;
const CENTRE = { x: 0, y: 0 };

/**
 * Pictures and videos full screen, one of a row: swipe, arrow keys and buttons go on; pinch, wheel, double tap and keys
 * zoom; Escape, a swipe down and the browser's way back close, and the focus goes back to what was pressed.
 */
export function Viewer(props: {
	gallery: Gallery;
	library: MediaLibrary;
	/** the key of what was pressed */
	start: string;
	onShow?: ((key: string) => void) | undefined;
	onClose: () => void;
}) {
	let dialog!: HTMLDialogElement;
	let stage!: HTMLDivElement;
	// A video behind it would be heard twice.
	for (const video of document.querySelectorAll('video')) video.pause();
	const [key, setKey] = createSignal(props.start);
	const [view, setView] = createSignal(WHOLE);
	const [drag, setDrag] = createSignal(CENTRE);
	const [settles, setSettles] = createSignal(false);
	/** somebody pressed on what is shown: a video may play at once */
	const [isPressed, setPressed] = createSignal(true);
	/** keys of what was removed here */
	const [gone, setGone] = createSignal<readonly string[]>([]);
	const slides = createMemo(() =>
		props.gallery.slides().filter((slide) => !gone().includes(slide.key)),
	);
	const index = createMemo(() => slides().findIndex((slide) => slide.key === key()));
	const has = () => ({ before: index() > 0, after: index() < slides().length - 1 });
	const around = () => slides().slice(Math.max(0, index() - 1), index() + 2);
	const shown = createMemo(mapArray(around, (slide) => ({ slide, ...slide.open() })));
	const current = () => shown().find(({ slide }) => slide.key === key());
	const item = () => current()?.item();
	const name = () => ((found) => (found ? shownName(found) : ''))(item());

	const settle = () => {
		// It moves from where it is drawn now.
		stage.getBoundingClientRect();
		batch(() => {
			setSettles(true);
			setDrag(CENTRE);
		});
	};
	const go = (step: 1 | -1) => {
		const next = slides()[index() + step];
		if (next === undefined) return settle();
		batch(() => {
			setKey(next.key);
			setView(WHOLE);
			setPressed(false);
			setSettles(false);
			setDrag(({ x }) => ({ x: x + step * (stage.clientWidth + GAP), y: 0 }));
		});
		settle();
	};
	const frame = () => ({ width: stage.clientWidth, height: stage.clientHeight });
	const picture = () => stage.querySelector<HTMLImageElement>('.current .viewer-picture');
	const look = (next: View) => {
		const { naturalWidth: width = 0, naturalHeight: height = 0 } = picture() ?? {};
		if (width > 0) setView(bounded(next, { width, height }, frame()));
	};
	const zoomBy = (factor: number, at = CENTRE) => {
		setSettles(true);
		look(zoomed(view(), factor, at));
	};
	const close = () => dialog.close();
	const removeShown = (id: string) => {
		const removed = key();
		// The button goes with what it removes.
		dialog.focus();
		batch(() => {
			setGone((keys) => [...keys, removed]);
			props.library.removing.removeSoon(id);
			setView(WHOLE);
			setPressed(false);
		});
	};
	const bringBack = () => {
		const back = gone().at(-1);
		dialog.focus();
		setGone([]);
		if (slides().some((slide) => slide.key === back)) setKey(back ?? key());
	};
	let isGone = false;
	const leave = () => {
		if (!isGone) props.onClose();
	};
	const touch = makeTouch({
		frame,
		has,
		view,
		look(to) {
			setSettles(false);
			look(to);
		},
		drag(to) {
			batch(() => {
				setSettles(false);
				setDrag(to);
			});
		},
		end(what) {
			if (what === 'close') close();
			else if (what === 'stay') settle();
			else go(what === 'before' ? -1 : 1);
		},
		doubleTap: (at) => zoomBy(view().scale > 1 ? 0 : 2.5, at),
	});
	const pan = (x: number, y: number) => {
		const { scale, ...at } = view();
		if (scale > 1) look({ scale, x: at.x + x, y: at.y + y });
		else if (x !== 0) go(x > 0 ? -1 : 1);
	};
	const KEYS: Record<string, () => void> = {
		'+': () => zoomBy(1.5),
		'=': () => zoomBy(1.5),
		'-': () => zoomBy(1 / 1.5),
		'0': () => setView(WHOLE),
		ArrowLeft: () => pan(STEP, 0),
		ArrowRight: () => pan(-STEP, 0),
		ArrowUp: () => pan(0, STEP),
		ArrowDown: () => pan(0, -STEP),
	};
	const onKey = (event: KeyboardEvent) => {
		const work = KEYS[event.key];
		const isOfVideo = event.target instanceof HTMLVideoElement;
		if (!work || isOfVideo || event.ctrlKey || event.metaKey || event.altKey) return;
		event.preventDefault();
		work();
	};
	const onWheel = (event: WheelEvent) => {
		event.preventDefault();
		zoomBy(Math.exp(-event.deltaY / 400), touch.pointOf(event));
	};

	let last = 0;
	createEffect(() => {
		const now = index();
		const count = slides().length;
		if (now < 0) {
			// It was removed: another takes its place.
			const next = slides()[Math.min(last, count - 1)];
			if (next !== undefined) setKey(next.key);
			else if (props.gallery.isWhole()) close();
			return;
		}
		last = now;
		if (now < NEAR) untrack(() => props.gallery.more('before'));
		if (now >= count - NEAR) untrack(() => props.gallery.more('after'));
	});
	onMount(() => {
		createFocusReturn(() => {
			isGone = true;
			dialog.close();
		});
		// A press on the picture leaves the focus within, and none of the buttons is the first.
		dialog.tabIndex = -1;
		dialog.showModal();
		dialog.focus();
		createStep('viewer', leave);
		const ends = new AbortController();
		const { signal } = ends;
		addEventListener('resize', () => setView(WHOLE), { signal });
		// On the document: what had the focus may be gone with its slide.
		document.addEventListener('keydown', onKey, { signal });
		onCleanup(() => ends.abort());
	});

	const button = (
		icon: IconName,
		label: string,
		testid: string,
		work: () => unknown,
		isThere = () => true,
	) => (
		<button
			type="button"
			class="icon-button"
			data-testid={testid}
			aria-label={label}
			aria-disabled={!isThere()}
			title={label}
			onClick={() => void work()}
		>
			<Icon name={icon} size={24} />
		</button>
	);
	return (
		<dialog
			ref={dialog}
			class="viewer"
			data-testid="viewer"
			aria-label={WORDS.title(name())}
			style={{ '--fade': `${Math.max(0.3, 1 - drag().y / 500)}` }}
			onClose={leave}
			onPointerDown={touch.down}
			onPointerMove={touch.move}
			onPointerUp={touch.up}
			onPointerCancel={touch.cancel}
			on:click={{ capture: true, handleEvent: touch.click }}
			onWheel={onWheel}
		>
			<div
				ref={stage}
				class="viewer-stage"
				classList={{ settles: settles() }}
				style={{ transform: `translate(${drag().x}px, ${drag().y}px)` }}
			>
				<For each={shown()}>
					{(each) => (
						<SlideView
							slide={each.slide}
							item={each.item()}
							library={props.library}
							at={`calc(${slides().indexOf(each.slide) - index()} * (100% + ${GAP}px))`}
							view={each === current() ? view() : undefined}
							isPressed={isPressed()}
							onLoad={each.load}
						/>
					)}
				</For>
			</div>
			<div class="viewer-ways">
				{button(
					'back',
					WORDS.previous,
					'viewer-previous',
					() => go(-1),
					() => has().before,
				)}
				{button(
					'back',
					WORDS.next,
					'viewer-next',
					() => go(1),
					() => has().after,
				)}
			</div>
			<header class="viewer-bar">
				<div class="viewer-title">
					<bdi class="viewer-from">{current()?.slide.from}</bdi>
					<span class="viewer-facts">
						{formatTime(current()?.slide.time ?? 0)}
						<Show when={name()}>
							{' · '}
							<bdi>{name()}</bdi>
						</Show>
					</span>
				</div>
				<Show when={props.onShow}>
					{(onShow) =>
						button('conversation', WORDS.show, 'viewer-show', () => {
							const [show, shown] = [onShow(), key()];
							leave();
							show(shown);
						})
					}
				</Show>
				<Show when={item()} keyed>
					{(found) => (
						<>
							<Show when={!isHidden(found)}>
								{button('save', WORDS.save, 'viewer-save', () =>
									props.library.saving.save(found.id),
								)}
							</Show>
							{button('remove', WORDS.remove, 'viewer-remove', () => removeShown(found.id))}
						</>
					)}
				</Show>
				{button('cancel', WORDS.close, 'viewer-close', close)}
			</header>
			<RemovalNote library={props.library} onUndone={bringBack} />
			<p class="viewer-count" role="status" data-testid="viewer-count">
				{props.gallery.isWhole() ? WORDS.place(index() + 1, slides().length) : ''}
			</p>
		</dialog>
	);
}
