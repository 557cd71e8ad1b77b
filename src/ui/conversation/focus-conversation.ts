/** Focuses the field of a chat that was just opened, or in which the pressed button is gone. */
export function focusConversation(): void {
	// On a phone the keyboard comes when it is wanted.
	const isTouch = matchMedia('(pointer: coarse)').matches;
	const wanted = isTouch ? '.conversation-who' : '.composer textarea';
	document.querySelector<HTMLElement>(wanted)?.focus();
}
