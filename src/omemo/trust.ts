import * as v from 'valibot';
import type { RowSchema } from '../core/row-schema.ts';

/**
 * What is held of one identity key of a contact or of our own other devices. `blind`: trusted because nobody was
 * verified yet; `undecided`: came after that, and waits for a person to decide.
 */
export type Trust = 'blind' | 'verified' | 'undecided' | 'distrusted';

/** What a version to come may write is no trust here, and no reason to forget the key and what was decided of it. */
export const TRUST: RowSchema<Trust> = v.custom<Trust>((value) => typeof value === 'string');

/** Whether messages are encrypted to a device. */
export function isTrusted(trust: Trust): boolean {
	return trust === 'blind' || trust === 'verified';
}

/** Whether a person has judged. */
export function isDecided(trust: Trust): boolean {
	return trust === 'verified' || trust === 'distrusted';
}
