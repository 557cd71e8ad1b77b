/** Mapped to nothing (RFC 3454 table B.1). */
const NOTHING = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200b-\u200d\u2060\ufeff]|[\ufe00-\ufe0f]/g;
/** Spaces other than the one of ASCII (table C.1.2). */
const SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;
/** What no profile allows (tables C.1.2 to C.9): of the spaces only the one of ASCII. */
const FORBIDDEN =
	/[^\S ]|[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\u2ff0-\u2ffb\ufffc\ufffd]|\u0340|\u0341/u;

/*
 * Stringprep (RFC 3454) without its tables of 2002: forms and cases are those of the platform, scripts of both directions
 * may be mixed, and what Unicode has learnt since is allowed. Servers judge the addresses that they let pass.
 */

function prepare(text: string, forbidden?: RegExp): string {
	const prepared = text.replace(NOTHING, '').normalize('NFKC');
	if (FORBIDDEN.test(prepared) || forbidden?.test(prepared)) throw new Error('prohibited');
	return prepared;
}

function fold(text: string): string {
	return text
		.replace(NOTHING, '')
		.normalize('NFKC')
		.toLowerCase()
		.replace(/ß/g, 'ss')
		.replace(/ς/g, 'σ');
}

/** A domain (RFC 3491). Each of these throws for what it prohibits. */
export function nameprep(text = ''): string {
	return prepare(fold(text), / /);
}

/** A localpart (RFC 6122 appendix A). */
export function nodeprep(text = ''): string {
	return prepare(fold(text), /[ "&'/:<>@]/);
}

/** A resource (RFC 6122 appendix B). */
export function resourceprep(text = ''): string {
	return prepare(text);
}

/** A name or a password to sign in with (RFC 4013). */
export function saslprep(text = ''): string {
	return prepare(text.replace(SPACES, ' '));
}
