import { type Agent, createClient } from 'stanza';
import { bareOf, domainOf, parseAddress } from '../core/address.ts';
import { isAvatarId } from '../core/avatar.ts';
import { OMEMO_NAMESPACE, type PublishedBundle } from '../core/omemo-element.ts';
import { ShareError } from '../core/share-error.ts';
import { acknowledgeAfterWrite } from './ack-after-write.ts';
import { type ArchivePage, readArchivePage } from './archive.ts';
import { bindResource } from './bind-resource.ts';
import { readCarbon } from './carbon.ts';
import { checkCounts } from './check-counts.ts';
import { CLIENT_FEATURES } from './client-features.ts';
import { CLIENT_STATE, sendClientState } from './client-state.ts';
import { guardAgent } from './guard-agent.ts';
import { guardFrames } from './guard-frames.ts';
import { holdStanzas } from './hold-stanzas.ts';
import { type EndedBy, keepConnected } from './keep-connected.ts';
import type { IncomingMessage, OutgoingMessage } from './message.ts';
import { MESSAGE_EXTENSIONS } from './message-extensions.ts';
import { readBundle, readDeviceList } from './omemo-wire.ts';
import {
	AVATAR_METADATA,
	createProfileRequests,
	NICK,
	type ProfileRequests,
} from './profile-requests.ts';
import { readMessage } from './read-message.ts';
import { readAvatarMetadata, readNick } from './read-profile.ts';
import { type Contact, readContacts } from './roster.ts';
import { requireScram } from './scram.ts';
import { stanzaBytes } from './stanza-bytes.ts';
import { followStreamLimits, STREAM_LIMITS } from './stream-limits.ts';
import { findUploadService, type UploadService } from './upload-service.ts';
import { requestUploadSlot, type UploadSlot } from './upload-slot.ts';
import { writeMessage } from './write-message.ts';
import { asXmppError, XmppError } from './xmpp-error.ts';

const DEVICE_LIST = `${OMEMO_NAMESPACE}.devicelist`;
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
const ARCHIVE_PAGE = 50;

export type ConnectionState =
	| 'connecting'
	| 'online'
	| 'offline'
	/** the server has refused the password; no more attempts */
	| 'auth-failed'
	/** somebody else has our resource: a copy of this device; no more attempts */
	| 'superseded';

/** What the connection tells; each is called in the order things came. */
export interface ConnectionEvents {
	/** `resumed`: nothing was missed */
	state(state: ConnectionState, resumed: boolean): void;
	/** The account, bare, as the server writes it (RFC 6120 section 7): before each `online`. */
	bound(account: string): void;
	/** The stream is over, by the server's word or because the line broke: before `offline`. */
	ended(by: EndedBy): void;
	/**
	 * Resolves when what follows from it is on the disk: the server keeps it until then. What rejects is not acknowledged,
	 * nor is anything after it, until the stream ends.
	 */
	message(message: IncomingMessage): Promise<void>;
	/** the server has taken a message */
	acked(id: string): void;
	deviceList(jid: string, ids: readonly number[]): void;
	/** contacts that were added or changed; `removed` are addresses */
	roster(changed: readonly Contact[], removed: readonly string[]): void;
	/** somebody is there, or not; `asks`: wants to see when we are */
	presence(jid: string, available: boolean): void;
	subscriptionRequest(jid: string): void;
	/** somebody's picture, by its name; '' for none (XEP-0084); `isOld` of a visiting card (XEP-0153) */
	avatar(jid: string, id: string, isOld: boolean): void;
	/** what somebody calls themselves; '' for nothing any more (XEP-0172) */
	nick(jid: string, name: string): void;
	/** from this or another device (XEP-0191) */
	blocked(jids: readonly string[], isBlocked: boolean): void;
}

