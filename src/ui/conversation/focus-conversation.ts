/** What was pressed in it is gone, or it has just been opened: one can go on writing. */
export function focusConversation(): void {
	// On a phone the keyboard comes when it is wanted.
	const isTouch = matchMedia('(pointer: coarse)').matches;
	const wanted = isTouch ? '.conversation-who' : '.composer textarea';
	document.querySelector<HTMLElement>(wanted)?.focus();
}
