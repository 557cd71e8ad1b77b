import { OTHER_PROBLEM, OTHER_WAITING, PROBLEMS, STILL_SENDING, WAITING } from './words.ts';

/** Why a message cannot be read, or was not sent, for people. */
export function problemText(problem: string): string {
	// Rows of older versions have a name here that the sender gave.
	const known = problem.startsWith('foreign:') ? 'unreadable:unknown-encryption' : problem;
	return textOf(PROBLEMS, known) ?? OTHER_PROBLEM;
}

/** Why a message still waits, for people. `condition`: of what was tried last, if anything was. */
export function waitingText(condition: string | undefined): string {
	return condition === undefined ? STILL_SENDING : (textOf(WAITING, condition) ?? OTHER_WAITING);
}

/** A server chooses the condition: it may be `constructor`. */
function textOf(texts: Readonly<Record<string, string>>, condition: string): string | undefined {
	return Object.hasOwn(texts, condition) ? texts[condition] : undefined;
}
