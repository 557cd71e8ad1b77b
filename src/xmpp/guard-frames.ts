import type { Agent } from 'stanza';
import { readFrame } from './read-frame.ts';

/** Fields of stanza 12.22 that its declarations leave out. */
interface WebSocketTransport {
	readonly socket?: WebSocket;
	hasStream: boolean;
	stream?: object;
	push(frame: object): void;
	disconnect(clean?: boolean): void;
}

/**
 * Reads each frame on its own, in the place of stanza's parser: there, one stanza that it cannot read ends the stream, or
 * takes all that follows for a part of it. The server would send it again to each session that goes on.
 */
export function guardFrames(agent: Agent): void {
	agent.on('connected', () => {
		const transport = agent.transport as WebSocketTransport | undefined;
		const socket = transport?.socket;
		if (transport === undefined || socket === undefined) return;
		socket.onmessage = ({ data }: MessageEvent) => {
			const text = String(data);
			agent.emit('raw', 'incoming', text);
			const frames = readFrame(agent.stanzas, text);
			if (frames === undefined) {
				agent.emit('stream:error', { condition: 'invalid-xml' } as never);
				transport.disconnect();
				return;
			}
			for (const { kind, stanza } of frames) {
				// At once, and not after what stands in the queue: the end of the stream, which follows, is told at once, too.
				if (kind === 'streamError') agent.emit('streamError' as 'stream:error', stanza as never);
				else if (kind !== 'stream') transport.push({ kind, stanza });
				else if ((stanza as { action?: unknown }).action === 'open') {
					transport.hasStream = true;
					transport.stream = stanza;
					agent.emit('stream:start', stanza as never);
				} else {
					agent.emit('stream:end');
					transport.disconnect();
				}
			}
		};
	});
}
