/** How many bars a sound is drawn with. */
export const BARS = 48;

/** The bars of a sound, 0 to 1 each; as many dots where nothing is known of it. */
export function Waveform(props: { levels: readonly number[]; class?: string | undefined }) {
	const path = () =>
		Array.from({ length: BARS }, (_, bar) => {
			const half = 1 + 47 * Math.min(1, props.levels[bar] ?? 0);
			return `M${2 * bar + 1} ${50 - half}v${2 * half}`;
		}).join('');
	return (
		<svg
			class={`waveform ${props.class ?? ''}`}
			viewBox={`0 0 ${2 * BARS} 100`}
			preserveAspectRatio="none"
			aria-hidden="true"
		>
			<path d={path()} />
		</svg>
	);
}
