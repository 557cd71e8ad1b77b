import { createContext } from 'solid-js';
import { readFailure } from '../../chat/files/upload-failure.ts';

/** What a person has pressed: where it fails, a word says so. `done` is said where it does not. Never rejects. */
export type Attempt = (work: Promise<unknown>, done?: string) => Promise<void>;

/** Of the conversation that is shown. */
export const AttemptContext = createContext<Attempt>(async (work) => {
	await work.catch(() => undefined);
});

/** Why nothing came of what was pressed, for people. */
export function failedText(thrown: unknown): string {
	return readFailure(thrown).error.code === 'storage-full'
		? "There's no room on this device for that."
		: "That didn't work. Try again.";
}
