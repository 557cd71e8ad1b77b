import type { OutgoingMessage } from '../../xmpp/message.ts';

/** Notes that are kept; older ones give way. */
const MAX_NOTES = 500;

/**
 * What is sent besides messages: receipts, read markers, answers of keys. Not worth a place on disk, but a lost connection
 * must not lose them: others wait for them.
 */
export interface Notes {
	/** Sends a note now, or once there is a connection. */
	add(note: OutgoingMessage): void;
	acknowledged(id: string): void;
	/** Sends what waits for a connection; `isNew`: the server's session is a new one, and knows nothing of what was sent. */
	flush(isNew: boolean): void;
}

export function createNotes(owner: {
	readonly isOnline: boolean;
	send(note: OutgoingMessage): void;
}): Notes {
	const waiting = new Map<string, { note: OutgoingMessage; isSent: boolean }>();
	const send = (entry: { note: OutgoingMessage; isSent: boolean }) => {
		if (!owner.isOnline) return;
		owner.send(entry.note);
		entry.isSent = true;
	};
	return {
		add(note) {
			const entry = { note, isSent: false };
			waiting.set(note.id, entry);
			const [oldest] = waiting.keys();
			if (waiting.size > MAX_NOTES && oldest !== undefined) waiting.delete(oldest);
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
