import type { Connection } from '../../xmpp/connection.ts';
import type { ArchivePage } from '../../xmpp/extensions/archive.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import type { MessageBatches } from './message-batches.ts';
import type { Stores } from './stores.ts';

/** Pages of the archive that are read on the first sign-in: enough to see what is going on. */
const FIRST_PAGES = 1;
/** Pages that are read in one go: more than anybody misses; the next connection goes on from there. */
const MAX_PAGES = 2000;
/** Messages that are asked for at a time, of which servers give what they allow; and at first, or over a line that is too slow for more. */
const LARGE_PAGE = 250;
const SMALL_PAGE = 50;
/** The position in an archive that was empty. */
const BEGINNING = '';

/** Where the archive was left: at its end, where it gave the same page again, or where it is read on later. */
export type ArchiveRead = 'whole' | 'stuck' | 'unfinished';

/**
 * Reads what came while we were away, oldest first, and remembers how far it came (XEP-0313 section 4.3). While a page is dealt
 * with the next one is asked for. Throws XmppError.
 */
export async function catchUp(
	stores: Stores,
	archive: Connection['archive'],
	batches: MessageBatches,
	/** nobody else does the same by now */
	isWanted: () => boolean = () => true,
): Promise<ArchiveRead> {
	let size = LARGE_PAGE;
	let written: Promise<void> = Promise.resolve();

	/** While a page is written the next one is dealt with, and no more. */
	async function take(messages: readonly IncomingMessage[], position?: string): Promise<void> {
		const taken = await batches.take(messages, position, isWanted);
		await written;
		({ written } = taken);
	}

	async function fetchAfter(after: string): Promise<ArchivePage> {
		const query = after === BEGINNING ? {} : { after };
		try {
			return await archive.fetch({ ...query, max: size });
		} catch (thrown) {
			const isSlow = thrown instanceof XmppError && thrown.code === 'timeout';
			if (!isSlow || size === SMALL_PAGE) throw thrown;
			size = SMALL_PAGE;
			return archive.fetch({ ...query, max: size });
		}
	}

	async function readFirst(): Promise<ArchiveRead> {
		for (let page = 0, before = ''; page < FIRST_PAGES; page++) {
			const { messages, first, last } = await archive.fetch({ before, max: SMALL_PAGE });
			// What was encrypted before this device was made is for others, all of it.
			const readable = messages.filter(({ encrypted }) => encrypted === undefined);
			await take(readable, page === 0 ? (last ?? BEGINNING) : undefined);
			if (first === undefined) break;
			before = first;
		}
		return 'whole';
	}

	async function readAfter(position: string): Promise<ArchiveRead> {
		const seen = new Set([position]);
		let next = fetchAfter(position);
		for (let page = 1; page <= MAX_PAGES; page++) {
			const { messages, last, complete } = await next;
			const isEnd = last === undefined || complete;
			// Round in a circle, or on the spot.
			const isStuck = !isEnd && seen.has(last);
			if (!isEnd && !isStuck && page < MAX_PAGES) {
				seen.add(last);
				// While this one is dealt with.
				next = fetchAfter(last);
				next.catch(() => undefined);
			}
			await take(messages, last);
			if (isEnd) return 'whole';
			if (isStuck) return 'stuck';
		}
		return 'unfinished';
	}

	const position = await stores.archive.position();
	const read = position === undefined ? readFirst() : readAfter(position);
	const left = await read.catch((thrown: unknown) => {
		if (!(thrown instanceof XmppError) || thrown.condition !== 'item-not-found') throw thrown;
		// The server has forgotten where we were, and all before it: what it has left may all be new.
		return readAfter(BEGINNING);
	});
	await written;
	return left;
}
