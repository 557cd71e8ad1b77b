// Personal Eventing Protocol, XEP-0163 version 1.2.2

import type { Agent } from 'stanza';
import { OMEMO_NAMESPACE, type PublishedBundle } from '../core/omemo-element.ts';
import { readBundle, readDeviceList } from './omemo-wire.ts';
import { stanzaBytes } from './stanza-bytes.ts';
import { asXmppError } from './xmpp-error.ts';

export const DEVICE_LIST = `${OMEMO_NAMESPACE}.devicelist`;
const bundleNode = (id: number) => `${OMEMO_NAMESPACE}.bundles:${id}`;
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

/** Devices and their keys (XEP-0384). Each throws XmppError. */
export interface DeviceRequests {
	fetchDeviceList(jid: string): Promise<readonly number[] | undefined>;
	publishDeviceList(ids: readonly number[]): Promise<void>;
	fetchBundle(jid: string, id: number): Promise<PublishedBundle | undefined>;
	publishBundle(id: number, bundle: PublishedBundle): Promise<void>;
}

/** Requests for the items that accounts publish, one a node. */
export function createPepItems(
	agent: Agent,
	/** Waits for an answer, and turns what stanza rejects with into an XmppError. */
	request: <T>(work: Promise<T>) => Promise<T>,
	/** our bare address */
	own: () => string,
) {
	async function fetchItem(jid: string, node: string): Promise<unknown> {
		try {
			// stanza's own stumbles over an answer without anything in it.
			const { pubsub } = await request(
				agent.sendIQ({
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

	/** Publishes an item that anyone may read; with an id of its own, one that our contacts may read. */
	async function publish(node: string, content: { itemType: string }, id?: string): Promise<void> {
		if (id !== undefined) {
			const item = { publish: { node, item: { id, content } } };
			await request(agent.sendIQ({ type: 'set', pubsub: item }));
			return;
		}
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
			if (condition !== 'conflict' && condition !== 'precondition-not-met')
				throw asXmppError(thrown);
			// The node is there, and closed: some client made it so.
			await request(agent.configureNode(own(), node, openTo('node_config')));
			await request(agent.sendIQ(stanza(false)));
		}
	}

	const devices: DeviceRequests = {
		async fetchDeviceList(jid) {
			const content = await fetchItem(jid, DEVICE_LIST);
			return content === undefined ? undefined : readDeviceList(content);
		},
		publishDeviceList: (ids) =>
			publish(DEVICE_LIST, { itemType: DEVICE_LIST, devices: [...ids] } as { itemType: string }),
		async fetchBundle(jid, id) {
			return readBundle(await fetchItem(jid, bundleNode(id)));
		},
		publishBundle: (id, bundle) => publish(bundleNode(id), bundleContent(bundle)),
	};
	return { fetchItem, publish, devices };
}

function bundleContent({ identityKey, signedPreKey, preKeys }: PublishedBundle) {
	return {
		itemType: `${OMEMO_NAMESPACE}.bundles`,
		identityKey: stanzaBytes(identityKey),
		signedPreKeyPublic: { id: signedPreKey.id, value: stanzaBytes(signedPreKey.publicKey) },
		signedPreKeySignature: stanzaBytes(signedPreKey.signature),
		preKeys: preKeys.map(({ id, publicKey }) => ({ id, value: stanzaBytes(publicKey) })),
	};
}