/** One account's line to its server. Requests throw XmppError. */
export interface Connection extends ProfileRequests {
	/** `resource` is this device's: the same one each time, so that others see it once. */
	connect(resource: string): void;
	/** Says goodbye and ends for good. */
	close(): Promise<void>;
	/** Tries again now, where it would wait; looks whether the line lives, where there is one. */
	wake(): void;
	/** Whether somebody looks (XEP-0352). */
	setActive(active: boolean): void;
	send(message: OutgoingMessage): void;
	/** The next session is a new one: nothing that was sent in this one is sent again. */
	forgetSession(): void;
	/** bytes of a stanza that the server lets through (XEP-0478) */
	readonly stanzaLimit: number;
	/** How many bytes a message is on the wire. */
	sizeOf(message: OutgoingMessage): number;
	fetchContacts(): Promise<readonly Contact[]>;
	addContact(jid: string, name?: string): Promise<void>;
	removeContact(jid: string): Promise<void>;
	acceptContact(jid: string): void;
	denyContact(jid: string): void;
	fetchBlocked(): Promise<readonly string[]>;
	setBlocked(jid: string, isBlocked: boolean): Promise<void>;
	/** Gives our account another password (XEP-0077 section 3.3). */
	changePassword(password: string): Promise<void>;
	/** Gives a contact another name in our roster, or none. */
	renameContact(jid: string, name: string): Promise<void>;
	/** Whether the client at a full address says that it understands something (XEP-0030 section 3). */
	supports(full: string, feature: string): Promise<boolean>;
	/** undefined if the server takes no files (XEP-0363). */
	findUploadService(): Promise<UploadService | undefined>;
	/** A place for one file of exactly `size` bytes. Throws ShareError, too. */
	requestUploadSlot(
		service: UploadService,
		file: { name: string; size: number },
	): Promise<UploadSlot>;
	fetchDeviceList(jid: string): Promise<readonly number[] | undefined>;
	publishDeviceList(ids: readonly number[]): Promise<void>;
	fetchBundle(jid: string, id: number): Promise<PublishedBundle | undefined>;
	publishBundle(id: number, bundle: PublishedBundle): Promise<void>;
	/** A page of our archive after, or before, an id of it; '' before is its end. */
	fetchArchive(query: { after?: string; before?: string; peer?: string }): Promise<ArchivePage>;
}

