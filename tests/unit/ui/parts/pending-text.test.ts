import { describe, expect, it } from 'vitest';
import { unreachedBy } from '../../../../src/chat/model/unreached.ts';
import { parseContact } from '../../../../src/core/links/contact-uri.ts';
import { addressMistake, pendingHint, pendingText } from '../../../../src/ui/parts/pending-text.ts';

const YOU = 'you@b.example';
const contact = { jid: YOU, subscription: 'none', isPending: true } as const;

describe('of who has not answered', () => {
	it.each([
		['remote-server-not-found', "Their server can't be reached"],
		['remote-server-timeout', "Their server can't be reached"],
		['not-allowed', "Your server doesn't reach theirs"],
		['forbidden', "Your server doesn't reach theirs"],
		['item-not-found', "This address doesn't exist"],
		['jid-malformed', "This address doesn't exist"],
		// Said of people who are there, too.
		['service-unavailable', 'Invitation pending'],
		['constructor', 'Invitation pending'],
	])('%s is said as: %s', (condition, words) => {
		const why = unreachedBy(condition);
		const known = { contacts: { [YOU]: contact }, unreached: why ? { [YOU]: why } : {} };
		expect(pendingText(known, YOU)).toBe(words);
		expect(pendingHint(known, YOU)).not.toBe('');
	});

	it('nothing is said once they have, or of who was not asked', () => {
		const answered = { ...contact, subscription: 'both', isPending: false } as const;
		for (const contacts of [{ [YOU]: answered }, {}])
			expect(pendingText({ contacts, unreached: { [YOU]: 'no-server' } }, YOU)).toBe('');
	});
});

describe('what was typed as an address', () => {
	it.each([
		['server.org', 'The name is missing: name@server.org'],
		['@server.org', 'The name is missing: name@server.org'],
		['anna', 'The server is missing: anna@server.org'],
		['anna@', 'The server is missing: anna@server.org'],
		['anna smith@server.org', 'An address has no spaces. An address looks like name@server.org.'],
		['anna@home@server.org', 'An address has one @. An address looks like name@server.org.'],
		['anna@server.org/phone', 'Leave out what follows the server: anna@server.org'],
	])('%s: %s', (text, words) => {
		expect(parseContact(text)).toBeUndefined();
		expect(addressMistake(text)).toBe(words);
	});

	it.each(['mailto:anna@server.org', 'https://server.org/anna', 'an"na@server.org'])(
		'of %s nothing more is known',
		(text) => expect(addressMistake(text)).toBeUndefined(),
	);
});
