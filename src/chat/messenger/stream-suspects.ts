import type { EndedBy } from '../../xmpp/connection-events.ts';

/**
 * A broken line counts half of a refusal: lines break for anybody, but seldom at the same stanza again. Two refusals, or four
 * broken lines, with one stanza under way make it guilty.
 */
const WEIGHT: Record<EndedBy, number> = { server: 2, line: 1 };
const GUILTY = 4;

/**
 * Finds the stanza at which the stream ends again and again: it would be sent after each reconnection, for ever. What was
 * under way at such an end is sent again one stanza at a time; the one at which it ends again is guilty.
 */
export interface StreamSuspects {
	/** one stanza at a time, the next once it was acknowledged */
	readonly isCareful: boolean;
	/** The stream ended while these were not acknowledged; the id of the one that is guilty. */
	ended(by: EndedBy, underway: readonly string[]): string | undefined;
	/** The server ended the stream at this one before a restart. */
	remember(id: string): void;
	/** It came through, or is not sent any more. */
	clear(id: string): void;
}

export function createStreamSuspects(): StreamSuspects {
	const weights = new Map<string, number>();
	return {
		get isCareful() {
			for (const weight of weights.values()) if (weight >= WEIGHT.server) return true;
			return false;
		},
		ended(by, underway) {
			for (const id of underway) weights.set(id, (weights.get(id) ?? 0) + WEIGHT[by]);
			const [only] = underway;
			const isAlone = underway.length === 1 && only !== undefined;
			return isAlone && (weights.get(only) ?? 0) >= GUILTY ? only : undefined;
		},
		remember(id) {
			weights.set(id, Math.max(weights.get(id) ?? 0, WEIGHT.server));
		},
		clear: (id) => void weights.delete(id),
	};
}
