import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createInbox, type Inbox } from '../../../src/chat/messenger/inbox.ts';
import { MediaError } from '../../../src/core/errors.ts';
import { createMutex } from '../../../src/core/mutex.ts';
import type { IncomingMessage } from '../../../src/xmpp/message.ts';

const FULL = new MediaError('storage-full');

let inbox: Inbox;
let kept: string[];
let told: string[];
let failure: unknown;

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	kept = [];
	told = [];
	failure = undefined;
	inbox = createInbox({
		async process({ id = '' }) {
			if (failure !== undefined) throw failure;
			kept.push(id);
		},
		serial: createMutex(),
		listeners: {
			kept: async ({ archiveId }) => void (archiveId && told.push(`position ${archiveId}`)),
			storage: (isFull) => told.push(isFull ? 'full' : 'room'),
			overflowed: () => told.push('overflowed'),
			report: () => told.push('mistake'),
		},
	});
});
afterEach(() => void vi.useRealTimers());

const message = (id: string) => ({ id, archiveId: id }) as IncomingMessage;

it('keeps what comes in its order, and says when it is kept', async () => {
	inbox.open();
	await Promise.all(['a', 'b', 'c'].map((id) => inbox.receive(message(id))));
	expect(kept).toEqual(['a', 'b', 'c']);
	expect(told).toEqual(['position a', 'position b', 'position c']);
});

it('waits for room on the disk: nothing is passed over, acknowledged or moves the position before', async () => {
	inbox.open();
	failure = FULL;
	const acknowledged: string[] = [];
	for (const id of ['a', 'b']) void inbox.receive(message(id)).then(() => acknowledged.push(id));
	for (let n = 0; n < 20; n++) await vi.advanceTimersByTimeAsync(60_000);
	expect([kept, acknowledged]).toEqual([[], []]);
	expect(new Set(told)).toEqual(new Set(['full']));
	failure = undefined;
	await vi.advanceTimersByTimeAsync(60_000);
	expect([kept, acknowledged]).toEqual([
		['a', 'b'],
		['a', 'b'],
	]);
	expect(told.filter((word) => word !== 'full')).toEqual(['position a', 'room', 'position b']);
});

it('a mistake of ours holds up what comes after it for a while only', async () => {
	inbox.open();
	failure = new TypeError('ours');
	const first = inbox.receive(message('a'));
	await vi.advanceTimersByTimeAsync(10_000);
	await first;
	failure = undefined;
	await inbox.receive(message('b'));
	expect(kept).toEqual(['b']);
	expect(told).toContain('mistake');
});

it('holds what is newer until the archive is read', async () => {
	const first = inbox.receive(message('a'));
	await vi.advanceTimersByTimeAsync(0);
	expect(kept).toEqual([]);
	inbox.open();
	await first;
	inbox.hold();
	const second = inbox.receive(message('b'));
	await vi.advanceTimersByTimeAsync(0);
	expect(kept).toEqual(['a']);
	inbox.open();
	await second;
	expect(kept).toEqual(['a', 'b']);
});

it('gives up what could not be kept when it closes', async () => {
	inbox.open();
	failure = FULL;
	const first = inbox.receive(message('a'));
	const refused = expect(first).rejects.toThrow('not kept');
	await vi.advanceTimersByTimeAsync(10);
	inbox.close();
	await refused;
	await expect(inbox.receive(message('b'))).rejects.toThrow('not kept');
	failure = undefined;
	await vi.advanceTimersByTimeAsync(60_000);
	expect(kept).toEqual([]);
	expect(vi.getTimerCount()).toBe(0);
});

it('takes only so much into memory: the rest is read from the archive once there is room', async () => {
	inbox.open();
	failure = FULL;
	const results = await Promise.all(
		Array.from({ length: 2500 }, async (_, n) => {
			const work = inbox.receive(message(`${n}`));
			return Promise.race([
				work.then(
					() => 'kept',
					() => 'not kept',
				),
				vi.advanceTimersByTimeAsync(0).then(() => 'waits'),
			]);
		}),
	);
	expect(results.filter((result) => result === 'not kept')).toHaveLength(500);
	failure = undefined;
	await vi.advanceTimersByTimeAsync(60_000);
	expect(kept).toHaveLength(2000);
	expect(told.at(-1)).toBe('overflowed');
	await inbox.receive(message('later'));
	expect(kept.at(-1)).toBe('later');
});
