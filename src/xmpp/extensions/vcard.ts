// vcard-temp, XEP-0054 version 1.3.0

import type { Bytes } from '../../core/bytes.ts';
import { fromBase64 } from '../../core/packed-json.ts';
import { cutText } from '../../core/text/cut-text.ts';
import type { Line } from '../line.ts';
import { fields, present } from '../untrusted.ts';
import type { Extension } from './extension.ts';
import { whereThere } from './pep.ts';

const MAX_NAME = 200;
const MAX_RECORDS = 100;

/** Name and picture from a vCard. */
export interface VisitingCard {
	readonly name?: string;
	readonly photo?: Bytes;
}

export interface VisitingCardRequests {
	/** Empty if there is none (section 3.1). */
	fetch(jid: string): Promise<VisitingCard>;
}

export function readVisitingCard(card: unknown): VisitingCard {
	const { fullName, records } = fields(card);
	const list = Array.isArray(records) ? records.slice(0, MAX_RECORDS).map(fields) : [];
	const record = (type: string) => list.find((entry) => entry['type'] === type);
	const nick = record('nickname')?.['value'];
	const name = [nick, fullName].find((text) => typeof text === 'string' && text.trim() !== '');
	const data = record('photo')?.['data'];
	// stanza leaves this one as it is written, in lines of any length.
	const photo = typeof data === 'string' ? fromBase64(data.replace(/\s+/g, '')) : undefined;
	return {
		...(typeof name === 'string' ? { name: cutText(name.trim(), MAX_NAME) } : {}),
		...present('photo', photo?.length === 0 ? undefined : photo),
	};
}

function visitingCardRequests({ agent, request }: Line): VisitingCardRequests {
	return {
		async fetch(jid) {
			const card = await whereThere(request(agent.getVCard(jid)));
			return card === undefined ? {} : readVisitingCard(card);
		},
	};
}

export const VCARD = {
	number: '0054',
	version: '1.3.0',
	name: 'vcard-temp',
	onlyPart: 'pictures and names of others',
	requests: (line: Line) => ({ visitingCards: visitingCardRequests(line) }),
} satisfies Extension;
