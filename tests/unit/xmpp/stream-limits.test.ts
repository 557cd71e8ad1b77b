import { afterEach, expect, it } from 'vitest';
import { FEATURES, Line, YOU } from './support.ts';

let line: Line;
afterEach(() => line.close());

const withLimits = (limits: string) =>
	FEATURES.replace('<sm ', `<limits xmlns="urn:xmpp:stream-limits:0">${limits}</limits><sm `);

it.each([
	['<max-bytes>262144</max-bytes><idle-seconds>300</idle-seconds>', 262_144],
	['<max-bytes>10000</max-bytes>', 10_000],
	['<max-bytes>1</max-bytes>', 10_000],
	['<max-bytes>0</max-bytes>', 65_536],
	['<max-bytes>-5</max-bytes>', 65_536],
	['<max-bytes>plenty</max-bytes>', 65_536],
	['<max-bytes/>', 65_536],
	['<max-bytes>1e300</max-bytes>', 10_000],
	['<max-bytes>99999999999999999999999</max-bytes>', 65_536],
	['<max-bytes>999999999999</max-bytes>', 16_777_216],
	['<idle-seconds>300</idle-seconds>', 65_536],
	['', 65_536],
])('a server that says %s lets %d bytes through', async (limits, bytes) => {
	line = await Line.open({ features: withLimits(limits) });
	expect(line.connection.stanzaLimit).toBe(bytes);
});

it('a server that says nothing lets what is usual through, whatever the one before it said', async () => {
	line = await Line.open({ features: withLimits('<max-bytes>20000</max-bytes>') });
	await line.wire.receive('<features xmlns="http://etherx.jabber.org/streams"/>');
	expect(line.connection.stanzaLimit).toBe(65_536);
});

it('the size of a message is what goes over the wire, in bytes', async () => {
	line = await Line.open();
	const message = { id: 'm1', to: YOU, body: '<ü€😀&"', wantsReceipt: true, store: true } as const;
	const size = line.connection.sizeOf(message);
	line.connection.send(message);
	await line.wire.receive();
	expect(line.wire.sent).toHaveLength(1);
	expect(size).toBe(Buffer.byteLength(line.wire.sent[0] ?? ''));
});
