/** How the recorder was opened and is held open; `let-go`: it was held, and is held no longer. */
export type Hold = 'held' | 'slid-away' | 'let-go' | 'hands-free';

/** A finger, or the mouse, is on the button. */
export function isHeld(hold: Hold | undefined): boolean {
	return hold === 'held' || hold === 'slid-away';
}
