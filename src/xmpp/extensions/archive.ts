// Message Archive Management, XEP-0313 version 1.1.3

import type { Line } from '../line.ts';
import type { IncomingMessage } from '../message.ts';
import { fields, present } from '../untrusted.ts';
import type { Extension } from './extension.ts';
import { readForwarded } from './forwarding.ts';

/** Messages that are asked for at a time, if nothing else is said. */
const PAGE = 50;

/** Messages of the archive, oldest first. */
export interface ArchivePage {
	readonly messages: readonly IncomingMessage[];
	/** ids of the first and the last result, understood or not; undefined if there was none */
	readonly first?: string;
	readonly last?: string;
	/** there is nothing beyond */
	readonly complete: boolean;
}

export interface ArchiveRequests {
	/** A page of our archive after, or before, an id of it; '' before is its end. `max`: messages, of which a server may give less. */
	fetch(query: {
		after?: string;
		before?: string;
		peer?: string;
		max?: number;
	}): Promise<ArchivePage>;
}

/** Reads what stanza made of a query's results. */
export function readArchivePage(
	line: Pick<Line, 'now' | 'readMessage'>,
	result: unknown,
): ArchivePage {
	const { results, complete } = fields(result);
	const messages: IncomingMessage[] = [];
	const ids: string[] = [];
	for (const { id, item } of Array.isArray(results) ? results.map(fields) : []) {
		if (typeof id !== 'string') continue;
		ids.push(id);
		const message = readForwarded(line, item, id);
		if (message !== undefined) messages.push(message);
	}
	return {
		messages,
		complete: complete === true || ids.length === 0,
		...present('first', ids[0]),
		...present('last', ids.at(-1)),
	};
}

function archiveRequests(line: Line): ArchiveRequests {
	return {
		async fetch({ after, before, peer, max = PAGE }) {
			const paging = { max, ...present('after', after), ...present('before', before) };
			const query = line.agent.searchHistory({ paging, ...present('with', peer) });
			return readArchivePage(line, await line.request(query));
		},
	};
}

export const ARCHIVE = {
	number: '0313',
	version: '1.1.3',
	name: 'Message Archive Management',
	onlyPart: 'our own archive, without preferences',
	requests: (line: Line) => ({ archive: archiveRequests(line) }),
} satisfies Extension;
