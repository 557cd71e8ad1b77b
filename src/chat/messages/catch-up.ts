import type { Connection } from '../../xmpp/connection.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import type { Stores } from './stores.ts';

/** Pages of the archive that are read on the first sign-in: enough to see what is going on. */
const FIRST_PAGES = 1;
/** Pages that are read in one go: more than anybody misses; the next connection goes on from there. */
const MAX_PAGES = 2000;
/** The position in an archive that was empty. */
const BEGINNING = '';

/** Where the archive was left: at its end, where it gave the same page again, or where it is read on later. */
export type ArchiveRead = 'whole' | 'stuck' | 'unfinished';

/** Reads what came while we were away, oldest first, and remembers how far it came (XEP-0313 section 4.3). Throws XmppError. */
export async function catchUp(
	stores: Stores,
	archive: Connection['archive'],
	take: (message: IncomingMessage) => Promise<void>,
): Promise<ArchiveRead> {
	const remember = async (id: string) =>
		stores.write([await stores.archive.putPosition(id)], 'relaxed');

	async function readFirst(): Promise<ArchiveRead> {
		for (let page = 0, before = ''; page < FIRST_PAGES; page++) {
			const { messages, first, last } = await archive.fetch({ before });
			// What was encrypted before this device was made is for others, all of it.
			for (const message of messages) if (message.encrypted === undefined) await take(message);
			if (page === 0) await remember(last ?? BEGINNING);
			if (first === undefined) break;
			before = first;
		}
		return 'whole';
	}

	async function readAfter(position: string): Promise<ArchiveRead> {
		const seen = new Set([position]);
		let after = position;
		for (let page = 0; page < MAX_PAGES; page++) {
			const query = after === BEGINNING ? {} : { after };
			const { messages, last, complete } = await archive.fetch(query);
			for (const message of messages) await take(message);
			if (last === undefined) return 'whole';
			await remember(last);
			if (complete) return 'whole';
			// Round in a circle, or on the spot.
			if (seen.has(last)) return 'stuck';
			seen.add(last);
			after = last;
		}
		return 'unfinished';
	}

	try {
		const position = await stores.archive.position();
		return await (position === undefined ? readFirst() : readAfter(position));
	} catch (thrown) {
		if (!(thrown instanceof XmppError) || thrown.condition !== 'item-not-found') throw thrown;
		// The server has forgotten where we were, and all before it: what it has left may all be new.
		return readAfter(BEGINNING);
	}
}
