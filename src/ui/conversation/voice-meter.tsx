import { BARS, Waveform } from '../media-figure/waveform.tsx';
import { formatDuration } from '../parts/format.ts';
import type { VoiceDraft } from './voice-draft.ts';
import './voice-meter.css';

/** Speech is quiet: a quarter of what is possible fills the meter. */
const GAIN = 4;

/** How long, and how loud it is now. */
export function VoiceClock(props: { draft: VoiceDraft }) {
	const loudest = () => loud(props.draft.levels().at(-1));
	return (
		<>
			<span class="voice-dot" style={{ transform: `scale(${1 + loudest()})` }} />
			<span class="voice-clock">{formatDuration(Math.floor(props.draft.seconds()))}</span>
		</>
	);
}

/** How loud it was, the latest at the end. */
export function VoiceLevels(props: { draft: VoiceDraft }) {
	const bars = () => {
		const levels = props.draft.levels();
		const silence = new Array<number>(Math.max(0, BARS - levels.length)).fill(0);
		return [...silence, ...levels.map(loud)];
	};
	return (
		<div class="voice-meter">
			<Waveform levels={bars()} />
		</div>
	);
}

function loud(level = 0): number {
	return Math.min(1, level * GAIN);
}
