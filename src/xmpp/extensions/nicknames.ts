// User Nickname, XEP-0172 version 1.1

import { cutText } from '../../core/text/cut-text.ts';
import type { Line } from '../line.ts';
import { fields } from '../untrusted.ts';
import type { Extension } from './extension.ts';
import { fetchItem, publishItem, whereThere } from './pep.ts';

const NODE = 'http://jabber.org/protocol/nick';
const MAX_NAME = 200;

export interface NicknameRequests {
	/** What somebody calls themselves, '' for nothing any more; undefined if it is not there, or not for us. */
	fetch(jid: string): Promise<string | undefined>;
	/** Tells our contacts what we call ourselves; '' for nothing any more (section 4.3). */
	publish(nick: string): Promise<void>;
}

/** A nickname that somebody gave themselves; '' if they took it back. */
export function readNick(content: unknown): string | undefined {
	const { nick } = fields(content);
	if (nick === undefined) return '';
	return typeof nick === 'string' ? cutText(nick.trim(), MAX_NAME) : undefined;
}

function nicknameRequests(line: Line): NicknameRequests {
	return {
		async fetch(jid) {
			const content = await whereThere(fetchItem(line, jid, NODE));
			return content === undefined ? undefined : readNick(content);
		},
		publish(nick) {
			const content = { itemType: NODE, nick };
			return publishItem(line, NODE, content, 'current');
		},
	};
}

export const NICKNAMES = {
	number: '0172',
	version: '1.1',
	name: 'User Nickname',
	features: [NODE],
	node: {
		name: NODE,
		pushed({ events }: Line, jid: string, content: unknown) {
			const name = readNick(content);
			if (name !== undefined) events.nick(jid, name);
		},
	},
	requests: (line: Line) => ({ nicknames: nicknameRequests(line) }),
} satisfies Extension;
