import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Line, ME, YOU } from './support.ts';

/** A write that ends when the test says so. */
interface Write {
	readonly end: () => void;
	readonly fail: () => void;
}

let line: Line;
let writes: Write[];
beforeEach(async () => {
	line = await Line.open();
	line.wire.counts.length = 0;
	writes = [];
	line.keeping = () =>
		new Promise((resolve, reject) => {
			writes.push({ end: resolve, fail: () => reject(new Error('the disk is full')) });
		});
});
afterEach(async () => {
	vi.useRealTimers();
	await line.close();
});

const says = (id: string) =>
	`<message xmlns="jabber:client" type="chat" from="${YOU}/x" to="${ME}" id="${id}"><body>${id}</body></message>`;
const asks = () => line.wire.receive('<r xmlns="urn:xmpp:sm:3"/>');
const counts = () =>
	line.wire.counts.filter(({ type }) => type === 'ack').map(({ handled }) => handled);
/** All that follows from what has happened. */
const settle = async () => {
	await new Promise((resolve) => setImmediate(resolve));
	await line.wire.receive();
};
/** What it had counted before the messages. */
const before = () => line.wire.received;

it('what is not on the disk yet is not counted; the server is answered once it is', async () => {
	const base = before();
	await line.wire.receive(says('a'), says('b'));
	await asks();
	expect(counts()).toEqual([]);
	writes[0]?.end();
	await settle();
	expect(counts()).toEqual([]);
	writes[1]?.end();
	await settle();
	expect(counts()).toEqual([base + 2]);
});

it('stanzas count in the order they came', async () => {
	const base = before();
	await line.wire.receive(says('a'), says('b'));
	writes[1]?.end();
	await settle();
	expect(line.wire.agent.sm.handled).toBe(base);
	writes[0]?.end();
	await settle();
	expect(line.wire.agent.sm.handled).toBe(base + 2);
});

it('what is no message waits for the messages before it', async () => {
	const base = before();
	await line.wire.receive(says('a'), `<presence xmlns="jabber:client" from="${YOU}/x"/>`);
	expect(line.wire.agent.sm.handled).toBe(base);
	writes[0]?.end();
	await settle();
	expect(line.wire.agent.sm.handled).toBe(base + 2);
});

it('a write that takes long does not keep the server waiting, nor what comes next', async () => {
	const base = before();
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	await line.wire.receive(says('a'));
	await asks();
	await line.wire.receive(says('b'));
	expect(writes).toHaveLength(2);
	vi.advanceTimersByTime(5000);
	await settle();
	expect(counts()).toEqual([base]);
	for (const write of writes) write.end();
	await settle();
	expect(counts()).toEqual([base, base + 2]);
});

it('what could not be kept is never counted, nor what came after it; the server is answered at once', async () => {
	const base = before();
	await line.wire.receive(says('a'), says('b'), says('c'));
	writes[0]?.end();
	writes[1]?.fail();
	writes[2]?.end();
	await settle();
	await asks();
	await settle();
	expect(counts()).toEqual([base + 1]);
});

it('a session is resumed from what was kept; what comes again is counted again', async () => {
	const base = before();
	await line.wire.receive(says('a'), says('b'), says('c'));
	writes[0]?.end();
	writes[1]?.fail();
	await settle();
	void line.wire.agent.sm.resume();
	await settle();
	expect(line.wire.counts.findLast(({ type }) => type === 'resume')).toMatchObject({
		handled: base + 1,
	});
	// Too late: the server sends it again.
	writes[2]?.end();
	await settle();
	expect(line.wire.agent.sm.handled).toBe(base + 1);
	await line.wire.receive(says('b'), says('c'));
	writes[3]?.end();
	writes[4]?.end();
	await settle();
	expect(line.wire.agent.sm.handled).toBe(base + 3);
});
