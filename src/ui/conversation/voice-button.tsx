import { createSignal, onCleanup, Show } from 'solid-js';
import { Icon } from '../icons/icon.tsx';
import { type Hold, isHeld } from './hold.ts';
import { makeVoiceDraft } from './voice-draft.ts';
import { VoiceRecorder } from './voice-recorder.tsx';
import './voice-button.css';

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
	const draft = makeVoiceDraft();
	onCleanup(() => draft.discard());
	const open = (how: Hold) => {
		draft.record();
		setHold(how);
		props.onOpen?.(true);
	};
	const close = () => {
		draft.discard();
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
		if (!isHeld(hold())) return;
		const distance = Math.hypot(event.clientX - start.x, event.clientY - start.y);
		setHold(distance > AWAY ? 'slid-away' : 'held');
	};
	const onPointerUp = (event: PointerEvent) => {
		if (hold() === 'slid-away') return close();
		if (!isHeld(hold())) return;
		const isTap = event.timeStamp - start.time < TAP;
		setHold(isTap ? 'hands-free' : 'let-go');
		// Whoever let go while the browser was still asking goes on with free hands.
		if (!isTap) draft.stop();
	};
	return (
		<>
			<Show when={hold() !== undefined}>
				<VoiceRecorder
					draft={draft}
					hold={hold() ?? 'hands-free'}
					onSend={() => {
						const file = draft.take();
						close();
						if (file !== undefined) props.onDone(file);
					}}
					onDiscard={close}
				/>
			</Show>
			<Show when={hold() === undefined || isHeld(hold())}>
				<button
					ref={button}
					type="button"
					class="button link-open voice-button"
					classList={{ held: isHeld(hold()) }}
					data-testid="record-voice"
					aria-label="Record a voice message"
					title="Tap, or hold, to record a voice message"
					onPointerDown={onPointerDown}
					onPointerMove={onPointerMove}
					onPointerUp={onPointerUp}
					// The browser asks something, or wants the finger for itself.
					onPointerCancel={() => isHeld(hold()) && setHold('hands-free')}
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
