import { isFocusLost } from '../parts/focus-return.ts';
import { emptyField } from '../sign-in/empty-field.ts';

/** Gives the focus to where one goes on in a screen that has just come: a field that is to be filled in, else its title. */
export function focusScreen(name: 'links' | 'chat' | 'sign-in'): void {
	if (!isFocusLost()) return;
	// On a phone the keyboard comes when it is wanted.
	const isTouch = matchMedia('(pointer: coarse)').matches;
	const field = emptyField();
	if (name === 'sign-in' && field !== undefined && !isTouch) {
		field.focus();
		return;
	}
	const title = document.querySelector<HTMLElement>('h1');
	if (title === null) return;
	title.tabIndex = -1;
	title.focus();
}
