import { type Accessor, createSignal, onCleanup } from 'solid-js';
import { type Attempt, failedText } from '../message-file/attempt.ts';

/** Milliseconds that a word about what was done stands there. */
const DONE_TIME = 2500;
/** The same for a word about what failed. */
const FAILED_TIME = 6000;

/** A word about what was just done, or did not work, which goes away by itself. */
export function createDone(): {
	readonly done: Accessor<string>;
	tell(word: string): void;
	readonly attempt: Attempt;
} {
	const [done, setDone] = createSignal('');
	let timer: ReturnType<typeof setTimeout> | undefined;
	const tell = (word: string, time = DONE_TIME) => {
		clearTimeout(timer);
		setDone(word);
		timer = setTimeout(() => setDone(''), time);
	};
	onCleanup(() => clearTimeout(timer));
	return {
		done,
		tell,
		attempt: async (work, word) => {
			try {
				await work;
				if (word !== undefined) tell(word);
			} catch (thrown) {
				tell(failedText(thrown), FAILED_TIME);
			}
		},
	};
}
