import { createSignal, Show } from 'solid-js';
import { Icon } from '../icons/icon.tsx';
import { VoiceRecorder } from './voice-recorder.tsx';
import './voice-button.css';

/** How the recorder was opened and is held open; `let-go`: it was held, and is held no longer. */
export type Hold = 'held' | 'slid-away' | 'let-go' | 'hands-free';

/** Milliseconds: whoever lets go earlier has tapped. */
const TAP = 400;
/** Pixels: whoever slides further does not want it. */
const AWAY = 80;

/**
 * Records a voice message: tapped, until it is stopped; held, until it is let go. While it is open it takes all of its
 * row, where the button stays at the end: whoever renders it hides the field then, see `onOpen`.
 */
export function VoiceButton(props: {
	/** Somebody has listened, or not, and wants it to be sent. It is closed by then. */
	onDone: (file: File) => void;
	/** It takes the row, or gives it back. */
	onOpen?: (isOpen: boolean) => void;
}) {
	let button: HTMLButtonElement | undefined;
	let start = { x: 0, y: 0, time: 0 };
	const [hold, setHold] = createSignal<Hold>();
	const isHeld = () => hold() === 'held' || hold() === 'slid-away';
	const open = (how: Hold) => {
		setHold(how);
		props.onOpen?.(true);
	};
	const close = () => {
		setHold(undefined);
		props.onOpen?.(false);
		button?.focus();
	};
	const onPointerDown = (event: PointerEvent) => {
		if (event.button !== 0 || hold() !== undefined) return;
		button?.setPointerCapture(event.pointerId);
		start = { x: event.clientX, y: event.clientY, time: event.timeStamp };
		open('held');
	};
	const onPointerMove = (event: PointerEvent) => {
		if (!isHeld()) return;
		const distance = Math.hypot(event.clientX - start.x, event.clientY - start.y);
		setHold(distance > AWAY ? 'slid-away' : 'held');
	};
	const onPointerUp = (event: PointerEvent) => {
		if (hold() === 'slid-away') return close();
		if (isHeld()) setHold(event.timeStamp - start.time < TAP ? 'hands-free' : 'let-go');
	};
	return (
		<>
			<Show when={hold() !== undefined}>
				<VoiceRecorder
					hold={hold() ?? 'hands-free'}
					onDone={(file) => {
						close();
						props.onDone(file);
					}}
					onClose={close}
				/>
			</Show>
			<Show when={hold() === undefined || isHeld()}>
				<button
					ref={button}
					type="button"
					class="button link-open voice-button"
					classList={{ held: isHeld() }}
					data-testid="record-voice"
					aria-label="Record a voice message"
					title="Tap, or hold, to record a voice message"
					onPointerDown={onPointerDown}
					onPointerMove={onPointerMove}
					onPointerUp={onPointerUp}
					// The browser asks something, or wants the finger for itself.
					onPointerCancel={() => isHeld() && setHold('hands-free')}
					onClick={(event) => {
						// By a key, or by what reads the screen: what a pointer does is seen above.
						if (event.detail === 0 && hold() === undefined) open('hands-free');
					}}
					onContextMenu={(event) => event.preventDefault()}
				>
					<Icon name="microphone" size={22} />
				</button>
			</Show>
		</>
	);
}
