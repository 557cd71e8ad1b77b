import { domainOf } from '../../core/links/address.ts';
import type { Contact } from '../../xmpp/roster.ts';

/** Those to be decided that are remembered, of all and of one server: the server tells of the others again in the next session. */
const MAX_REQUESTS = 200;
const MAX_REQUESTS_OF_SERVER = 50;

/** Requests to see our presence (RFC 6121 section 3). */
export interface Requests {
	/** Somebody asks: to be decided, unless we have asked them. */
	came(jid: string): void;
	/** What the roster says, all of it or what changed in it. */
	rosterSays(contacts: readonly Contact[], removed?: readonly string[]): void;
	/** Somebody has decided. */
	decided(jid: string): void;
}

/**
 * Whom we ask we also let in, once. Some servers do that for us, told in advance (section 3.4); ejabberd 23.01 does not. They may
 * ask only after they have let us in, when the roster does not tell any more that we asked.
 */
export function createRequests({
	list,
	show,
	accept,
}: {
	/** those to be decided */
	list(): readonly string[];
	show(jids: readonly string[]): void;
	accept(jid: string): void;
}): Requests {
	const asked = new Set<string>();
	const decided = (jid: string) => show(list().filter((other) => other !== jid));
	function hasRoomFor(jid: string): boolean {
		const ofServer = list().filter((other) => domainOf(other) === domainOf(jid));
		return list().length < MAX_REQUESTS && ofServer.length < MAX_REQUESTS_OF_SERVER;
	}
	function letIn(jid: string): boolean {
		if (!asked.delete(jid)) return false;
		accept(jid);
		return true;
	}
	return {
		came(jid) {
			if (!letIn(jid) && !list().includes(jid) && hasRoomFor(jid)) show([...list(), jid]);
		},
		rosterSays(contacts, removed = []) {
			for (const { jid, isPending, subscription } of contacts)
				if (['from', 'both'].includes(subscription)) {
					asked.delete(jid);
					// Another device of ours has let them in.
					if (list().includes(jid)) decided(jid);
				} else if (isPending) asked.add(jid);
			for (const jid of removed) asked.delete(jid);
			for (const jid of list()) if (letIn(jid)) decided(jid);
		},
		decided,
	};
}
