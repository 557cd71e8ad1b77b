import { reconcile } from 'solid-js/store';
import type { Connection, ConnectionEvents } from '../../xmpp/connection.ts';
import type { Contact } from '../../xmpp/roster.ts';
import type { Conversations } from '../messages/conversations.ts';
import { isBlank } from '../model/conversation.ts';
import { createContacts } from '../people/contacts.ts';
import type { PeopleStore } from '../people/people-store.ts';
import { createProfiles } from '../people/profiles.ts';
import { createRequests } from '../people/subscription-requests.ts';
import type { AccountContext } from './account-context.ts';
import type { PeopleArea } from './messenger-areas.ts';

/** Contacts, their profiles, who asks to be one, and who is blocked. */
export interface PeoplePart {
	readonly area: PeopleArea;
	readonly events: Pick<
		ConnectionEvents,
		| 'avatar'
		| 'blocked'
		| 'nick'
		| 'presence'
		| 'presenceRefused'
		| 'roster'
		| 'subscriptionRequest'
	>;
	/** What is asked for at the start of a session. */
	readonly steps: { roster(): Promise<boolean>; blocking(): Promise<boolean> };
	/** Ourselves, somebody in the roster, or who is about to be. */
	isContact(jid: string): boolean;
	/** Ourselves, a contact, or somebody we wrote to or accepted, unless blocked: nobody else learns that we are there. */
	mayLearnPresence(jid: string): boolean;
	/** Somebody's chat was accepted. Whoever also asks to be a contact has the same answer. */
	chatAccepted(jid: string): void;
	/** Somebody's chat is removed. */
	forget(jid: string): void;
	/** Shows what is kept. */
	load(): Promise<void>;
	/** What came meanwhile is here; `isNew`: for the first time in this session. */
	live(isNew: boolean): void;
	close(): void;
}

export function makePeoplePart(
	{ account, state, setState, report }: AccountContext,
	{
		store,
		connection,
		conversations,
		isLive,
	}: {
		store: PeopleStore;
		connection: Pick<Connection, 'avatars' | 'blocking' | 'nicknames' | 'roster' | 'visitingCards'>;
		conversations(): Pick<Conversations, 'accept' | 'change' | 'find'>;
		/** the contacts of this session are known */
		isLive(): boolean;
	},
): PeoplePart {
	const { roster, blocking } = connection;
	const requests = createRequests({
		list: () => state.requests,
		show: (jids) => setState('requests', [...jids]),
		accept: (jid) => void roster.accept(jid).catch(report),
	});
	const contacts = createContacts({ account, store, roster, requests, state, setState, report });
	const isContact = contacts.has;
	const profiles = createProfiles({ account, store, connection, isContact, setState });
	/** what people show of themselves comes before the contacts are known */
	let early: (() => Promise<void>)[] = [];

	function onceLive(work: () => Promise<void>): void {
		if (isLive()) work().catch(report);
		else early.push(work);
	}

	/** Added by another device while this one was away. */
	function acceptListed(listed: readonly Contact[]): void {
		for (const { jid } of listed)
			if (conversations().find(jid)?.isRequest) void conversations().accept(jid).catch(report);
	}

	function answerRequest(jid: string, accept: boolean): void {
		requests.decided(jid);
		if (accept) contacts.letIn(jid);
		else roster.deny(jid).catch(report);
	}

	return {
		area: {
			async addContact(jid, name) {
				await roster.add(jid, name);
				await conversations().change(jid, (before) => ({
					...before,
					lastTime: before.lastTime === 0 ? Date.now() : before.lastTime,
				}));
			},
			removeContact(jid) {
				contacts.forget(jid);
				return roster.remove(jid);
			},
			renameContact: roster.rename,
			setOwnAvatar: profiles.setOwnAvatar,
			setOwnName: profiles.setOwnNick,
			async setBlocked(jid, isBlocked) {
				const asks = isBlocked && state.requests.includes(jid);
				if (isBlocked) contacts.forget(jid);
				// Before: what the server blocks it does not answer either.
				if (asks && state.connection === 'online') void roster.deny(jid).catch(report);
				await blocking.set(jid, isBlocked);
				if (asks) requests.decided(jid);
				setState('blocked', jid, isBlocked);
			},
			answerRequest,
		},
		events: {
			roster(changed, removed) {
				for (const { jid } of changed) void conversations().accept(jid).catch(report);
				contacts.changed(changed, removed);
			},
			avatar: (jid, id, isOld) => onceLive(() => profiles.avatarChanged(jid, id, isOld)),
			nick: (jid, name) => onceLive(() => profiles.nickChanged(jid, name)),
			presence: (jid, available) => setState('available', jid, available),
			blocked(jids, isBlocked) {
				for (const jid of jids) setState('blocked', jid, isBlocked);
			},
			subscriptionRequest: requests.came,
			presenceRefused: contacts.refused,
		},
		steps: {
			async roster() {
				acceptListed(await contacts.fetch());
				return true;
			},
			async blocking() {
				const blocked = await blocking.fetch();
				setState('blocked', reconcile(Object.fromEntries(blocked.map((jid) => [jid, true]))));
				return true;
			},
		},
		isContact,
		mayLearnPresence(jid) {
			if (jid === account) return true;
			if (state.blocked[jid] === true) return false;
			if (isContact(jid)) return true;
			const conversation = conversations().find(jid);
			// What was only begun to be written, or chosen, tells nobody anything.
			return (
				conversation !== undefined && conversation.isRequest !== true && !isBlank(conversation)
			);
		},
		chatAccepted(jid) {
			// Without a connection the server asks again.
			if (state.connection === 'online' && state.requests.includes(jid)) answerRequest(jid, true);
		},
		forget: contacts.forget,
		async load() {
			contacts.show(await store.contacts());
			await profiles.load();
		},
		live(isNew) {
			const works = early;
			early = [];
			for (const work of works) work().catch(report);
			if (isNew) profiles.lookUp([account, ...Object.keys(state.contacts)]).catch(report);
		},
		close: profiles.close,
	};
}
