import { createSignal, onCleanup, onMount } from 'solid-js';
import { Icon } from '../icons/icon.tsx';
import './viewer.css';

const MAX_ZOOM = 6;

/** A picture full screen: zoom by click, keys, wheel and pinch; Escape closes, and the focus goes back. */
export function Viewer(props: { src: string; name: string; onClose: () => void }) {
	let dialog!: HTMLDialogElement;
	const [zoom, setZoom] = createSignal(1);
	const [offset, setOffset] = createSignal({ x: 0, y: 0 });
	const pointers = new Map<number, { x: number; y: number }>();
	let spread = 0;
	let moved = false;

	const zoomTo = (value: number) => {
		const next = Math.min(MAX_ZOOM, Math.max(1, value));
		setZoom(next);
		if (next === 1) setOffset({ x: 0, y: 0 });
	};
	const onKey = (event: KeyboardEvent) => {
		const step = 60;
		const pan = (x: number, y: number) =>
			zoom() > 1 && setOffset((at) => ({ x: at.x + x, y: at.y + y }));
		if (event.key === '+' || event.key === '=') zoomTo(zoom() * 1.5);
		else if (event.key === '-') zoomTo(zoom() / 1.5);
		else if (event.key === '0') zoomTo(1);
		else if (event.key === 'ArrowLeft') pan(step, 0);
		else if (event.key === 'ArrowRight') pan(-step, 0);
		else if (event.key === 'ArrowUp') pan(0, step);
		else if (event.key === 'ArrowDown') pan(0, -step);
		else return;
		event.preventDefault();
	};
	const distance = () => {
		const [a, b] = [...pointers.values()];
		return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
	};
	const onDown = (event: PointerEvent) => {
		pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
		spread = distance();
		moved = pointers.size > 1;
	};
	const onMove = (event: PointerEvent) => {
		const before = pointers.get(event.pointerId);
		if (before === undefined) return;
		const [x, y] = [event.clientX - before.x, event.clientY - before.y];
		if (Math.hypot(x, y) > 3) moved = true;
		pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
		const now = distance();
		if (spread > 0 && now > 0) {
			zoomTo((zoom() * now) / spread);
			spread = now;
		} else if (zoom() > 1) setOffset((at) => ({ x: at.x + x, y: at.y + y }));
	};
	const onUp = (event: PointerEvent) => {
		pointers.delete(event.pointerId);
		spread = 0;
	};
	onMount(() => {
		const before = document.activeElement;
		dialog.showModal();
		onCleanup(() => before instanceof HTMLElement && before.focus());
	});
	return (
		<dialog
			ref={dialog}
			class="viewer"
			data-testid="viewer"
			aria-label={props.name}
			onClose={() => props.onClose()}
			onKeyDown={onKey}
			onWheel={(event) => zoomTo(zoom() * (event.deltaY < 0 ? 1.15 : 1 / 1.15))}
		>
			<button
				type="button"
				class="viewer-picture"
				aria-label={zoom() > 1 ? 'Zoom out' : 'Zoom in'}
				onClick={() => !moved && zoomTo(zoom() > 1 ? 1 : 2.5)}
				onPointerDown={onDown}
				onPointerMove={onMove}
				onPointerUp={onUp}
				onPointerCancel={onUp}
			>
				<img
					src={props.src}
					alt={props.name}
					draggable={false}
					style={{ transform: `translate(${offset().x}px, ${offset().y}px) scale(${zoom()})` }}
				/>
			</button>
			<div class="viewer-bar">
				<span class="viewer-name">
					<bdi>{props.name}</bdi>
				</span>
				<button type="button" class="icon-button" aria-label="Close" onClick={() => dialog.close()}>
					<Icon name="cancel" size={24} />
				</button>
			</div>
		</dialog>
	);
}
