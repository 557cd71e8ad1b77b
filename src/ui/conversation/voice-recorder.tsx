import { createEffect, createSignal, Match, on, onCleanup, onMount, Show, Switch } from 'solid-js';
import { asRecorderError, type RecorderErrorCode } from '../../chat/recorder-error.ts';
import { type Recording, recordVoice, type VoiceMessage } from '../../chat/voice-recorder.ts';
import { waveform } from '../../core/waveform.ts';
import { focusSoon } from '../dialog/focus-soon.ts';
import { formatDuration, spokenDuration } from '../format.ts';
import { Icon, type IconName } from '../icons/icon.tsx';
import { pauseOthers } from '../media-figure/pause-others.ts';
import { VoicePlayer } from '../media-figure/voice-player.tsx';
import { BARS, Waveform } from '../media-figure/waveform.tsx';
import { RECORDER_ERRORS, RECORDING_ENDS } from './recorder-text.ts';
import type { Hold } from './voice-button.tsx';
import './voice-recorder.css';

type Phase =
	| { readonly step: 'asking' }
	| { readonly step: 'recording' }
	| { readonly step: 'review'; readonly voice: VoiceMessage; readonly src: string }
	| { readonly step: 'failed'; readonly code: RecorderErrorCode };

/** Speech is quiet: a quarter of what is possible fills the meter. */
const GAIN = 4;

/** Records at once, lets one listen, and hands over a file; Escape throws it away. */
export function VoiceRecorder(props: {
	hold?: Hold;
	onDone: (file: File) => void;
	onClose: () => void;
}) {
	const [phase, setPhase] = createSignal<Phase>({ step: 'asking' });
	const [levels, setLevels] = createSignal<readonly number[]>([]);
	const [seconds, setSeconds] = createSignal(0);
	let recording: Recording | undefined;
	let isOver = false;
	const at = <S extends Phase['step']>(step: S) => {
		const now = phase();
		return now.step === step ? (now as Extract<Phase, { step: S }>) : undefined;
	};
	const isHeld = () => props.hold === 'held' || props.hold === 'slid-away';

	const record = async () => {
		setPhase({ step: 'asking' });
		pauseOthers();
		try {
			recording = await recordVoice(() => {
				setLevels((recording?.levels ?? []).slice(-BARS));
				setSeconds(recording?.elapsed() ?? 0);
			});
			// Meanwhile it may have been closed.
			if (isOver) return recording.cancel();
			setPhase({ step: 'recording' });
			const voice = await recording.ended;
			if (!isOver) setPhase({ step: 'review', voice, src: URL.createObjectURL(voice.file) });
		} catch (thrown) {
			if (!isOver) setPhase({ step: 'failed', code: asRecorderError(thrown).code });
		}
	};
	// Whoever let go while the browser was still asking goes on with free hands.
	createEffect(
		on(
			() => props.hold,
			(hold) => {
				if (hold === 'let-go') recording?.stop();
			},
		),
	);
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.key !== 'Escape' || document.querySelector('dialog[open]') !== null) return;
		event.preventDefault();
		props.onClose();
	};
	onMount(() => {
		document.addEventListener('keydown', onKeyDown, { capture: true });
		void record();
	});
	createEffect(() => {
		const src = at('review')?.src;
		if (src !== undefined) onCleanup(() => URL.revokeObjectURL(src));
	});
	onCleanup(() => {
		isOver = true;
		recording?.cancel();
		document.removeEventListener('keydown', onKeyDown, { capture: true });
	});
	const why = () => RECORDING_ENDS[at('review')?.voice.end ?? 'asked'];
	const said = () => {
		const voice = at('review')?.voice;
		if (voice !== undefined) return `Recorded ${spokenDuration(voice.seconds)}. ${why()}`;
		return at('recording') && 'Recording';
	};
	const note = () => {
		const failed = at('failed');
		if (failed !== undefined) return RECORDER_ERRORS[failed.code];
		if (props.hold === 'slid-away') return 'Let go to throw it away';
		return at('recording') ? 'Slide away to cancel' : 'Waiting for the microphone…';
	};
	/** what the button at the end of the row does; undefined while there is none */
	const next = () => {
		if (isHeld() || at('failed')?.code === 'unsupported') return undefined;
		return NEXT[phase().step];
	};
	const go = () => {
		const voice = at('review')?.voice;
		if (voice !== undefined) props.onDone(voice.file);
		else if (at('recording')) recording?.stop();
		else void record();
	};
	return (
		// biome-ignore lint/a11y/useSemanticElements: a fieldset's frame and legend say nothing here
		<div
			class="voice-recorder"
			role="group"
			aria-label="Voice message"
			data-testid="voice-recorder"
			data-step={phase().step}
		>
			<span class="visually-hidden" aria-live="polite">
				{said()}
			</span>
			<Show when={!isHeld()}>
				<button
					ref={(button) => at('asking') && focusSoon(button)}
					type="button"
					class="icon-button"
					data-testid="discard-voice"
					aria-label={at('failed') ? 'Close' : 'Throw the voice message away'}
					onClick={() => props.onClose()}
				>
					<Icon name={at('failed') ? 'cancel' : 'remove'} size={22} />
				</button>
			</Show>
			<Show when={at('recording')}>
				<span class="voice-dot" style={{ transform: `scale(${1 + loud(levels().at(-1))})` }} />
				<span class="voice-clock">{formatDuration(Math.floor(seconds()))}</span>
			</Show>
			<Switch
				fallback={
					<p
						class="voice-note"
						classList={{ bad: props.hold === 'slid-away' }}
						aria-live="assertive"
						data-testid="voice-note"
					>
						{note()}
					</p>
				}
			>
				<Match when={at('recording') && !isHeld()}>
					<div class="voice-meter">
						<Waveform levels={meter(levels())} />
					</div>
				</Match>
				<Match when={at('review')}>
					{(now) => (
						<div class="voice-review">
							<VoicePlayer
								src={now().src}
								isNear
								name="voice message"
								levels={waveform(now().voice.levels, BARS)}
							/>
							<p class="voice-why">{why()}</p>
						</div>
					)}
				</Match>
			</Switch>
			<Show when={next()}>
				{(action) => (
					<button
						ref={focusSoon}
						type="button"
						class="button link-open"
						data-testid={action().id}
						aria-label={action().label}
						onClick={go}
					>
						<Icon name={action().icon} size={22} />
					</button>
				)}
			</Show>
		</div>
	);
}

interface Action {
	readonly id: string;
	readonly icon: IconName;
	readonly label: string;
}
const NEXT: Partial<Record<Phase['step'], Action>> = {
	recording: { id: 'stop-voice', icon: 'stop', label: 'Stop recording' },
	review: { id: 'send-voice', icon: 'open', label: 'Send voice message' },
	failed: { id: 'retry-voice', icon: 'retry', label: 'Try again' },
};

/** The latest levels, the last one at the end. */
function meter(levels: readonly number[]): number[] {
	const silence = new Array<number>(Math.max(0, BARS - levels.length)).fill(0);
	return [...silence, ...levels.map(loud)];
}

function loud(level = 0): number {
	return Math.min(1, level * GAIN);
}
