import type { OutgoingMessage } from '../../xmpp/message.ts';

/** Receipts that wait at most, more than what comes in a day's absence; older ones give way. */
const MAX_WAITING = 5000;

/**
 * Receipts, read markers and answers of keys, in memory until the server has acknowledged them: a lost connection must not lose
 * them, because others wait for them.
 */
export interface ReceiptQueue {
	/** Sends one now, or once there is a connection. */
	add(receipt: OutgoingMessage): void;
	acknowledged(id: string): void;
	/** Sends what waits for a connection; `isNew`: the server's session is a new one, and knows nothing of what was sent. */
	flush(isNew: boolean): void;
}

export function createReceiptQueue(connection: {
	readonly isOnline: boolean;
	send(receipt: OutgoingMessage): void;
}): ReceiptQueue {
	const waiting = new Map<string, { receipt: OutgoingMessage; isSent: boolean }>();
	const send = (entry: { receipt: OutgoingMessage; isSent: boolean }) => {
		if (!connection.isOnline) return;
		connection.send(entry.receipt);
		entry.isSent = true;
	};
	return {
		add(receipt) {
			const entry = { receipt, isSent: false };
			waiting.set(receipt.id, entry);
			const [oldest] = waiting.keys();
			if (waiting.size > MAX_WAITING && oldest !== undefined) waiting.delete(oldest);
			send(entry);
		},
		acknowledged(id) {
			waiting.delete(id);
		},
		flush(isNew) {
			for (const entry of waiting.values()) if (isNew || !entry.isSent) send(entry);
		},
	};
}
