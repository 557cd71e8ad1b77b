import { createSignal } from 'solid-js';
import type { Recording, VoiceMessage } from '../../chat/files/record-voice.ts';
import { asRecorderError, type RecorderErrorCode } from '../../chat/files/recorder-error.ts';
import { loadOnce } from '../../core/async/load-once.ts';
import { pauseOthers } from '../media-figure/pause-others.ts';
import { BARS } from '../media-figure/waveform.tsx';

/** How far a voice message has come: the microphone is asked for, it is recorded, it waits to be heard, or it failed. */
export type VoicePhase =
	| { readonly step: 'asking' }
	| { readonly step: 'recording' }
	| { readonly step: 'review'; readonly voice: VoiceMessage; readonly src: string }
	| { readonly step: 'failed'; readonly code: RecorderErrorCode | 'not-loaded' };

export const loadRecorder = loadOnce(() => import('./recorder.ts'));

/** A voice message before it is sent, in one conversation. */
export interface VoiceDraft {
	/** undefined while there is none */
	phase(): VoicePhase | undefined;
	/** the latest, 0 to 1, as many as are drawn */
	levels(): readonly number[];
	/** recorded so far */
	seconds(): number;
	/** Begins anew: what there was is gone. */
	record(): void;
	/** Ends what is being recorded, to be heard. */
	stop(): void;
	/** Ends what is being recorded, as one goes elsewhere: the microphone is free at once, what was recorded stays. */
	leave(): void;
	/** Throws away what there is; the microphone is free at once. */
	discard(): void;
	/** Gives out the recording, to be sent; the draft is empty then. */
	take(): File | undefined;
}

export function makeVoiceDraft(): VoiceDraft {
	const [phase, setPhase] = createSignal<VoicePhase>();
	const [levels, setLevels] = createSignal<readonly number[]>([]);
	const [seconds, setSeconds] = createSignal(0);
	/** what was begun or thrown away meanwhile makes an older answer void */
	let round = 0;
	let recording: Recording | undefined;
	let hasLeft = false;

	const discard = () => {
		round += 1;
		recording?.cancel();
		recording = undefined;
		const before = phase();
		if (before?.step === 'review') URL.revokeObjectURL(before.src);
		setPhase(undefined);
	};
	const record = async () => {
		discard();
		const own = round;
		setLevels([]);
		setSeconds(0);
		hasLeft = false;
		setPhase({ step: 'asking' });
		pauseOthers();
		try {
			const code = await loadRecorder().catch(() => undefined);
			if (own !== round) return;
			if (code === undefined) return setPhase({ step: 'failed', code: 'not-loaded' });
			const begun = await code.recordVoice(() => {
				setLevels(begun.levels.slice(-BARS));
				setSeconds(begun.elapsed());
			});
			if (own !== round) return begun.cancel();
			recording = begun;
			setPhase({ step: 'recording' });
			const voice = await begun.ended;
			if (own === round) setPhase({ step: 'review', voice, src: URL.createObjectURL(voice.file) });
		} catch (thrown) {
			if (own !== round) return;
			// The person has left before anything was recorded: no error is shown.
			setPhase(hasLeft ? undefined : { step: 'failed', code: asRecorderError(thrown).code });
		}
	};
	return {
		phase,
		levels,
		seconds,
		record: () => void record(),
		stop: () => recording?.stop(),
		leave() {
			hasLeft = true;
			const step = phase()?.step;
			if (step === 'recording') recording?.leave();
			else if (step !== 'review') discard();
		},
		discard,
		take() {
			const before = phase();
			discard();
			return before?.step === 'review' ? before.voice.file : undefined;
		},
	};
}
