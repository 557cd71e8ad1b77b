/** Control, format (bidi, zero-width) and unassigned characters, and what stands in for nothing. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}/gu;
/** More marks on one letter than any script needs. */
const STACKED = /(\p{M}{3})\p{M}+/gu;
const MAX_LENGTH = 100;

/** A name as it may be shown: nothing in it reorders, hides or overflows what stands around it. */
export function cleanName(name: string): string {
	return name
		.normalize('NFC')
		.replace(INVISIBLE, '')
		.replace(STACKED, '$1')
		.replace(/\s+/gu, ' ')
		.trim()
		.slice(0, MAX_LENGTH);
}
