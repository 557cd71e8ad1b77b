// What becomes of what is sent to a resource that is gone: RFC 6121 section 8.5.3.2

import { type Agent, JXT } from 'stanza';
import { bareOf, domainOf } from '../core/address.ts';
import { SUBSCRIPTION_TYPES } from './guard-agent.ts';

/** What decides about a stanza; nothing of it is sure to be there. */
interface Stanza {
	readonly type?: string;
	readonly id?: string;
	readonly from?: string;
	readonly to?: string;
}

/** An id letter by letter: stanza 12.22 takes an empty one for none, and an answer without it reaches nobody. */
const EXACT_ID: JXT.FieldDefinition<string> = {
	importer: (xml) => xml.getAttribute('id'),
	exporter(xml, id) {
		xml.setAttribute('id', id, true);
	},
};
export const EXACT_IDS: readonly JXT.DefinitionOptions[] = [
	JXT.extendIQ({ id: EXACT_ID }),
	JXT.extendMessage({ id: EXACT_ID }),
];

/**
 * Answers strangers as a server does for a resource that is gone, and keeps from everybody else here what says that they are
 * there: they learn nothing from an answer, nor from silence. What our server and its services say is no stranger's.
 */
export function refuseStrangers(
	agent: Agent,
	{
		own,
		isKnown,
		isService,
		limit,
	}: {
		/** our bare address */
		own(): string;
		/** Whether somebody, bare, may learn that we are there. */
		isKnown(jid: string): boolean;
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
		return jid !== own() && jid !== domainOf(own()) && !isService(jid) && !isKnown(jid);
	}

	function refuse(kind: 'iq' | 'message', { id, from, to }: Stanza): void {
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

	/** Whether a stanza goes no further than here. */
	function isRefused(kind: unknown, stanza: Stanza): boolean {
		const { type, from } = stanza;
		if (!isStranger(from)) return false;
		if (kind === 'presence') return type === undefined || !SUBSCRIPTION_TYPES.includes(type);
		const isAnswered =
			kind === 'iq' ? type === 'get' || type === 'set' : kind === 'message' && type === 'groupchat';
		if (isAnswered) refuse(kind as 'iq' | 'message', stanza);
		return isAnswered;
	}

	const emit = agent.emit.bind(agent) as (name: unknown, ...args: unknown[]) => boolean;
	agent.emit = ((name: unknown, ...args: unknown[]) => {
		const isStanza = name === 'iq' || name === 'message' || name === 'presence';
		return (isStanza && isRefused(name, (args[0] ?? {}) as Stanza)) || emit(name, ...args);
	}) as Agent['emit'];
	return { isStranger };
}
