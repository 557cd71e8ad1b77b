import { type Agent, createClient } from 'stanza';
import { bareOf, domainOf } from '../core/links/address.ts';
import { acknowledgeAfterWrite } from './ack-after-write.ts';
import { bindResource } from './bind-resource.ts';
import { checkCounts } from './check-counts.ts';
import { sendClientState } from './client-state.ts';
import type { Connection, ConnectionOptions } from './connection.ts';
import { DEFINITIONS, EXTENSIONS, FEATURES, makeRequests, NODES } from './extensions/index.ts';
import { listenToNodes } from './extensions/pep.ts';
import { fetchServices } from './fetch-services.ts';
import { guardFrames } from './guard-frames.ts';
import { holdStanzas } from './hold-stanzas.ts';
import { keepConnected } from './keep-connected.ts';
import type { Line } from './line.ts';
import { requestsOf } from './pending-requests.ts';
import { readMessage } from './read-message.ts';
import { UNREADABLE_ELEMENTS } from './read-unreadable.ts';
import { refuseStrangers } from './refuse-strangers.ts';
import { readContacts } from './roster.ts';
import { requireScram } from './scram.ts';
import { EXACT_IDS, guardAgent } from './stanza-mends.ts';
import { followStreamLimits } from './stream-limits.ts';
import { addresses, tellEvents } from './tell-events.ts';
import { findUploadService, type UploadService } from './upload-service.ts';
import { requestUploadSlot } from './upload-slot.ts';
import { writeMessage } from './write-message.ts';
import { XmppError } from './xmpp-error.ts';

/** A line to `url` for a bare address; SCRAM only. Nothing happens before `connect`. */
export function makeStanzaConnection({
	account,
	login = account,
	password,
	url,
	events,
	mayLearnPresence = () => false,
	now = Date.now,
}: ConnectionOptions): Connection {
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
	agent.stanzas.define([...DEFINITIONS, ...UNREADABLE_ELEMENTS, ...EXACT_IDS]);
	agent.disco.features.set('', new Set(FEATURES));
	agent.disco.identities.set('', [{ category: 'client', type: 'web', name: 'Balcony' }]);

	/** our bare address as the server writes it */
	let own = account;
	let closed = false;
	const request = requestsOf(agent);
	/** somebody looks at the page */
	let isActive = true;
	const kept = keepConnected(agent, {
		state(next, resumed) {
			events.state(next, resumed);
			// Those who see us ask at once what we understand: who they are was asked for before (RFC 6121 section 2.2).
			if (next === 'online' && !resumed && !closed) announce();
			// A server takes every stream as one that somebody looks at (XEP-0352 section 4.2).
			if (next === 'online' && !isActive && !closed) sendClientState(agent, false);
		},
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
			// The listener may have begun again under that name: what comes here would not be kept.
			if (closed) return false;
			if (resumed) return true;
			for (const { begin } of EXTENSIONS) begin?.(line);
			return true;
		},
	});
	const restart = () => {
		kept.forgetSession();
		kept.cut();
	};
	checkCounts(agent, isWritten, restart);
	/** Says that we are here, and what is to be pushed to us. */
	function announce(): void {
		agent.updateCaps();
		const capabilities = agent.disco.getCaps();
		agent.sendPresence(capabilities ? { legacyCapabilities: capabilities } : {});
	}

	// ejabberd (23.01 to 25.10) pushes what somebody publishes only to whom it had let in when their presence came.
	agent.on('subscribed', ({ from }) => {
		if (!isStranger(from)) announce();
	});
	const { isStranger } = refuseStrangers(agent, {
		own: () => own,
		mayLearnPresence,
		// Whoever has an account there is none of its services.
		isService: (domain) => !domain.includes('@') && line.services.includes(domain),
		limit: stanzaLimit,
	});
	const isKnown = (from: string | undefined) => {
		const jid = from === undefined ? own : bareOf(from);
		return jid !== undefined && (jid === own || mayLearnPresence(jid));
	};
	const line: Line = {
		agent,
		events,
		get own() {
			return own;
		},
		services: [],
		now,
		request,
		readMessage: (stanza, envelope) => readMessage(stanza, own, now(), envelope),
		announce,
		isKnown,
		isStranger,
	};
	for (const { listen } of EXTENSIONS) listen?.(line);
	async function findUpload(): Promise<UploadService | undefined> {
		line.services = await fetchServices(agent, domainOf(own));
		return findUploadService(agent, line.services);
	}

	listenToNodes(line, NODES);
	tellEvents(line, countAfter);

	return {
		...makeRequests(line),
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
		restart,
		get stanzaLimit() {
			return stanzaLimit();
		},
		sizeOf(message) {
			const xml = String(agent.stanzas.export('message', writeMessage(message)));
			return new TextEncoder().encode(xml).length;
		},
		setActive(active) {
			isActive = active;
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
		async supports(full, feature) {
			const { features } = (await request(agent.getDiscoInfo(full))) as { features?: unknown };
			return Array.isArray(features) && features.includes(feature);
		},
		findUploadService: () => request(findUpload()),
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
	};
}

/** Else a server with versions answers with nothing where nothing has changed, which looks like nobody (RFC 6121 section 2.6). */
function wholeRoster(agent: Agent) {
	delete agent.config.rosterVer;
	return agent.getRoster();
}
