/**
 * Whether `at` lies less than `span` before `now`, all in milliseconds. A time that is yet to come, or none, is never
 * within: it was written while the clock was ahead, and must hold nothing up.
 */
export function isWithin(at: number | undefined, span: number, now: number): boolean {
	return at !== undefined && at <= now && now - at < span;
}

/** A time as it counts for what was used least recently: one that is yet to come says nothing, and stands first. */
export function usedTime(at: number, now: number): number {
	return at <= now ? at : 0;
}
