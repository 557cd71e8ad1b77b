/** What counts as loud in a recording that is quiet throughout: its noise is not drawn as if it were speech. */
const QUIET = 0.02;

/**
 * A sound as so many bars, 0 to 1: the root mean square of each part, against the loudest part. Samples are from -1
 * to 1, or loudness measured at equal distances.
 */
export function waveform(samples: ArrayLike<number>, bars: number): number[] {
	const levels = Array.from({ length: bars }, (_, bar) => {
		const start = Math.floor((bar * samples.length) / bars);
		// Of fewer samples than bars, each is drawn more than once.
		const end = Math.max(start + 1, Math.floor(((bar + 1) * samples.length) / bars));
		return loudness(samples, start, end);
	});
	const loudest = Math.max(QUIET, ...levels);
	return levels.map((level) => level / loudest);
}

/** The root mean square of some samples, 0 to 1; what is no number counts as silence. */
export function loudness(samples: ArrayLike<number>, start = 0, end = samples.length): number {
	let sum = 0;
	for (let i = start; i < end; i++) sum += (samples[i] ?? 0) ** 2 || 0;
	return Math.min(1, Math.sqrt(sum / Math.max(1, end - start)));
}
