import { beforeEach, expect, it } from 'vitest';
import {
	createReceiptQueue,
	type ReceiptQueue,
} from '../../../../src/chat/messages/receipt-queue.ts';

let isOnline: boolean;
let sent: string[];
let queue: ReceiptQueue;

beforeEach(() => {
	isOnline = true;
	sent = [];
	queue = createReceiptQueue({
		get isOnline() {
			return isOnline;
		},
		send: ({ id }) => void sent.push(id),
	});
});

const add = (id: string) => queue.add({ id, to: 'you@b.example', receiptFor: id, store: true });

it('a note that the server has is not sent again', () => {
	add('a');
	queue.acknowledged('a');
	queue.flush(true);
	expect(sent).toEqual(['a']);
});

it('a note that was lost with the session is sent again, in order', () => {
	add('a');
	add('b');
	queue.acknowledged('a');
	isOnline = false;
	add('c');
	isOnline = true;
	queue.flush(true);
	expect(sent).toEqual(['a', 'b', 'b', 'c']);
});

it('a session that goes on sends again itself; only what waited goes out', () => {
	add('a');
	isOnline = false;
	add('b');
	queue.flush(false);
	isOnline = true;
	queue.flush(false);
	queue.flush(false);
	expect(sent).toEqual(['a', 'b']);
});

it('there are never more than a few thousand', () => {
	isOnline = false;
	for (let n = 0; n < 5100; n++) add(`${n}`);
	isOnline = true;
	queue.flush(true);
	expect(sent).toHaveLength(5000);
	expect(sent[0]).toBe('100');
});
