// Displayed Markers, XEP-0333 version 1.0.0

import { fields, idOf, present } from '../untrusted.ts';
import type { Extension } from './extension.ts';

export const MARKERS: Extension = {
	number: '0333',
	version: '1.0.0',
	name: 'Displayed Markers',
	features: ['urn:xmpp:chat-markers:0'],
	read(raw) {
		const { type, id } = fields(raw['marker']);
		return {
			isMarkable: type === 'markable',
			...present('displayedId', type === 'displayed' ? idOf(id) : undefined),
		};
	},
	write({ isMarkable, displayedId }) {
		if (displayedId !== undefined) return { marker: { type: 'displayed', id: displayedId } };
		return isMarkable ? { marker: { type: 'markable' } } : {};
	},
};
