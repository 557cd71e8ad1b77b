const COMMAND = '/me ';

/** A text that says what its sender does (XEP-0245 section 3), after the name of who does it; undefined for any other. */
export function actionOf(text: string, name: string): string | undefined {
	return text.startsWith(COMMAND) ? `${name} ${text.slice(COMMAND.length)}` : undefined;
}
