import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
	createMessageWriter,
	type MessageWriter,
} from '../../../../src/chat/messages/message-writer.ts';
import { createMutex } from '../../../../src/core/async/mutex.ts';
import { MediaError } from '../../../../src/core/errors.ts';
import { OmemoError } from '../../../../src/omemo/omemo-error.ts';
import type { IncomingMessage } from '../../../../src/xmpp/message.ts';

const FULL = new MediaError('storage-full');
const MISTAKE = new TypeError('ours');

let writer: MessageWriter;
let failures: unknown[];
let told: string[];
let tries: number;

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	failures = [];
	told = [];
	tries = 0;
	writer = createMessageWriter({
		async process() {
			tries += 1;
			const failure = failures.shift();
			if (failure !== undefined) throw failure;
		},
		flush: async () => undefined,
		serial: createMutex(),
		listeners: {
			storage: (isFull) => told.push(isFull ? 'full' : 'room'),
			unavailable: () => told.push('reload'),
			report: () => told.push('mistake'),
		},
	});
});
afterEach(() => {
	expect(vi.getTimerCount()).toBe(0);
	vi.useRealTimers();
});

const message = { id: 'a' } as IncomingMessage;
async function kept(isWanted?: () => boolean): Promise<boolean> {
	const work = writer.keep(message, isWanted);
	await vi.advanceTimersByTimeAsync(3_600_000);
	return work;
}

it('waits for room as long as it takes', async () => {
	failures = Array.from({ length: 50 }, () => FULL);
	expect(await kept()).toBe(true);
	expect([tries, told.at(0), told.at(-1)]).toEqual([51, 'full', 'room']);
});

it.each([
	[[MISTAKE, MISTAKE, MISTAKE, MISTAKE, MISTAKE], 4],
	[[FULL, FULL, FULL, FULL, FULL, MISTAKE, MISTAKE, MISTAKE, MISTAKE, MISTAKE], 9],
	[[MISTAKE, FULL, MISTAKE, FULL, MISTAKE, FULL, MISTAKE, FULL, MISTAKE], 7],
])(
	'passes over what four mistakes of ours did not let in, however they come: %#',
	async (all, wanted) => {
		failures = all;
		expect(await kept()).toBe(true);
		expect(tries).toBe(wanted);
		if (told.includes('full')) expect(told.at(-1)).toBe('room');
	},
);

it('says that there is room again, whichever call finds it', async () => {
	failures = Array.from({ length: 50 }, () => FULL);
	expect(await kept(() => tries < 3)).toBe(false);
	failures = [];
	expect(await kept()).toBe(true);
	expect(told.at(-1)).toBe('room');
});

it('waits for what cannot be loaded, and says so once', async () => {
	failures = Array.from({ length: 9 }, () => new OmemoError('unavailable'));
	expect(await kept()).toBe(true);
	expect([tries, told]).toEqual([10, ['reload']]);
});

it('gives up what is not wanted any more, and what waits when it closes', async () => {
	failures = Array.from({ length: 50 }, () => FULL);
	expect(await kept(() => tries < 3)).toBe(false);
	expect(tries).toBe(3);
	failures = Array.from({ length: 50 }, () => FULL);
	const work = writer.keep(message);
	await vi.advanceTimersByTimeAsync(10);
	writer.close();
	expect(await work).toBe(false);
	expect(await writer.keep(message)).toBe(false);
});
