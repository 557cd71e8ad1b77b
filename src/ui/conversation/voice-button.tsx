import { createSignal, onCleanup, Show } from 'solid-js';
import { Icon } from '../parts/icon.tsx';
import { type Hold, isHeld } from './hold.ts';
import { VoiceRecorder } from './later-parts.ts';
import type { VoiceDraft } from './voice-draft.ts';
import { VOICE_WORDS } from './words.ts';
import './voice-button.css';

/** Milliseconds: a press that is shorter is a tap. */
const TAP = 400;
/** Pixels: a finger that slides further cancels the recording. */
const AWAY = 80;

/**
 * Records a voice message: tapped, until it is stopped; held, until it is let go. While there is a draft it takes all of
 * its row, where the button stays at the end: whoever renders it hides the field then. What is being recorded ends where
 * this does, and waits in its draft.
 */
export function VoiceButton(props: {
	draft: VoiceDraft;
	/** Somebody has listened, or not, and wants it to be sent. It is closed by then. */
	onDone: (file: File) => void;
}) {
	let button: HTMLButtonElement | undefined;
	let start = { x: 0, y: 0, time: 0 };
	const [hold, setHold] = createSignal<Hold>('hands-free');
	const isOpen = () => props.draft.phase() !== undefined;
	const held = () => isHeld(hold());
	onCleanup(() => props.draft.leave());
	const open = (how: Hold) => {
		// First how: the button must not go from under a finger.
		setHold(how);
		props.draft.record();
	};
	const close = () => {
		setHold('hands-free');
		props.draft.discard();
		button?.focus();
	};
	const onPointerDown = (event: PointerEvent) => {
		if (event.button !== 0 || isOpen()) return;
		button?.setPointerCapture(event.pointerId);
		start = { x: event.clientX, y: event.clientY, time: event.timeStamp };
		open('held');
	};
	const onPointerMove = (event: PointerEvent) => {
		if (!held()) return;
		const distance = Math.hypot(event.clientX - start.x, event.clientY - start.y);
		setHold(distance > AWAY ? 'slid-away' : 'held');
	};
	const onPointerUp = (event: PointerEvent) => {
		if (hold() === 'slid-away') return close();
		if (!held()) return;
		const isTap = event.timeStamp - start.time < TAP;
		setHold(isTap ? 'hands-free' : 'let-go');
		// A finger that lets go while the browser still asks leaves the recording hands-free.
		if (!isTap) props.draft.stop();
	};
	return (
		<>
			<Show when={isOpen()}>
				<VoiceRecorder
					draft={props.draft}
					hold={hold()}
					onSend={() => {
						const file = props.draft.take();
						close();
						if (file !== undefined) props.onDone(file);
					}}
					onDiscard={close}
					onGiveUp={close}
				/>
			</Show>
			<Show when={!isOpen() || held()}>
				<button
					ref={button}
					type="button"
					class="button link-open voice-button"
					classList={{ held: held() }}
					data-testid="record-voice"
					aria-label={VOICE_WORDS.record}
					title={VOICE_WORDS.recordHint}
					onPointerDown={onPointerDown}
					onPointerMove={onPointerMove}
					onPointerUp={onPointerUp}
					// The browser asks something, or wants the finger for itself.
					onPointerCancel={() => held() && setHold('hands-free')}
					onClick={(event) => {
						// By a key, or by what reads the screen: what a pointer does is seen above.
						if (event.detail === 0 && !isOpen()) open('hands-free');
					}}
					onContextMenu={(event) => event.preventDefault()}
				>
					<Icon name="microphone" size={22} />
				</button>
			</Show>
		</>
	);
}
