import { Match, onCleanup, onMount, Show, Switch } from 'solid-js';
import { waveform } from '../../core/formats/sound/waveform.ts';
import { VoicePlayer } from '../media-figure/voice-player.tsx';
import { BARS } from '../media-figure/waveform.tsx';
import { focusSoon } from '../parts/focus-soon.ts';
import { spokenDuration } from '../parts/format.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { WORDS as PARTS } from '../parts/words.ts';
import { type Hold, isHeld } from './hold.ts';
import { RECORDER_ERRORS, RECORDING_ENDS } from './recorder-words.ts';
import type { VoiceDraft, VoicePhase } from './voice-draft.ts';
import { VoiceClock, VoiceLevels } from './voice-meter.tsx';
import { VOICE_WORDS } from './words.ts';
import './voice-recorder.css';

type Step = VoicePhase['step'];

/** The row of a voice message that is recorded, heard and sent; Escape throws away what is no more than begun. */
export function VoiceRecorder(props: {
	draft: VoiceDraft;
	hold: Hold;
	onSend: () => void;
	onDiscard: () => void;
}) {
	const at = <S extends Step>(step: S) => {
		const now = props.draft.phase();
		return now?.step === step ? (now as Extract<VoicePhase, { step: S }>) : undefined;
	};
	let row!: HTMLDivElement;
	let isShown = false;
	const held = () => isHeld(props.hold);
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.key !== 'Escape' || document.querySelector('dialog[open]') !== null) return;
		// A recording that is kept stays: the key leads back to the list then.
		if (at('review')) return;
		event.preventDefault();
		props.onDiscard();
	};
	onMount(() => {
		document.addEventListener('keydown', onKeyDown, { capture: true });
		isShown = true;
		// It waited here. To hear it comes first: who opens a conversation with a key must not send with it.
		const play = row.querySelector<HTMLElement>('[data-testid=voice-play]');
		if (play !== null && !matchMedia('(pointer: coarse)').matches) focusSoon(play);
	});
	onCleanup(() => document.removeEventListener('keydown', onKeyDown, { capture: true }));
	const why = () => RECORDING_ENDS[at('review')?.voice.end ?? 'asked'];
	const said = () => {
		const voice = at('review')?.voice;
		if (voice !== undefined)
			return `${VOICE_WORDS.recorded(spokenDuration(voice.seconds))} ${why()}`;
		return at('recording') && VOICE_WORDS.recording;
	};
	const note = () => {
		const failed = at('failed');
		if (failed !== undefined) return RECORDER_ERRORS[failed.code];
		if (props.hold === 'slid-away') return VOICE_WORDS.releaseToDelete;
		return at('recording') ? VOICE_WORDS.slideToCancel : VOICE_WORDS.asking;
	};
	/** what the button at the end of the row does; undefined while there is none */
	const next = () => {
		const now = props.draft.phase();
		if (now === undefined || held() || at('failed')?.code === 'unsupported') return undefined;
		return NEXT[now.step];
	};
	const go = () => {
		if (at('review')) props.onSend();
		else if (at('recording')) props.draft.stop();
		else props.draft.record();
	};
	return (
		// biome-ignore lint/a11y/useSemanticElements: a fieldset's frame and legend say nothing here
		<div
			ref={row}
			class="voice-recorder"
			role="group"
			aria-label={VOICE_WORDS.title}
			data-testid="voice-recorder"
			data-step={props.draft.phase()?.step}
		>
			<span class="visually-hidden" aria-live="polite">
				{said()}
			</span>
			<Show when={!held()}>
				<button
					ref={(button) => at('asking') && focusSoon(button)}
					type="button"
					class="icon-button"
					data-testid="discard-voice"
					aria-label={at('failed') ? PARTS.close : VOICE_WORDS.delete}
					onClick={() => props.onDiscard()}
				>
					<Icon name={at('failed') ? 'cancel' : 'remove'} size={22} />
				</button>
			</Show>
			<Show when={at('recording')}>
				<VoiceClock draft={props.draft} />
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
				<Match when={at('recording') && !held()}>
					<VoiceLevels draft={props.draft} />
				</Match>
				<Match when={at('review')}>
					{(now) => (
						<div class="voice-review">
							<VoicePlayer
								src={now().src}
								isNear
								name={VOICE_WORDS.player}
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
						ref={(button) => isShown && focusSoon(button)}
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
const NEXT: Partial<Record<Step, Action>> = {
	recording: { id: 'stop-voice', icon: 'stop', label: VOICE_WORDS.stop },
	review: { id: 'send-voice', icon: 'open', label: VOICE_WORDS.send },
	failed: { id: 'retry-voice', icon: 'retry', label: PARTS.retry },
};
