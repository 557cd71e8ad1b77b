// Stream Management, XEP-0198 version 1.6.3 section 4

import type { Agent } from 'stanza';
import { COUNTS, streamManagementOf } from './stanza-sm.ts';

/** Milliseconds that a server waits for our count at most: some take a client that is late for one that is gone. */
const MAX_DELAY = 5000;

interface Arrival {
	state: 'pending' | 'kept' | 'lost';
}

/** Says of a stanza, while it is being told, when it counts as handled. */
export type CountAfter = (kept: Promise<unknown>) => void;

/**
 * Counts a stanza as handled once what follows from it is kept, in the order they came: stanza counts it at once, and what
 * is lost then is never sent again. What could not be kept is not counted, nor what came after it, until the stream ends.
 */
export function acknowledgeAfterWrite(agent: Agent): CountAfter {
	const sm = streamManagementOf(agent);
	let arrivals: Arrival[] = [];
	let current: Promise<unknown> | undefined;
	let isOwed = false;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const ack = sm.ack.bind(sm);
	const [resume, enabled] = [sm.resume.bind(sm), sm.enabled.bind(sm)];

	function answer(): void {
		clearTimeout(timer);
		timer = undefined;
		if (agent.transport !== undefined) ack();
	}

	function count(): void {
		let at = 0;
		while (arrivals[at]?.state === 'kept') at += 1;
		arrivals.splice(0, at);
		sm.handled = (sm.handled + at) % COUNTS;
		if (!isOwed || arrivals[0]?.state === 'pending') return;
		isOwed = false;
		answer();
	}

	/** The server sends again what it was not told of: that is counted then. */
	function beginAnew(): void {
		arrivals = [];
		isOwed = false;
		clearTimeout(timer);
		timer = undefined;
	}

	sm.resume = () => {
		beginAnew();
		return resume();
	};
	sm.enabled = (response) => {
		beginAnew();
		return enabled(response);
	};
	sm.handle = async () => {
		const kept = current;
		current = undefined;
		if (!sm.inboundStarted) return;
		const arrival: Arrival = { state: kept === undefined ? 'kept' : 'pending' };
		const all = arrivals;
		all.push(arrival);
		const settle = (state: Arrival['state']) => {
			arrival.state = state;
			if (all === arrivals) count();
		};
		kept?.then(
			() => settle('kept'),
			() => settle('lost'),
		);
		count();
	};
	sm.ack = () => {
		if (arrivals[0]?.state !== 'pending') {
			answer();
			return;
		}
		isOwed = true;
		// With what there is; the rest is told as soon as it is kept.
		timer ??= setTimeout(answer, MAX_DELAY);
	};
	agent.on('disconnected', () => {
		isOwed = false;
		clearTimeout(timer);
		timer = undefined;
	});

	return (kept) => {
		// Without stream management nobody looks at it.
		kept.catch(() => undefined);
		current = kept;
	};
}
