const SECOND = 1000;

/**
 * Milliseconds that a message waits for a silent device while others can be reached, and for a list when an older one is
 * known. The request goes on.
 */
export const PATIENCE = 5 * SECOND;
/** Milliseconds that the others are given after the first device that was late. */
export const GRACE = SECOND;
/** Milliseconds after which a request counts as silent; longer than the connection itself waits. */
export const FETCH_TIME = 20 * SECOND;
