// Message Delivery Receipts, XEP-0184 version 1.4.0

import { fields, idOf, present } from '../untrusted.ts';
import type { Extension } from './extension.ts';

export const RECEIPTS: Extension = {
	number: '0184',
	version: '1.4.0',
	name: 'Message Delivery Receipts',
	features: ['urn:xmpp:receipts'],
	read(raw) {
		const { type, id } = fields(raw['receipt']);
		return {
			wantsReceipt: type === 'request',
			...present('receiptFor', type === 'received' ? idOf(id) : undefined),
		};
	},
	write({ wantsReceipt, receiptFor }) {
		if (receiptFor !== undefined) return { receipt: { type: 'received', id: receiptFor } };
		return wantsReceipt ? { receipt: { type: 'request' } } : {};
	},
};
