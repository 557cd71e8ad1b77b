import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { domainOf } from '../../core/links/address.ts';
import { WORDS } from './words.ts';

type Known = Pick<MessengerState, 'contacts' | 'unreached'>;

/** In a line, what is known of somebody who was asked to be a contact and has not answered; '' if there is nothing to say. */
export function pendingText({ contacts, unreached }: Known, jid: string): string {
	if (!contacts[jid]?.isPending) return '';
	switch (unreached[jid]) {
		case 'no-address':
			return "This address doesn't exist";
		case 'no-server':
			return "Their server can't be reached";
		case 'not-allowed':
			return "Your server doesn't reach theirs";
		default:
			return 'Invitation pending';
	}
}

/** The same, with what can be done. */
export function pendingHint({ contacts, unreached }: Known, jid: string): string {
	if (!contacts[jid]?.isPending) return '';
	const server = domainOf(jid);
	switch (unreached[jid]) {
		case 'no-address':
			return "This address doesn't exist. Check how it's spelled.";
		case 'no-server':
			return `The server ${server} can't be reached. Check the address, or wait: your request goes out again later.`;
		case 'not-allowed':
			return `Your server doesn't connect to ${server}. Check the address, or ask whoever runs your server.`;
		default:
			return "Invitation pending. Most servers don't say whether an address exists, so check that it's spelled right.";
	}
}

/** The mistake in an address that was typed; undefined if none is found. */
export function addressMistake(text: string): string | undefined {
	const typed = text.trim();
	const example = WORDS.addressShape;
	if (/^[a-z][a-z0-9+.-]*:/i.test(typed)) return undefined;
	if (/\s/.test(typed)) return `An address has no spaces. ${example}`;
	const parts = typed.split('@');
	if (parts.length > 2) return `An address has one @. ${example}`;
	if (parts.length === 1)
		return typed.includes('.')
			? `The name is missing: name@${typed}`
			: `The server is missing: ${typed}@server.org`;
	if (parts[0] === '') return `The name is missing: name${typed}`;
	if (parts[1] === '') return `The server is missing: ${typed}server.org`;
	if (parts[1]?.includes('/')) return `Leave out what follows the server: ${typed.split('/')[0]}`;
	return undefined;
}
