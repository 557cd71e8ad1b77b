/** Bytes of a stanza where the server names no limit (XEP-0478): most servers let through as many. */
export const DEFAULT_STANZA_LIMIT = 65_536;
