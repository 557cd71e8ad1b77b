import { bareOf, parseAddress } from '../core/links/address.ts';
import type { CountAfter } from './ack-after-write.ts';
import { readCarbon } from './extensions/carbons.ts';
import type { Line } from './line.ts';
import { readContacts } from './roster.ts';

/** Tells what comes unasked, each of it reduced to what we understand. */
export function tellEvents(line: Line, countAfter: CountAfter): void {
	const { agent, events } = line;
	agent.on('message:acked', ({ id, type }) => {
		// Our error replies carry the sender's id, which may equal one of ours.
		if (id !== undefined && type !== 'error') events.acked(id);
	});
	// Before stanza's own, which would take the carbons of any device of ours for the server's.
	agent.prependListener('message', (stanza) => {
		const { carbon } = stanza;
		delete stanza.carbon;
		// The archive's results are collected where they were asked for.
		if (stanza.archive || stanza.pubsub) return;
		const message =
			carbon === undefined ? line.readMessage(stanza) : readCarbon(line, stanza.from, carbon);
		if (message !== undefined) countAfter(Promise.resolve(events.message(message)));
	});
	agent.on('presence', ({ from, error }) => {
		const jid = from === undefined ? undefined : bareOf(from);
		const { condition } = (error ?? {}) as { condition?: unknown };
		// Of the account: a device, or a room, has a resource.
		if (jid !== undefined && jid === from?.toLowerCase() && typeof condition === 'string')
			events.presenceRefused(jid, condition);
	});
	agent.on('roster:update', ({ roster }) => {
		const { contacts, removed } = readContacts(roster?.items);
		events.roster(contacts, removed);
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

	agent.on('block', ({ jids }) => events.blocked(addresses(jids), true));
	agent.on('unblock', ({ jids }) => events.blocked(addresses(jids), false));
}

/** The addresses among what was listed. */
export function addresses(jids: unknown): string[] {
	const list = Array.isArray(jids) ? jids : [];
	return list.map((jid) => parseAddress(String(jid))).filter((jid) => jid !== undefined);
}
