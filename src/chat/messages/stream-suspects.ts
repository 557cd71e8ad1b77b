import type { EndedBy } from '../../xmpp/connection-events.ts';

/** Ends of a stream after which one stanza is guilty that was under way at each, and alone at the last. */
const GUILTY_BY_SERVER = 2;
/**
 * Broken lines in a row that found the same stanza under way, alone: lines break for anybody, and on a bad one several times
 * before an acknowledgement is back.
 */
const GUILTY_BY_LINE = 10;
/** Broken lines after which stanzas go one at a time, so that it can be told. */
const CAREFUL_BY_LINE = 3;

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

interface Counts {
	server: number;
	line: number;
	/** of those by the line, how often it was alone */
	alone: number;
}

export function createStreamSuspects(): StreamSuspects {
	const suspects = new Map<string, Counts>();
	return {
		get isCareful() {
			for (const { server, line } of suspects.values())
				if (server > 0 || line >= CAREFUL_BY_LINE) return true;
			return false;
		},
		ended(by, underway) {
			const isAlone = underway.length === 1;
			for (const id of underway) {
				const before = suspects.get(id) ?? { server: 0, line: 0, alone: 0 };
				suspects.set(id, {
					...before,
					[by]: before[by] + 1,
					alone: before.alone + (by === 'line' && isAlone ? 1 : 0),
				});
			}
			const [only] = underway;
			const counts = only === undefined || !isAlone ? undefined : suspects.get(only);
			const isGuilty =
				counts !== undefined &&
				(counts.server >= GUILTY_BY_SERVER || counts.alone >= GUILTY_BY_LINE);
			return isGuilty ? only : undefined;
		},
		remember(id) {
			const before = suspects.get(id) ?? { line: 0, alone: 0 };
			suspects.set(id, { ...before, server: GUILTY_BY_SERVER - 1 });
		},
		clear: (id) => void suspects.delete(id),
	};
}
