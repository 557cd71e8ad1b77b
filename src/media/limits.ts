import { SEGMENT_LENGTH } from '../vault/segment-store.ts';

/** Sizes in bytes, times in milliseconds. Chosen by measurement, see `npm run bench`. */
export interface Limits {
	/** what is cached and kept in the ledger; fixed for good, records depend on it */
	readonly segment: number;
	/** no piece but the first is released below this, unless a segment ends */
	readonly piece: number;
	/** how far a ciphertext reader reads ahead of those who wait for it */
	readonly window: number;
	/**
	 * the most that is asked for in one request after the first: what an engine reads ahead of us stays in its memory,
	 * and some read all there is
	 */
	readonly range: number;
	/** the first of them, after which they double */
	readonly firstRange: number;
	/** the same while nobody has asked for the file: it is looked at, no more */
	readonly unaskedRange: number;
	/** the most of a longer video that is read before anybody has asked for it: index, and first picture */
	readonly unasked: number;
	/** how long its ciphertext reader stays open when nobody waits for it */
	readonly unaskedLinger: number;
	/** how long an answer that goes on to the end of a long file may wait for its reader */
	readonly pause: number;
	/** ends of segments that are kept in memory for an item, see segment-parts.ts */
	readonly parts: number;
	/** a consumer this far ahead of a ciphertext reader waits for it instead of opening another */
	readonly near: number;
	/** ciphertext readers of one item at once */
	readonly readers: number;
	/** silence after which a request has failed */
	readonly idle: number;
	/** tries after the first, as long as nothing is gained between them */
	readonly retries: number;
	/** the wait before the first of them; it doubles */
	readonly backoff: number;
	/** the longest Retry-After that is waited for */
	readonly patience: number;
	/** how long a ciphertext reader that nobody waits for stays open; browsers allow few connections to one host */
	readonly linger: number;
	/** what is gained when a retry counts as the first again */
	readonly gain: number;
	/** audio and video up to this are verified before a byte is released */
	readonly verifyFirst: number;
	/** kept in memory for one item where the cache is full */
	readonly overflow: number;
}

export const LIMITS: Limits = {
	segment: SEGMENT_LENGTH,
	piece: 16 * 1024,
	window: 256 * 1024,
	range: 4 * 1024 * 1024,
	firstRange: 1024 * 1024,
	unaskedRange: 256 * 1024,
	unasked: 1024 * 1024,
	unaskedLinger: 400,
	pause: 100,
	parts: 4,
	near: 1024 * 1024,
	readers: 3,
	idle: 15_000,
	retries: 3,
	backoff: 500,
	patience: 10_000,
	linger: 4_000,
	gain: 64 * 1024,
	verifyFirst: 1024 * 1024,
	overflow: 64 * 1024 * 1024,
};
