/** The first field of the sign-in screen that is still to be filled in, if it is shown. */
export function emptyField(): HTMLInputElement | undefined {
	const fields = document.querySelectorAll<HTMLInputElement>('.sign-in .field > input');
	return [...fields].find(({ value }) => value === '');
}
