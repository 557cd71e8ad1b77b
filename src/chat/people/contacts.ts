import { produce, reconcile, type SetStoreFunction, unwrap } from 'solid-js/store';
import type { Contact, RosterRequests } from '../../xmpp/roster.ts';
import type { MessengerState } from '../model/messenger-state.ts';
import { unreachedBy } from '../model/unreached.ts';
import type { PeopleStore } from './people-store.ts';
import type { Requests } from './subscription-requests.ts';

/** The contacts of our roster, and their presence. */
export interface Contacts {
	/** Ourselves, somebody in the roster, or who is about to be. */
	has(jid: string): boolean;
	/** Shows a whole roster. */
	show(contacts: readonly Contact[]): void;
	/** Asks the server for the roster, and shows and keeps it. Throws XmppError. */
	fetch(): Promise<readonly Contact[]>;
	/** The server says what has changed. */
	changed(changed: readonly Contact[], removed: readonly string[]): void;
	/** What was to reach somebody did not, for the condition of the error. */
	refused(jid: string, condition: string): void;
	/** Makes somebody a contact, who is one from now on. */
	letIn(jid: string): void;
	/** Somebody who was let in is not to be a contact after all. */
	forget(jid: string): void;
}

export function createContacts({
	account,
	store,
	roster,
	requests,
	state,
	setState,
	report,
}: {
	account: string;
	store: PeopleStore;
	roster: Pick<RosterRequests, 'add' | 'fetch'>;
	requests: Pick<Requests, 'rosterSays'>;
	state: MessengerState;
	setState: SetStoreFunction<MessengerState>;
	/** Tells of a mistake of ours. */
	report(thrown: unknown): void;
}): Contacts {
	/** will be contacts as soon as the roster says so; what comes from them until then is theirs already */
	const accepted = new Set<string>();

	/** Names, and who is a contact, are needed without a connection, too. */
	async function keep(): Promise<void> {
		await store.write([await store.putContacts(Object.values(unwrap(state.contacts)))]);
	}

	function show(contacts: readonly Contact[]): void {
		const byJid = Object.fromEntries(contacts.map((contact) => [contact.jid, contact]));
		setState('contacts', reconcile(byJid));
		requests.rosterSays(contacts);
	}

	return {
		has: (jid) => jid === account || state.contacts[jid] !== undefined || accepted.has(jid),
		show,
		async fetch() {
			// Whoever was accepted before it was asked is in it, or is none.
			const before = [...accepted];
			const contacts = await roster.fetch();
			show(contacts);
			for (const jid of before) accepted.delete(jid);
			await keep();
			return contacts;
		},
		changed(changed, removed) {
			for (const { jid } of changed) accepted.delete(jid);
			for (const jid of removed) accepted.delete(jid);
			setState(
				'contacts',
				produce((contacts) => {
					for (const contact of changed) contacts[contact.jid] = contact;
					for (const jid of removed) delete contacts[jid];
				}),
			);
			setState(
				'unreached',
				produce((unreached) => {
					const answered = changed.filter(({ isPending }) => !isPending);
					for (const jid of [...answered.map((contact) => contact.jid), ...removed])
						delete unreached[jid];
				}),
			);
			// Servers need not say that somebody is away whom we see no more (RFC 6121 section 3.3.3).
			const unseen = changed.filter(({ subscription }) => !['to', 'both'].includes(subscription));
			for (const jid of [...removed, ...unseen.map((contact) => contact.jid)])
				if (jid !== account && state.available[jid]) setState('available', jid, false);
			requests.rosterSays(changed, removed);
			void keep().catch(report);
		},
		refused(jid, condition) {
			const why = unreachedBy(condition);
			if (why !== undefined && state.contacts[jid]?.isPending) setState('unreached', jid, why);
		},
		letIn(jid) {
			accepted.add(jid);
			roster.add(jid).catch((thrown: unknown) => {
				accepted.delete(jid);
				report(thrown);
			});
		},
		forget: (jid) => void accepted.delete(jid),
	};
}