/** A line to `url` for a bare address; SCRAM only. Nothing happens before `connect`. */
export function makeConnection({
	account,
	login = account,
	password,
	url,
	events,
	now = Date.now,
}: {
	/** whose messages are read, bare */
	account: string;
	/** what is signed in with, if the server writes the account differently */
	login?: string | undefined;
	password: string;
	url: string;
	events: ConnectionEvents;
	now?: () => number;
}): Connection {
	const agent: Agent = createClient({
		jid: login,
		password,
		server: domainOf(login),
		transports: { websocket: url, bosh: false },
		autoReconnect: false,
		// It would answer before anything is decrypted.
		sendReceipts: false,
		chatMarkers: false,
		capsNode: 'https://balcony.chat',
		lang: 'en',
	});
	requireScram(agent);
	guardAgent(agent);
	guardFrames(agent);
	const isWritten = holdStanzas(agent);
	bindResource(agent);
	const countAfter = acknowledgeAfterWrite(agent);
	const stanzaLimit = followStreamLimits(agent);
	agent.stanzas.define([...MESSAGE_EXTENSIONS, CLIENT_STATE, STREAM_LIMITS]);
	agent.disco.features.set('', new Set(CLIENT_FEATURES));
	agent.disco.identities.set('', [{ category: 'client', type: 'web', name: 'Balcony' }]);

	/** our bare address as the server writes it */
	let own = account;
	let closed = false;
	/** ends what waits for an answer that will not come any more */
	const pending = new Set<(error: XmppError) => void>();
	const request = async <T>(work: Promise<T>): Promise<T> => {
		let drop: (error: XmppError) => void = () => undefined;
		const dropped = new Promise<never>((_, reject) => {
			drop = reject;
			pending.add(drop);
		});
		try {
			return await Promise.race([work, dropped]);
		} catch (thrown) {
			throw thrown instanceof ShareError ? thrown : asXmppError(thrown);
		} finally {
			pending.delete(drop);
			work.catch(() => undefined);
		}
	};

	agent.on('disconnected', () => {
		for (const drop of pending) drop(new XmppError('offline'));
	});
	const kept = keepConnected(agent, {
		state: (next, resumed) => events.state(next, resumed),
		ended: (by) => events.ended(by),
		begin(resumed) {
			const bound = bareOf(agent.jid);
			// Another domain's name is not this server's to give.
			if (bound === undefined || domainOf(bound) !== domainOf(login)) {
				agent.emit('auth:failed');
				kept.cut();
				return false;
			}
			own = bound;
			events.bound(bound);
			// Whoever was told may have begun again under that name: what comes here would not be kept.
			if (closed) return false;
			if (resumed) return true;
			announce();
			agent.enableCarbons().catch(() => undefined);
			return true;
		},
	});
	checkCounts(agent, isWritten, () => {
		kept.forgetSession();
		kept.cut();
	});
	/** Says that we are here, and what is to be pushed to us. */
	function announce(): void {
		agent.updateCaps();
		const capabilities = agent.disco.getCaps();
		agent.sendPresence(capabilities ? { legacyCapabilities: capabilities } : {});
	}

	// ejabberd (23.01 to 25.10) pushes what somebody publishes only to whom it had let in when their presence came.
	agent.on('subscribed', announce);
	agent.on('message:acked', ({ id }) => id !== undefined && events.acked(id));
	// Before stanza's own, which would take the carbons of any device of ours for the server's.
	agent.prependListener('message', (stanza) => {
		const { carbon } = stanza;
		delete stanza.carbon;
		// The archive's results are collected where they were asked for.
		if (stanza.archive || stanza.pubsub) return;
		const message =
			carbon === undefined
				? readMessage(stanza, own, now())
				: readCarbon({ from: stanza.from, carbon }, own, now());
		if (message !== undefined) countAfter(Promise.resolve(events.message(message)));
	});
	// stanza's own would stumble over what has no content.
	agent.removeAllListeners('pubsub:published');
	agent.on('pubsub:published', ({ from, pubsub }) => {
		const { node, published } = pubsub.items as { node?: unknown; published?: unknown };
		const [item] = Array.isArray(published) ? (published as { content?: unknown }[]) : [];
		const jid = from === undefined ? own : bareOf(from);
		if (jid === undefined) return;
		if (node === DEVICE_LIST) {
			const ids = readDeviceList(item?.content);
			if (ids !== undefined) events.deviceList(jid, ids);
		} else if (node === AVATAR_METADATA) {
			const id = readAvatarMetadata(item?.content);
			if (id !== undefined) events.avatar(jid, id, false);
		} else if (node === NICK) {
			const name = readNick(item?.content);
			if (name !== undefined) events.nick(jid, name);
		}
	});
	agent.on('presence', ({ from, type, vcardAvatar }) => {
		const jid = from === undefined ? undefined : bareOf(from);
		if (jid !== undefined && type !== 'error' && isAvatarId(vcardAvatar))
			events.avatar(jid, vcardAvatar, true);
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
			await request(agent.configureNode(own, node, openTo('node_config')));
			await request(agent.sendIQ(stanza(false)));
		}
	}

	return {
		connect(resource) {
			closed = false;
			kept.connect(resource);
		},
		async close() {
			closed = true;
			kept.close();
		},
		wake: kept.wake,
		forgetSession: kept.forgetSession,
		get stanzaLimit() {
			return stanzaLimit();
		},
		sizeOf(message) {
			const xml = String(agent.stanzas.export('message', writeMessage(message)));
			return new TextEncoder().encode(xml).length;
		},
		setActive(active) {
			if (kept.state === 'online') sendClientState(agent, active);
		},
		send(message) {
			if (kept.state !== 'online') throw new XmppError('offline');
			agent.sendMessage(writeMessage(message));
		},
		async fetchContacts() {
			const roster = await request(wholeRoster(agent));
			return readContacts(roster.items).contacts;
		},
		async addContact(jid, name) {
			const item = { jid, subscription: undefined, ...(name === undefined ? {} : { name }) };
			// stanza wants a subscription, which a client must not set (RFC 6121 section 2.1.2.5).
			await request(agent.updateRosterItem(item as never));
			agent.subscribe(jid);
			agent.acceptSubscription(jid);
		},
		async renameContact(jid, name) {
			// The groups that other clients keep would be lost: they are sent back as they are.
			const { items } = await request(wholeRoster(agent));
			const groups = items.find((item) => item.jid === jid)?.groups;
			const item = { jid, subscription: undefined, name, ...(groups ? { groups } : {}) };
			await request(agent.updateRosterItem(item as never));
		},
		...createProfileRequests({ agent, request, fetchItem, publish }),
		async supports(full, feature) {
			const { features } = (await request(agent.getDiscoInfo(full))) as { features?: unknown };
			return Array.isArray(features) && features.includes(feature);
		},
		findUploadService: () => request(findUploadService(agent, domainOf(own))),
		requestUploadSlot: (service, file) => request(requestUploadSlot(agent, service, file)),
		removeContact: (jid) => request(agent.removeRosterItem(jid)).then(() => undefined),
		acceptContact(jid) {
			agent.acceptSubscription(jid);
		},
		denyContact(jid) {
			agent.denySubscription(jid);
		},
		fetchBlocked: async () => addresses((await request(agent.getBlocked())).jids),
		setBlocked: (jid, isBlocked) => request(isBlocked ? agent.block(jid) : agent.unblock(jid)),
		async changePassword(password) {
			const username = own.slice(0, own.indexOf('@'));
			await request(
				agent.sendIQ({ type: 'set', to: domainOf(own), account: { username, password } }),
			);
		},
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
		async fetchArchive({ after, before, peer }) {
			const paging = {
				max: ARCHIVE_PAGE,
				...(after === undefined ? {} : { after }),
				...(before === undefined ? {} : { before }),
			};
			const options = { paging, ...(peer === undefined ? {} : { with: peer }) };
			return readArchivePage(await request(agent.searchHistory(options)), own, now());
		},
	};
}

/** Else a server with versions answers with nothing where nothing has changed, which looks like nobody (RFC 6121 section 2.6). */
function wholeRoster(agent: Agent) {
	delete agent.config.rosterVer;
	return agent.getRoster();
}

function addresses(jids: unknown): string[] {
	const list = Array.isArray(jids) ? jids : [];
	return list.map((jid) => parseAddress(String(jid))).filter((jid) => jid !== undefined);
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
