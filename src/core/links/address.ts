/** Longest address, in characters: 1023 octets each for the parts of it (RFC 7622 section 3). */
const MAX_LENGTH = 1023;
/** Characters that no localpart may contain (RFC 7622 section 3.3.1), nor a domain. */
const FORBIDDEN = /[\s"&'/:<>@\p{C}]/u;

/**
 * A bare address (RFC 7622) that a person typed or a stanza names, `local@domain`, in lower case; undefined for anything
 * else. Far stricter than the rules of PRECIS: what this refuses nobody can type.
 */
export function parseAddress(text: string): string | undefined {
	const trimmed = text.trim().normalize('NFC');
	const [local = '', domain = '', ...rest] = trimmed.split('@');
	if (rest.length > 0 || local === '' || trimmed.length > MAX_LENGTH) return undefined;
	if (FORBIDDEN.test(local) || !isDomain(domain)) return undefined;
	return `${local.toLowerCase()}@${domain.toLowerCase()}`;
}

/** The bare form of any address, a domain or a resource included; undefined if it has none. */
export function bareOf(address: string): string | undefined {
	const slash = address.indexOf('/');
	const bare = slash < 0 ? address : address.slice(0, slash);
	return parseAddress(bare) ?? (isDomain(bare) ? bare.toLowerCase() : undefined);
}

export function domainOf(bare: string): string {
	return bare.slice(bare.indexOf('@') + 1);
}

function isDomain(text: string): boolean {
	if (text === '' || text.length > 253 || FORBIDDEN.test(text)) return false;
	return text.split('.').every((label) => label !== '' && label.length <= 63);
}
