import type { Agent } from 'stanza';
import { ping } from './extensions/ping.ts';
import { streamManagementOf } from './extensions/stream-management/stanza-sm.ts';

/** Milliseconds between two looks whether a quiet line lives. */
const INTERVAL = 45_000;
/** Milliseconds of silence in which a server that was asked something answers, if there is one. */
const SILENCE = 15_000;
/** Milliseconds of silence after which who comes back to the app is helped more by a new line than by waiting. */
const WOKEN_SILENCE = 3000;
/** Milliseconds that it may take while other things come: what they stand behind may be long. */
const PATIENCE = 60_000;

/** Looks whether the line of a session lives. */
export interface Liveness {
	begin(): void;
	/** Asks now, and waits no longer than somebody who has just come back to the app. */
	probe(): void;
	end(): void;
}

/**
 * Notices a line that is gone without a word: each stanza that is sent asks for an answer (XEP-0198 section 4), and a line on
 * which nothing is sent is asked now and then (XEP-0199 where there is no stream management).
 */
export function watchLiveness(
	agent: Agent,
	/** `isProbed`: somebody waits for it */
	gone: (isProbed: boolean) => void,
	clock: () => number,
): Liveness {
	const sm = streamManagementOf(agent);
	const track = sm.track.bind(sm);
	let isOn = false;
	let heardAt = 0;
	/** since when an answer is due */
	let askedAt: number | undefined;
	/** since when somebody waits for a sign of life */
	let probedAt: number | undefined;
	/** how long that may take: longer after a line that may only have been slow */
	let wokenSilence = WOKEN_SILENCE;
	let idle: ReturnType<typeof setTimeout> | undefined;
	let due: ReturnType<typeof setTimeout> | undefined;

	function wait(): void {
		if (!isOn) return;
		clearTimeout(due);
		if (askedAt === undefined) return;
		const now = clock();
		const silentAt = Math.max(heardAt, askedAt) + SILENCE;
		const isProbed = probedAt !== undefined && heardAt <= probedAt;
		const wokenAt = isProbed ? (probedAt ?? 0) + wokenSilence : Number.POSITIVE_INFINITY;
		const left = Math.min(silentAt, askedAt + PATIENCE, wokenAt) - now;
		if (left > 0) due = setTimeout(wait, left);
		else {
			end();
			if (isProbed) wokenSilence = Math.min(2 * wokenSilence, SILENCE);
			gone(isProbed);
		}
	}

	function expect(): void {
		if (!isOn || askedAt !== undefined) return;
		askedAt = clock();
		wait();
	}

	function answered(): void {
		if (probedAt !== undefined && clock() - probedAt < WOKEN_SILENCE) wokenSilence = WOKEN_SILENCE;
		probedAt = undefined;
		// More was sent since: that is to be answered, too.
		askedAt = isOn && sm.unacked.length > 0 && sm.started ? clock() : undefined;
		wait();
	}

	function ask(): void {
		if (!isOn) return;
		if (sm.started) sm.request();
		else void ping(agent).then((isThere) => isThere && answered());
		expect();
	}

	function rest(): void {
		clearTimeout(idle);
		if (isOn)
			idle = setTimeout(() => {
				ask();
				rest();
			}, INTERVAL);
	}

	function end(): void {
		isOn = false;
		askedAt = undefined;
		probedAt = undefined;
		clearTimeout(idle);
		clearTimeout(due);
	}

	sm.track = async (kind, stanza) => {
		const isTracked = await track(kind, stanza);
		if (isTracked) expect();
		return isTracked;
	};
	agent.on('stream:data', () => {
		heardAt = clock();
	});
	agent.on('stream:management:ack', answered);
	agent.on('disconnected', end);

	return {
		begin() {
			end();
			isOn = true;
			heardAt = clock();
			// Stanzas that are sent again when a session goes on are out already.
			if (sm.started && sm.unacked.length > 0) expect();
			rest();
		},
		probe() {
			if (!isOn) return;
			probedAt = clock();
			ask();
			wait();
		},
		end,
	};
}
