import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FEATURES, Line, ME, YOU } from './support.ts';

let line: Line;
beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(async () => {
	vi.useRealTimers();
	await line.close();
});

const say = () => line.connection.send({ id: 'm', to: YOU, body: 'hi', store: true });
const ack = () => {
	const { lastAck, unacked } = line.wire.agent.sm;
	return line.wire.receive(`<a xmlns="urn:xmpp:sm:3" h="${lastAck + unacked.length}"/>`);
};
const hears = () => line.wire.receive(`<presence xmlns="jabber:client" from="${YOU}/x"/>`);
const isGone = () => line.told.some(([name]) => name === 'ended');
/** What it asked of the server. */
const asked = () => line.wire.counts.filter(({ type }) => type === 'request').length;
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

async function open(features = FEATURES): Promise<void> {
	line = await Line.open({ features });
	// It would try to reach a server.
	vi.spyOn(line.wire.agent, 'connect').mockImplementation(async () => undefined);
	if (features === FEATURES) await ack();
	line.wire.counts.length = 0;
}

it('a line that swallows what is sent is given up soon', async () => {
	await open();
	say();
	await line.wire.receive();
	await pass(14);
	expect(isGone()).toBe(false);
	await pass(2);
	expect(isGone()).toBe(true);
});

it('what is answered is no reason to give up, nor is a line on which nothing is said', async () => {
	await open();
	say();
	await line.wire.receive();
	await pass(10);
	await ack();
	await pass(30);
	expect(isGone()).toBe(false);
});

it('a quiet line is asked, and given up if it does not answer', async () => {
	await open();
	await pass(44);
	expect(asked()).toBe(0);
	await pass(2);
	expect(asked()).toBe(1);
	await pass(10);
	await ack();
	await pass(36);
	expect(asked()).toBe(2);
	await pass(16);
	expect(isGone()).toBe(true);
});

it('an answer that stands behind much else is waited for, but not for ever', async () => {
	await open();
	say();
	await line.wire.receive();
	for (let seconds = 0; seconds < 50; seconds += 10) {
		await pass(10);
		await hears();
	}
	expect(isGone()).toBe(false);
	await pass(11);
	expect(isGone()).toBe(true);
});

it('what was sent behind what is answered is waited for from then on', async () => {
	await open();
	say();
	await line.wire.receive();
	await pass(10);
	const { lastAck } = line.wire.agent.sm;
	say();
	await line.wire.receive(`<a xmlns="urn:xmpp:sm:3" h="${lastAck + 1}"/>`);
	await pass(10);
	expect(isGone()).toBe(false);
	await pass(6);
	expect(isGone()).toBe(true);
});

it('who is woken looks at once, gives up after three seconds, and begins again at once', async () => {
	await open();
	line.connection.wake();
	await line.wire.receive();
	expect(asked()).toBe(1);
	await pass(2.9);
	expect(isGone()).toBe(false);
	const { connect } = line.wire.agent;
	expect(connect).not.toHaveBeenCalled();
	await pass(0.2);
	expect(isGone()).toBe(true);
	await pass(0.1);
	expect(connect).toHaveBeenCalledOnce();
});

it('who is woken while an answer is due waits no longer for that', async () => {
	await open();
	say();
	await line.wire.receive();
	await pass(10);
	line.connection.wake();
	await pass(3.1);
	expect(isGone()).toBe(true);
});

it('whatever comes after one was woken is a sign of life', async () => {
	await open();
	line.connection.wake();
	await pass(2);
	await hears();
	await pass(10);
	expect(isGone()).toBe(false);
	await ack();
	line.connection.wake();
	await pass(2);
	await ack();
	await pass(40);
	expect(isGone()).toBe(false);
});

it('a server without stream management is pinged; a refusal is an answer', async () => {
	await open(FEATURES.replace('<sm xmlns="urn:xmpp:sm:3"/>', ''));
	line.wire.sent.length = 0;
	line.wire.nameIds('p');
	await pass(46);
	await line.wire.receive();
	expect(line.wire.sent.at(-1)).toContain('urn:xmpp:ping');
	await line.wire.receive(
		`<iq xmlns="jabber:client" type="error" id="p1" to="${ME}/web"><error type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
	);
	await pass(20);
	expect(isGone()).toBe(false);
	await pass(46);
	expect(isGone()).toBe(true);
});
