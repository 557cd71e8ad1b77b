import { cutText } from './cut-text.ts';
import { replaceInvisible } from './visible-text.ts';

/** More marks on one letter than any script needs. */
const STACKED = /(\p{M}{3})\p{M}+/gu;
const MAX_LENGTH = 100;

/** A name as it may be shown: nothing in it reorders, hides or overflows what stands around it. */
export function cleanName(name: string): string {
	const shown = replaceInvisible(name.normalize('NFC'), '').replace(STACKED, '$1');
	return cutText(shown.replace(/\s+/gu, ' ').trim(), MAX_LENGTH);
}
