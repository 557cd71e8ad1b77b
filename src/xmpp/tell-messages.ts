import { readCarbon } from './extensions/carbons.ts';
import type { CountAfter } from './extensions/stream-management/ack-after-write.ts';
import type { Line } from './line.ts';

/** Tells which messages come, each reduced to what we understand, and which of ours the server has taken. */
export function tellMessages(line: Line, countAfter: CountAfter): void {
	const { agent, events } = line;
	agent.on('message:acked', ({ id, type }) => {
		// Our error replies carry the sender's id, which may equal one of ours.
		if (id !== undefined && type !== 'error') events.acked(id);
	});
	// Before stanza's own, which would take the carbons of any device of ours for the server's.
	agent.prependListener('message', (stanza) => {
		const { carbon } = stanza;
		delete stanza.carbon;
		// The archive's results are collected where they were asked for.
		if (stanza.archive || stanza.pubsub) return;
		const message =
			carbon === undefined ? line.readMessage(stanza) : readCarbon(line, stanza.from, carbon);
		if (message !== undefined) countAfter(Promise.resolve(events.message(message)));
	});
}
