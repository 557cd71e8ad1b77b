import { parseAddress } from '../core/links/address.ts';
import { cutText } from '../core/text/cut-text.ts';

/** Somebody in our roster (RFC 6121 section 2). */
export interface Contact {
	/** bare */
	readonly jid: string;
	/** as we named them */
	readonly name?: string;
	/** whether they see us, and we them */
	readonly subscription: 'none' | 'to' | 'from' | 'both';
	/** we have asked, and wait for their answer */
	readonly isPending: boolean;
}

const SUBSCRIPTIONS: readonly unknown[] = ['none', 'to', 'from', 'both'];
const MAX_NAME = 200;

/** Reads roster items; `removed` are the addresses of those that are gone. */
export function readContacts(items: unknown): { contacts: Contact[]; removed: string[] } {
	const contacts: Contact[] = [];
	const removed: string[] = [];
	for (const item of Array.isArray(items) ? items : []) {
		if (typeof item !== 'object' || item === null) continue;
		const { jid: address, name, subscription, pending } = item as Record<string, unknown>;
		const jid = typeof address === 'string' ? parseAddress(address) : undefined;
		if (jid === undefined) continue;
		if (subscription === 'remove') {
			removed.push(jid);
			continue;
		}
		const named = typeof name === 'string' && name.trim() !== '' ? name.trim() : undefined;
		contacts.push({
			jid,
			subscription: SUBSCRIPTIONS.includes(subscription)
				? (subscription as Contact['subscription'])
				: 'none',
			isPending: pending === 'subscribe',
			...(named === undefined ? {} : { name: cutText(named, MAX_NAME) }),
		});
	}
	return { contacts, removed };
}
