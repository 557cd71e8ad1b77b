import type { Agent } from 'stanza';
import type { ConnectionState, EndedBy } from './connection-events.ts';
import { streamManagementOf } from './extensions/stream-management/stanza-sm.ts';
import { watchLiveness } from './liveness.ts';
import { offersNoScram } from './scram.ts';
import { mendTransport } from './stanza-mends.ts';

/** Milliseconds that a server may say nothing before we are signed in: a line that is half open says nothing for ever. */
const SILENCE = 20_000;
/** Milliseconds that an attempt may take before who is woken begins another. */
const ATTEMPT_TIME = 5000;
/** Seconds. */
const MAX_BACKOFF = 32;
/** WebSocket close codes (RFC 6455 section 7.4.1) that are an answer to what was sent. */
const REFUSALS: readonly number[] = [1002, 1003, 1007, 1008, 1009];
/** Stream errors (RFC 6120 section 4.9.3) that no stanza is the reason of. */
const UNPROVOKED: readonly unknown[] = [
	'conflict',
	'connection-timeout',
	'remote-connection-failed',
	'reset',
	'see-other-host',
	'system-shutdown',
];

/** An account's stream, begun again whenever it ends. */
export interface KeptConnection {
	readonly state: ConnectionState;
	connect(resource: string): void;
	close(): void;
	wake(): void;
	/** Ends the stream without a word; another one is begun. */
	cut(): void;
	/** The next session is a new one. */
	forgetSession(): void;
}

/**
 * Keeps an agent connected: tries again after a while that grows, gives up what says nothing, and ends for good where the
 * server refuses the password or gives the session to another. stanza's own attempts would cut each other off.
 */
export function keepConnected(
	agent: Agent,
	listeners: {
		state(state: ConnectionState, resumed: boolean): void;
		ended(by: EndedBy): void;
		/** A session is there; whether it is one to go on with. */
		begin(resumed: boolean): boolean;
	},
	/** milliseconds that only ever grow */
	clock = () => performance.now(),
): KeptConnection {
	const sm = streamManagementOf(agent);
	let state: ConnectionState = 'offline';
	let isWanted = false;
	/** an attempt, or a session, is under way */
	let isUp = false;
	/** the stream that is up, or was last, was that of a session: only then can what was sent in it be why it ended */
	let hadSession = false;
	let end: 'auth-failed' | 'no-scram' | 'superseded' | undefined;
	let endedBy: EndedBy | undefined;
	let isForgotten = false;
	let isUrgent = false;
	let attempts = 0;
	let heardAt = Number.NEGATIVE_INFINITY;
	let retry: ReturnType<typeof setTimeout> | undefined;
	let patience: ReturnType<typeof setTimeout> | undefined;

	const become = (next: ConnectionState, resumed = false) => {
		state = next;
		listeners.state(next, resumed);
	};

	function attempt(): void {
		clearTimeout(retry);
		retry = undefined;
		isUp = true;
		heard();
		// An address that no socket can be made of.
		const connecting = agent.connect() as unknown as Promise<void> | undefined;
		connecting?.catch(() => agent.emit('--transport-disconnected'));
	}

	const cut = () => agent.transport?.disconnect(false);
	const liveness = watchLiveness(
		agent,
		(isProbed) => {
			isUrgent = isProbed;
			cut();
		},
		clock,
	);

	function heard(): void {
		heardAt = clock();
		clearTimeout(patience);
		if (isUp && state !== 'online') patience = setTimeout(cut, SILENCE);
	}

	function forget(): void {
		isForgotten = false;
		sm._reset();
	}

	agent.on('raw' as 'stream:data', heard);
	agent.on('stream:data', heard);
	agent.on('connected', () => {
		clearTimeout(retry);
		retry = undefined;
		isUp = true;
		endedBy = undefined;
		if (isForgotten) forget();
		heard();
		become('connecting');
		mendTransport(agent, (code) => {
			if (REFUSALS.includes(code)) endedBy ??= 'server';
		});
	});
	// The server cannot look up passwords just now: ours may be right (RFC 6120 section 6.5.11).
	let isTemporary = false;
	agent.prependListener('sasl', (sasl) => {
		const { type, condition } = sasl as { type: string; condition?: string };
		isTemporary = type === 'failure' && condition === 'temporary-auth-failure';
	});
	agent.prependListener('features', (features) => {
		if (offersNoScram(features)) end = 'no-scram';
	});
	agent.on('auth:failed', () => {
		if (!isTemporary) end ??= 'auth-failed';
	});
	agent.on('streamError' as 'stream:error', ({ condition }) => {
		endedBy ??= UNPROVOKED.includes(condition) ? 'line' : 'server';
		if (condition === 'conflict' && state === 'online') end = 'superseded';
	});
	agent.on('stream:end', () => {
		if (isWanted) endedBy ??= 'server';
	});
	function online(resumed: boolean): void {
		clearTimeout(patience);
		attempts = 0;
		hadSession = true;
		if (!listeners.begin(resumed)) return;
		liveness.begin();
		become('online', resumed);
	}
	agent.on('session:started', () => online(false));
	agent.on('stream:management:resumed', () => online(true));
	agent.on('disconnected', () => {
		if (!isUp) return;
		isUp = false;
		clearTimeout(patience);
		if (isForgotten) forget();
		if (hadSession) listeners.ended(endedBy ?? 'line');
		hadSession = false;
		if (!isWanted) return;
		if (end !== undefined) {
			isWanted = false;
			become(end);
			return;
		}
		become('offline');
		attempts += 1;
		const delay = Math.min(2 ** attempts + Math.random(), MAX_BACKOFF) * 1000;
		retry = setTimeout(attempt, isUrgent ? 0 : delay);
		isUrgent = false;
	});

	return {
		get state() {
			return state;
		},
		connect(resource) {
			agent.updateConfig({ resource });
			isWanted = true;
			end = undefined;
			become('connecting');
			attempt();
		},
		close() {
			isWanted = false;
			clearTimeout(retry);
			clearTimeout(patience);
			liveness.end();
			void agent.disconnect();
			become('offline');
		},
		wake() {
			if (!isWanted) return;
			if (state === 'online') liveness.probe();
			else if (retry !== undefined) {
				become('connecting');
				attempt();
			} else if (clock() - heardAt >= ATTEMPT_TIME) {
				isUrgent = true;
				cut();
			}
		},
		cut,
		forgetSession() {
			if (state === 'online') isForgotten = true;
			else forget();
		},
	};
}
