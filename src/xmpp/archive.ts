// Message Archive Management, XEP-0313 version 1.1.3

import { readForwarded } from './forwarded.ts';
import type { IncomingMessage } from './message.ts';

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
	for (const { id, item } of list as { id?: unknown; item?: unknown }[]) {
		if (typeof id !== 'string') continue;
		ids.push(id);
		const message = readForwarded(item, account, now, id);
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
