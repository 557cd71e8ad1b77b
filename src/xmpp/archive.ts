// Message Archive Management, XEP-0313 version 1.1.0

import type { IncomingMessage } from './message.ts';
import { readMessage } from './read-message.ts';

/** Messages of the archive, oldest first. */
export interface ArchivePage {
	readonly messages: readonly IncomingMessage[];
	/** ids of the first and the last result, understood or not; undefined if there was none */
	readonly first?: string;
	readonly last?: string;
	/** there is nothing beyond */
	readonly complete: boolean;
}

/** Reads what stanza made of a query's results. */
export function readArchivePage(result: unknown, account: string, now: number): ArchivePage {
	const { results, complete } = result as { results?: unknown; complete?: unknown };
	const list = Array.isArray(results) ? results : [];
	const messages: IncomingMessage[] = [];
	const ids: string[] = [];
	for (const entry of list as {
		id?: unknown;
		item?: { message?: unknown; delay?: { timestamp?: unknown } };
	}[]) {
		const { id, item } = entry;
		if (typeof id !== 'string') continue;
		ids.push(id);
		const stamp = item?.delay?.timestamp;
		const time = stamp instanceof Date && Number.isFinite(stamp.getTime()) ? stamp.getTime() : now;
		const message = readMessage(item?.message, account, now, { archiveId: id, time });
		if (message !== undefined) messages.push(message);
	}
	const [first, last] = [ids[0], ids.at(-1)];
	return {
		messages,
		complete: complete === true || ids.length === 0,
		...(first === undefined ? {} : { first }),
		...(last === undefined ? {} : { last }),
	};
}
