// Answers as a server does for a resource that is gone: RFC 6121 section 8.5.3.2

import type { Agent } from 'stanza';
import { bareOf, domainOf } from '../core/links/address.ts';
import { SUBSCRIPTION_TYPES } from './stanza-mends.ts';

type StanzaKind = 'iq' | 'message' | 'presence';

/** The fields that decide about a stanza; each may be missing. */
interface Stanza {
	readonly type?: string;
	readonly id?: string;
	readonly from?: string;
	readonly to?: string;
	readonly error?: unknown;
}

/**
 * Answers strangers as a server does for a resource that is gone, and keeps from everybody else here what says that they are
 * there: they learn nothing from an answer, nor from silence. What our server and its services say is no stranger's.
 */
export function refuseStrangers(
	agent: Agent,
	{
		own,
		mayLearnPresence,
		isService,
		limit,
	}: {
		/** our bare address */
		own(): string;
		/** Whether somebody, bare, may learn that we are there. */
		mayLearnPresence(jid: string): boolean;
		/** Whether a domain is one of our server's services. */
		isService(domain: string): boolean;
		/** bytes that a stanza of ours may have */
		limit(): number;
	},
): { isStranger(from: string | undefined): boolean } {
	function isStranger(from: string | undefined): boolean {
		if (from === undefined || from === '') return false;
		const jid = bareOf(from);
		if (jid === undefined) return true;
		return jid !== own() && jid !== domainOf(own()) && !isService(jid) && !mayLearnPresence(jid);
	}

	/** What becomes of a stanza: `refuse` is `drop` with an answer. */
	function fateOf(kind: StanzaKind, { type, from }: Stanza): 'pass' | 'drop' | 'refuse' {
		if (!isStranger(from)) return 'pass';
		const isRequest = type !== undefined && SUBSCRIPTION_TYPES.includes(type);
		if (kind === 'presence') return isRequest ? 'pass' : 'drop';
		const isAnswered = kind === 'iq' ? type === 'get' || type === 'set' : type === 'groupchat';
		return isAnswered ? 'refuse' : 'pass';
	}

	function refuse(kind: StanzaKind, { id, from, to }: Stanza): void {
		// What was sent to no resource names none of ours: an answer would.
		if (from === undefined || to?.includes('/') !== true) return;
		const answer = {
			type: 'error' as const,
			to: from,
			...(id === undefined ? {} : { id }),
			error: { type: 'cancel' as const, condition: 'service-unavailable' as const },
		};
		const xml = String(agent.stanzas.export(kind, answer));
		// Our server would end the stream.
		if (new TextEncoder().encode(xml).length <= limit()) void agent.send(kind, answer as never);
	}

	const emit = agent.emit.bind(agent) as (name: unknown, ...args: unknown[]) => boolean;
	agent.emit = ((name: unknown, ...args: unknown[]) => {
		if (!isStanzaKind(name)) return emit(name, ...args);
		const stanza = (args[0] ?? {}) as Stanza;
		const fate = fateOf(name, stanza);
		if (fate === 'pass') return emit(name, ...args);
		if (fate === 'refuse') refuse(name, stanza);
		// Whom we asked to be a contact is none yet, and may not exist. Nothing else in it is heard.
		if (name === 'presence' && stanza.type === 'error') return emit(name, errorOf(stanza));
		return true;
	}) as Agent['emit'];
	return { isStranger };
}

function errorOf({ type, from, to, error }: Stanza): Stanza {
	return {
		...(type === undefined ? {} : { type }),
		...(from === undefined ? {} : { from }),
		...(to === undefined ? {} : { to }),
		...(error === undefined ? {} : { error }),
	};
}

function isStanzaKind(name: unknown): name is StanzaKind {
	return name === 'iq' || name === 'message' || name === 'presence';
}
