/** Milliseconds until something is tried again after so many failures in a row: doubled each time, up to `last`. */
export function backoff(failures: number, first: number, last: number): number {
	return Math.min(first * 2 ** Math.max(failures - 1, 0), last);
}
