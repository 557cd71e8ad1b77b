// Message Reactions, XEP-0444 version 0.2.1

import { JXT } from 'stanza';
import { distinctEmojis, isEmoji } from '../../core/text/emoji.ts';
import type { IncomingMessage } from '../message.ts';
import { fields, idOf, present, textOf } from '../untrusted.ts';
import type { Extension } from './extension.ts';

const MAX_REACTIONS = 10;

/** Only emoji: a reaction is drawn without the care that a text gets. */
function readReactions(value: unknown): IncomingMessage['reactions'] {
	const { id, emojis } = fields(value);
	const target = idOf(id);
	if (target === undefined) return undefined;
	const list = Array.isArray(emojis) ? emojis.slice(0, MAX_REACTIONS).map(textOf) : [];
	const shown = list.map((text) => text?.trim() ?? '').filter(isEmoji);
	return { id: target, emojis: distinctEmojis(shown) };
}

export const REACTIONS: Extension = {
	number: '0444',
	version: '0.2.1',
	name: 'Message Reactions',
	features: ['urn:xmpp:reactions:0'],
	definitions: [
		{
			namespace: 'urn:xmpp:reactions:0',
			element: 'reactions',
			path: 'message.reactions',
			fields: { id: JXT.attribute('id'), emojis: JXT.multipleChildText(null, 'reaction') },
		},
	],
	read: (raw) => present('reactions', readReactions(raw['reactions'])),
	write: ({ reactions }) =>
		reactions === undefined
			? {}
			: { reactions: { id: reactions.id, emojis: [...reactions.emojis] } },
};
