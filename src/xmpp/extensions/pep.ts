// Personal Eventing Protocol, XEP-0163 version 1.2.2

import { bareOf } from '../../core/links/address.ts';
import type { Line } from '../line.ts';
import { fields } from '../untrusted.ts';
import { asXmppError, isPassing } from '../xmpp-error.ts';
import type { Extension } from './extension.ts';

/** A node that people publish an item on, which is pushed to us (section 4). */
export interface PushedNode {
	readonly name: string;
	/** Tells what somebody, bare, has published there; undefined for an item without content. */
	readonly pushed: (line: Line, jid: string, content: unknown) => void;
}

/** Anyone may read it, also who is not in our roster yet: else nobody can write to us first. */
const openTo = (form: 'publish-options' | 'node_config') => ({
	type: 'submit' as const,
	fields: [
		{
			name: 'FORM_TYPE',
			type: 'hidden' as const,
			value: `http://jabber.org/protocol/pubsub#${form}`,
		},
		{ name: 'pubsub#access_model', value: 'open' },
	],
});
/** No such node, no such account, or one that we may not ask: nothing is published for us. */
const NOTHING_THERE: readonly unknown[] = [
	'item-not-found',
	'service-unavailable',
	'forbidden',
	'not-authorized',
];

/** The newest item of somebody's node; undefined if there is none. Throws XmppError. */
export async function fetchItem(line: Line, jid: string, node: string): Promise<unknown> {
	try {
		// stanza's own stumbles over an answer without anything in it.
		const { pubsub } = await line.request(
			line.agent.sendIQ({
				to: jid,
				type: 'get' as const,
				pubsub: { context: 'user', fetch: { node, max: 1 }, paging: { max: 1 } },
			}),
		);
		return pubsub?.fetch?.items?.[0]?.content;
	} catch (thrown) {
		const error = asXmppError(thrown);
		if (NOTHING_THERE.includes(error.condition)) return undefined;
		throw error;
	}
}

/** The answer to a request; undefined if it is refused for good, because nothing is there for us. Throws XmppError. */
export async function whereThere<T>(work: Promise<T>): Promise<T | undefined> {
	try {
		return await work;
	} catch (thrown) {
		const error = asXmppError(thrown);
		if (error.code === 'refused' && !isPassing(error)) return undefined;
		throw error;
	}
}

/** Publishes an item that our contacts may read, under an id. Throws XmppError. */
export async function publishItem(
	{ agent, request }: Line,
	node: string,
	content: { itemType: string },
	id: string,
): Promise<void> {
	const item = { publish: { node, item: { id, content } } };
	await request(agent.sendIQ({ type: 'set', pubsub: item }));
}

/** Publishes the one item of a node, which anyone may read. Throws XmppError. */
export async function publishOpenItem(
	{ agent, own, request }: Line,
	node: string,
	content: { itemType: string },
): Promise<void> {
	const stanza = (withOptions: boolean) => ({
		type: 'set' as const,
		pubsub: {
			publish: { node, item: { id: 'current', content } },
			...(withOptions ? { publishOptions: openTo('publish-options') } : {}),
		},
	});
	try {
		await request(agent.sendIQ(stanza(true)));
	} catch (thrown) {
		const { condition } = asXmppError(thrown);
		if (condition !== 'conflict' && condition !== 'precondition-not-met') throw asXmppError(thrown);
		// The node is there, and closed: some client made it so.
		await request(agent.configureNode(own, node, openTo('node_config')));
		await request(agent.sendIQ(stanza(false)));
	}
}

/** Tells what is pushed to us of these nodes, but for what strangers push. */
export function listenToNodes(line: Line, nodes: readonly PushedNode[]): void {
	const { agent } = line;
	// stanza's own would stumble over what has no content.
	agent.removeAllListeners('pubsub:published');
	agent.on('pubsub:published', ({ from, pubsub }) => {
		const { node, published } = fields(pubsub.items);
		const [item] = Array.isArray(published) ? published : [];
		const jid = from === undefined ? line.own : bareOf(from);
		if (jid === undefined || line.isStranger(from)) return;
		nodes.find(({ name }) => name === node)?.pushed(line, jid, fields(item)['content']);
	});
}

export const PEP: Extension = {
	number: '0163',
	version: '1.2.2',
	name: 'Personal Eventing Protocol',
};
