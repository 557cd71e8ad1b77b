const realNow = Date.now;
let ahead = 0;

/** From here on the clock of this process, of all who talk in it, shows what `setClockAhead` says. */
export function installClock(): void {
	Date.now = () => realNow() + ahead;
}

/** Milliseconds that the clock is ahead of the true time. */
export function setClockAhead(milliseconds: number): void {
	ahead = milliseconds;
}

/** Milliseconds since the epoch, whatever the clock shows. */
export function trueTime(): number {
	return realNow();
}
