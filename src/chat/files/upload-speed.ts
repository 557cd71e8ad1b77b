import { isWithin } from '../../core/clock.ts';

/** Milliseconds over which it is told. */
const TIME = 4000;

/** Bytes a second over the last few seconds, from how many were sent in all; undefined while that says nothing yet. */
export function createUploadSpeed(now: () => number): (sent: number) => number | undefined {
	let samples: { readonly at: number; readonly sent: number }[] = [];
	return (sent) => {
		const at = now();
		samples = [...samples.filter((sample) => isWithin(sample.at, TIME, at)), { at, sent }];
		const [first] = samples;
		if (first === undefined || at - first.at < TIME / 4) return undefined;
		return ((sent - first.sent) / (at - first.at)) * 1000;
	};
}
