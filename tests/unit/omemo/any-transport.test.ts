import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PublishedBundle } from '../../../src/core/omemo-element.ts';
import { pass, passUntil } from './pass-time.ts';
import { Client, Failure, Server } from './support.ts';

const A = 'alice@a.example';
const B = 'bob@b.example';
const C = 'carol@c.example';
/** Milliseconds: what a silent device may cost, when the connection gives up, and what nothing may ever take. */
const PATIENCE = 5000;
const TIMEOUT = 15_000;
const BOUND = 21_000;

const KINDS = [
	'ok',
	'slow',
	'permanent',
	'passing',
	'malformed',
	'missing',
	'silent',
	'offline',
] as const;
type Kind = (typeof KINDS)[number];
const isReachable = (kind: Kind) => kind === 'ok' || kind === 'slow';
const mayPass = (kind: Kind) => kind === 'passing' || kind === 'silent';

let server: Server;
let bobs: Client[];
let alices: Client[];
beforeEach(async () => {
	server = new Server();
	const make = (account: string, count: number) =>
		Promise.all(Array.from({ length: count }, () => new Client(server, account).start()));
	[bobs, alices] = [await make(B, 5), await make(A, 2)];
	await make(C, 1);
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => void vi.useRealTimers());

const wait = (milliseconds: number) =>
	new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

function gate(kind: Kind, slowness: number) {
	return async (): Promise<PublishedBundle | undefined | 'none'> => {
		if (kind === 'slow') await wait(slowness);
		if (kind === 'silent') {
			await wait(TIMEOUT);
			throw new Failure('passing');
		}
		if (kind === 'permanent' || kind === 'passing' || kind === 'offline') throw new Failure(kind);
		if (kind === 'missing') return 'none';
		// What is no bundle at all, whatever the types say.
		if (kind === 'malformed')
			return { identityKey: 1, preKeys: null } as unknown as PublishedBundle;
		return undefined;
	};
}

const kind = fc.constantFrom(...KINDS);
const slowness = fc.integer({ min: 1, max: PATIENCE - 500 });
const device = fc.record({ kind, slowness });
const scenario = fc.record({
	theirs: fc.array(device, { minLength: 1, maxLength: 5 }),
	ours: fc.array(device, { maxLength: 2 }),
	carolFirst: fc.boolean(),
	tries: fc.integer({ min: 1, max: 3 }),
});

it('a message reaches all that can be reached, in time, whatever the others do', async () => {
	await fc.assert(
		fc.asyncProperty(scenario, async ({ theirs, ours, carolFirst, tries }) => {
			const alice = new Client(server, A);
			const ids = (clients: Client[]) => clients.map(({ omemo }) => omemo.deviceId ?? 0);
			const bobIds = ids(bobs).slice(0, theirs.length);
			const ourIds = ids(alices).slice(0, ours.length);
			server.lists.set(A, ourIds);
			server.lists.set(B, bobIds);
			server.bundleGates.clear();
			for (const [at, { kind, slowness }] of theirs.entries())
				server.bundleGates.set(`${B}/${bobIds[at]}`, gate(kind, slowness));
			for (const [at, { kind, slowness }] of ours.entries())
				server.bundleGates.set(`${A}/${ourIds[at]}`, gate(kind, slowness));
			await alice.start();

			const all = [...theirs, ...ours].map(({ kind }) => kind);
			const good = (devices: typeof theirs, known: number[]) =>
				known.filter((_, at) => isReachable(devices[at]?.kind ?? 'missing'));
			const wanted = [...good(theirs, bobIds), ...good(ours, ourIds)].sort();
			for (let attempt = 0; attempt < tries; attempt++) {
				const toCarol = () => alice.encrypt(C, 'hello').then(() => 'sent', nameOf);
				const early = carolFirst ? toCarol() : undefined;
				let rids: number[] = [];
				const sending = alice.encrypt(B, 'hello').then((sent) => {
					rids = sent.keys.map(({ rid }) => rid).sort();
					return [...alice.leftOut];
				}, nameOf);
				const carol = early ?? toCarol();
				const carolTime = await passUntil(carol, BOUND);
				expect(carolTime).toBeLessThanOrEqual(PATIENCE);
				expect(await carol).toBe(ours.some(({ kind }) => kind === 'offline') ? 'offline' : 'sent');
				await passUntil(sending, BOUND);
				const outcome = await sending;
				if (all.includes('offline')) expect(outcome).toBe('offline');
				else if (!theirs.some(({ kind }) => isReachable(kind)))
					expect(outcome).toBe(
						theirs.some(({ kind }) => mayPass(kind)) ? 'unavailable' : 'no-devices',
					);
				else {
					expect(rids).toEqual(wanted);
					const missed = [...bobIds, ...ourIds].filter((id) => !wanted.includes(id));
					expect((outcome as { id: number }[]).map(({ id }) => id)).toEqual(missed);
				}
			}
			await pass(TIMEOUT);
			for (const [jid, devices, known] of [
				[B, theirs, bobIds],
				[A, ours, ourIds],
			] as const) {
				const infos = await alice.omemo.devices(jid);
				for (const [at, { kind }] of devices.entries()) {
					const info = infos.find(({ id }) => id === known[at]);
					expect(info?.leftOut !== undefined).toBe(!isReachable(kind) && kind !== 'offline');
				}
			}
			alice.omemo.close();
		}),
		{ numRuns: 60 },
	);
}, 60_000);

function nameOf(thrown: unknown): string {
	const { code, message } = thrown as { code?: string; message: string };
	return code ?? message;
}
