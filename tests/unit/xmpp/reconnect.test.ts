import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Line } from './support.ts';

let line: Line;
let attempts: number;
beforeEach(async () => {
	line = await Line.open();
	attempts = 0;
	vi.spyOn(line.wire.agent, 'connect').mockImplementation(async () => {
		attempts += 1;
	});
	vi.useFakeTimers();
});
afterEach(async () => {
	vi.useRealTimers();
	await line.close();
});

async function cut(): Promise<void> {
	line.wire.agent.emit('--transport-disconnected');
	await vi.advanceTimersByTimeAsync(1);
}

it('who is woken while it waits tries once', async () => {
	await cut();
	line.connection.wake();
	await vi.advanceTimersByTimeAsync(60_000);
	expect(attempts).toBe(1);
});

it('after a session that went on it waits no longer than after a new one', async () => {
	for (let cuts = 0; cuts < 6; cuts++) {
		await cut();
		line.wire.agent.emit('stream:management:resumed', {} as never);
	}
	attempts = 0;
	await cut();
	await vi.advanceTimersByTimeAsync(3000);
	expect(attempts).toBe(1);
});

it('who is woken does not cut off an attempt that is under way, unless it takes long', async () => {
	vi.mocked(line.wire.agent.connect).mockRestore();
	let begun = 0;
	class Transport {
		connect() {
			begun += 1;
		}
		disconnect() {
			line.wire.agent.emit('--transport-disconnected');
		}
	}
	line.wire.agent.transports = { websocket: Transport as never };
	await cut();
	await vi.advanceTimersByTimeAsync(3000);
	expect(begun).toBe(1);
	for (let n = 0; n < 10; n++) line.connection.wake();
	await vi.advanceTimersByTimeAsync(1);
	expect(begun).toBe(1);
	await vi.advanceTimersByTimeAsync(5000);
	line.connection.wake();
	await vi.advanceTimersByTimeAsync(1);
	expect(begun).toBe(2);
});

it('a server is told on every stream that nobody looks', async () => {
	const { agent } = line.wire;
	const resume = () => {
		agent.features.negotiated['clientStateIndication'] = true;
		agent.emit('stream:management:resumed', {} as never);
	};
	const sent = vi.spyOn(agent, 'send');
	const states = () => sent.mock.calls.filter(([name]) => name === 'csi').map(([, csi]) => csi);
	await cut();
	line.connection.setActive(false);
	expect(states()).toEqual([]);
	resume();
	expect(states()).toEqual([{ state: 'inactive' }]);
	line.connection.setActive(true);
	await cut();
	resume();
	expect(states()).toEqual([{ state: 'inactive' }, { state: 'active' }]);
});
