/** How far ahead of a chain a message may be: a key is kept for each one in between. */
export const MAX_SKIP = 2000;
/** Keys that are kept for messages that have not come, over all chains of a session; the oldest go first. */
export const MAX_SKIPPED = 2000;
/** Receiving chains of a session; the oldest go first. */
export const MAX_CHAINS = 5;
/** Older sessions with the same device that still decrypt; the oldest go first. */
export const MAX_ARCHIVED = 20;
/** Bytes of one ratchet message: it carries a key, or a short text. */
export const MAX_MESSAGE = 65_536;
/**
 * Steps of chains that are taken for one element, over all keys and sessions that are tried: any message that comes next in
 * its session needs at most `MAX_SKIP`, and one that no session knows would otherwise take that many in each of a hundred.
 */
export const MAX_STEPS = 20_000;
/** Steps that count for a new ratchet key: three X25519 operations take about as long. */
export const TURN_STEPS = 50;
