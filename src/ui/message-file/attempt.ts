import { createContext } from 'solid-js';
import { readFailure } from '../../chat/files/upload-failure.ts';
import { FAILED_WORDS } from './words.ts';

/** Waits for what a person has asked for, and says whether it failed; `done` is said if it did not. Never rejects. */
export type Attempt = (work: Promise<unknown>, done?: string) => Promise<void>;

/** Of the conversation that is shown. */
export const AttemptContext = createContext<Attempt>(async (work) => {
	await work.catch(() => undefined);
});

/** Why nothing came of what was pressed, for people. */
export function failedText(thrown: unknown): string {
	return readFailure(thrown).error.code === 'storage-full'
		? FAILED_WORDS.storageFull
		: FAILED_WORDS.other;
}
