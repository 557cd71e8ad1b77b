/**
 * Whether `at` lies less than `span` before `now`, all in milliseconds. A time that is yet to come, or none, is never
 * within: it was written while the clock was ahead, and must hold nothing up.
 */
export function isWithin(at: number | undefined, span: number, now: number): boolean {
	return at !== undefined && at <= now && now - at < span;
}
