import { beforeEach, expect, it } from 'vitest';
import { createInbox, type Inbox } from '../../../../src/chat/messages/inbox.ts';
import type { IncomingMessage } from '../../../../src/xmpp/message.ts';

let inbox: Inbox;
let kept: string[];
let told: string[];
/** how many were dealt with at once */
let together: number[];
/** lets what waits for room go on; undefined while there is room */
let room: { promise: Promise<boolean>; resolve(isKept: boolean): void } | undefined;

beforeEach(() => {
	kept = [];
	told = [];
	together = [];
	room = undefined;
	inbox = createInbox({
		async take(messages) {
			if (room !== undefined && !(await room.promise)) throw new Error('given up');
			kept.push(...messages.map(({ id = '' }) => id));
			together.push(messages.length);
		},
		overflowed: () => told.push('overflowed'),
	});
});

function fill() {
	let resolve: (isKept: boolean) => void = () => undefined;
	const promise = new Promise<boolean>((done) => {
		resolve = done;
	});
	room = { promise, resolve };
	return (isKept: boolean) => {
		room = undefined;
		resolve(isKept);
	};
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

const message = (id: string) => ({ id, archiveId: id }) as IncomingMessage;

it('keeps what comes in its order, and says when it is kept', async () => {
	inbox.open();
	await Promise.all(['a', 'b', 'c'].map((id) => inbox.receive(message(id))));
	expect(kept).toEqual(['a', 'b', 'c']);
});

it('waits for room on the disk: nothing is passed over or acknowledged before', async () => {
	inbox.open();
	const empty = fill();
	const acknowledged: string[] = [];
	for (const id of ['a', 'b']) void inbox.receive(message(id)).then(() => acknowledged.push(id));
	await settled();
	expect([kept, acknowledged]).toEqual([[], []]);
	empty(true);
	await settled();
	expect([kept, acknowledged]).toEqual([
		['a', 'b'],
		['a', 'b'],
	]);
});

it('holds what is newer until the archive is read', async () => {
	const first = inbox.receive(message('a'));
	await settled();
	expect(kept).toEqual([]);
	inbox.open();
	await first;
	inbox.hold();
	const second = inbox.receive(message('b'));
	await settled();
	expect(kept).toEqual(['a']);
	inbox.open();
	await second;
	expect(kept).toEqual(['a', 'b']);
});

it('gives up what could not be kept when it closes', async () => {
	inbox.open();
	const empty = fill();
	const refused = expect(inbox.receive(message('a'))).rejects.toThrow('not kept');
	await settled();
	inbox.close();
	empty(false);
	await refused;
	await expect(inbox.receive(message('b'))).rejects.toThrow('not kept');
	expect([kept, told]).toEqual([[], []]);
});

it('takes only so much into memory, and after that nothing until the archive comes first again', async () => {
	inbox.open();
	const empty = fill();
	const outcomes: string[] = [];
	const receive = (id: string) =>
		inbox.receive(message(id)).then(
			() => outcomes.push('kept'),
			() => outcomes.push('not kept'),
		);
	const all = Array.from({ length: 2500 }, (_, n) => receive(`${n}`));
	await settled();
	expect(outcomes).toEqual(Array.from({ length: 500 }, () => 'not kept'));
	empty(true);
	await Promise.all(all);
	expect(kept).toHaveLength(2000);
	expect(Math.max(...together)).toBe(250);
	await settled();
	expect(told.at(-1)).toBe('overflowed');
	// The position must not move past what was left out.
	await receive('too early');
	expect(outcomes.at(-1)).toBe('not kept');
	inbox.hold();
	inbox.open();
	await receive('later');
	expect(kept.at(-1)).toBe('later');
});
