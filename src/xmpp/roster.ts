import { bareOf, parseAddress } from '../core/links/address.ts';
import { cutText } from '../core/text/cut-text.ts';
import type { Line } from './line.ts';
import { fields, present } from './untrusted.ts';

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

/** Our contacts (RFC 6121). Throws XmppError. */
export interface RosterRequests {
	fetch(): Promise<readonly Contact[]>;
	/** Also asks to see when they are there, and lets them see when we are. */
	add(jid: string, name?: string): Promise<void>;
	/** Gives a contact another name, or none. */
	rename(jid: string, name: string): Promise<void>;
	remove(jid: string): Promise<void>;
	/** Lets somebody see when we are there. */
	accept(jid: string): Promise<void>;
	deny(jid: string): Promise<void>;
}

export function rosterRequests({ agent, request }: Line): RosterRequests {
	/** Else a server with versions answers with nothing where nothing has changed, which looks like nobody (section 2.6). */
	function fetchWhole() {
		delete agent.config.rosterVer;
		return request(agent.getRoster());
	}

	return {
		fetch: async () => readContacts((await fetchWhole()).items).contacts,
		async add(jid, name) {
			const item = { jid, subscription: undefined, ...present('name', name) };
			// stanza wants a subscription, which a client must not set (section 2.1.2.5).
			await request(agent.updateRosterItem(item as never));
			agent.subscribe(jid);
			agent.acceptSubscription(jid);
		},
		async rename(jid, name) {
			// The groups that other clients keep would be lost: they are sent back as they are.
			const { items } = await fetchWhole();
			const groups = items.find((item) => item.jid === jid)?.groups;
			const item = { jid, subscription: undefined, name, ...(groups ? { groups } : {}) };
			await request(agent.updateRosterItem(item as never));
		},
		async remove(jid) {
			await request(agent.removeRosterItem(jid));
		},
		async accept(jid) {
			agent.acceptSubscription(jid);
		},
		async deny(jid) {
			agent.denySubscription(jid);
		},
	};
}

/** Tells how the roster changes, and who comes, goes and asks. */
export function listenToRoster({ agent, events }: Line): void {
	agent.on('roster:update', ({ roster }) => {
		const { contacts, removed } = readContacts(roster?.items);
		events.roster(contacts, removed);
	});
	agent.on('presence', ({ from, error }) => {
		const jid = from === undefined ? undefined : bareOf(from);
		const { condition } = fields(error);
		// Of the account: a device, or a room, has a resource.
		if (jid !== undefined && jid === from?.toLowerCase() && typeof condition === 'string')
			events.presenceRefused(jid, condition);
	});
	const presence = (available: boolean) => (stanza: { from?: string }) => {
		const jid = stanza.from && parseAddress(bareOf(stanza.from) ?? '');
		if (jid) events.presence(jid, available);
	};
	agent.on('available', presence(true));
	agent.on('unavailable', presence(false));
	agent.on('subscribe', ({ from }) => {
		const jid = from && parseAddress(bareOf(from) ?? '');
		if (jid) events.subscriptionRequest(jid);
	});
}
