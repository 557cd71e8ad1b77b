import { type Agent, createClient } from 'stanza';
import { bareOf, domainOf } from '../core/links/address.ts';
import { bindResource } from './bind-resource.ts';
import type { Connection, ConnectionOptions } from './connection.ts';
import { announce } from './extensions/capabilities.ts';
import { sendClientState } from './extensions/client-state.ts';
import { DEFINITIONS, EXTENSIONS, FEATURES, makeRequests, NODES } from './extensions/index.ts';
import { listenToNodes } from './extensions/pep.ts';
import { describeOurselves } from './extensions/service-discovery.ts';
import { followStreamLimits } from './extensions/stream-limits.ts';
import { acknowledgeAfterWrite } from './extensions/stream-management/ack-after-write.ts';
import { checkCounts } from './extensions/stream-management/check-counts.ts';
import { holdStanzas } from './extensions/stream-management/hold-stanzas.ts';
import { guardFrames } from './guard-frames.ts';
import { keepConnected } from './keep-connected.ts';
import type { Line } from './line.ts';
import { requestsOf } from './pending-requests.ts';
import { readMessage } from './read-message.ts';
import { UNREADABLE_ELEMENTS } from './read-unreadable.ts';
import { refuseStrangers } from './refuse-strangers.ts';
import { listenToRoster, rosterRequests } from './roster.ts';
import { requireScram } from './scram.ts';
import { EXACT_IDS, guardAgent } from './stanza-mends.ts';
import { tellMessages } from './tell-messages.ts';
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
	describeOurselves(agent, FEATURES);

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
			if (next === 'online' && !resumed && !closed) announce(agent);
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
	// ejabberd (23.01 to 25.10) pushes what somebody publishes only to whom it had let in when their presence came.
	agent.on('subscribed', ({ from }) => {
		if (!isStranger(from)) announce(agent);
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
		announce: () => announce(agent),
		isKnown,
		isStranger,
	};
	for (const { listen } of EXTENSIONS) listen?.(line);
	listenToNodes(line, NODES);
	listenToRoster(line);
	tellMessages(line, countAfter);

	return {
		...makeRequests(line),
		roster: rosterRequests(line),
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
	};
}
