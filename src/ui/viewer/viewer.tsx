import {
	batch,
	createEffect,
	createMemo,
	createSignal,
	For,
	mapArray,
	onCleanup,
	onMount,
	untrack,
} from 'solid-js';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { RemovalNote } from '../media-figure/removal-note.tsx';
import { shownName } from '../media-figure/shown-name.ts';
import { createFocusReturn } from '../parts/focus-return.ts';
import { createStep } from '../parts/way-back.ts';
import type { Gallery } from './gallery.ts';
import { SlideView } from './slide-view.tsx';
import { makeTouch } from './touch.ts';
import { ViewerBar } from './viewer-bar.tsx';
import { ViewerButton } from './viewer-button.tsx';
import { makeViewerKeys } from './viewer-keys.ts';
import { createViewerMotion, GAP } from './viewer-motion.ts';
import { WORDS } from './words.ts';
import './viewer.css';

/** Slides before an end at which more are fetched. */
const NEAR = 3;

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
	const motion = createViewerMotion(() => stage);
	const { drag, settle, view, zoomBy } = motion;
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

	const go = (step: 1 | -1) => {
		const next = slides()[index() + step];
		if (next === undefined) return settle();
		batch(() => {
			setKey(next.key);
			setPressed(false);
			motion.goOn(step);
		});
		settle();
	};
	const close = () => dialog.close();
	const removeShown = (id: string) => {
		const removed = key();
		// The button goes with what it removes.
		dialog.focus();
		batch(() => {
			setGone((keys) => [...keys, removed]);
			props.library.removing.removeSoon(id);
			motion.reset();
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
		frame: motion.frame,
		has,
		view,
		look: (to) => motion.look(to, false),
		drag: motion.dragTo,
		end(what) {
			if (what === 'close') close();
			else if (what === 'stay') settle();
			else go(what === 'before' ? -1 : 1);
		},
		doubleTap: (at) => zoomBy(view().scale > 1 ? 0 : 2.5, at),
	});
	const onKey = makeViewerKeys(motion, go);
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
		addEventListener('resize', motion.reset, { signal });
		// On the document: what had the focus may be gone with its slide.
		document.addEventListener('keydown', onKey, { signal });
		onCleanup(() => ends.abort());
	});

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
				classList={{ settles: motion.settles() }}
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
				<ViewerButton
					icon="back"
					label={WORDS.previous}
					testid="viewer-previous"
					isIdle={!has().before}
					onPress={() => go(-1)}
				/>
				<ViewerButton
					icon="back"
					label={WORDS.next}
					testid="viewer-next"
					isIdle={!has().after}
					onPress={() => go(1)}
				/>
			</div>
			<ViewerBar
				slide={current()?.slide}
				item={item()}
				name={name()}
				onShow={
					props.onShow &&
					(() => {
						// Neither is there any more once it has left.
						const [show, shownKey] = [props.onShow, key()];
						leave();
						show?.(shownKey);
					})
				}
				onSave={(id) => props.library.saving.save(id)}
				onRemove={removeShown}
				onClose={close}
			/>
			<RemovalNote library={props.library} onUndone={bringBack} />
			<p class="viewer-count" role="status" data-testid="viewer-count">
				{props.gallery.isWhole() ? WORDS.place(index() + 1, slides().length) : ''}
			</p>
		</dialog>
	);
}
