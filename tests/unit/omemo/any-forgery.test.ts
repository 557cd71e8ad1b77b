import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OmemoElement } from '../../../src/core/omemo-element.ts';
import { Client, Forger, Server } from './support.ts';

const A = 'alice@a.example';
const B = 'bob@b.example';
const HOUR = 60 * 60 * 1000;

const STEPS = [
	'true',
	'true',
	'deliver',
	'deliver',
	'forged beginning',
	'forged message',
	'garbage',
	'replay',
	'replay elsewhere',
	'list without',
	'junk list',
	'list',
	'other bundle',
	'no prekeys',
	'bundle',
	'heal',
	'heal unheard',
	'send',
	'send unheard',
	'restart',
] as const;
const step = fc.record({ what: fc.constantFrom(...STEPS), pick: fc.nat(1000) });

const server = new Server();
const forgers = [new Forger(server, B), new Forger(server, B)];

/** What cannot be read, or was read before, changes nothing. */
const ignored = (work: Promise<unknown>) =>
	work.then(
		() => 'read',
		() => 'refused',
	);

it('a verified device is read and written to, whatever is said in its name and in any order', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
			server.lists.clear();
			const bob = await new Client(server, B).start();
			let alice = await new Client(server, A).start();
			const sid = bob.omemo.deviceId ?? 0;
			const own = server.bundles.get(`${B}/${sid}`) ?? expect.unreachable();
			const ours = () => `${A}/${alice.omemo.deviceId}`;
			await bob.decrypt(A, await alice.encrypt(B, 'hello'));
			const [known] = await alice.omemo.devices(B);
			const fingerprint = known?.fingerprint ?? '';
			await alice.omemo.setTrust(B, fingerprint, 'verified');

			const underWay: { text: string; element: OmemoElement }[] = [];
			const read: OmemoElement[] = [];
			const list = (...ids: number[]) => {
				server.lists.set(B, ids);
				return alice.omemo.listChanged(B, ids);
			};
			const deliver = async (at: number) => {
				const [next] = underWay.splice(at % Math.max(underWay.length, 1), 1);
				if (next === undefined) return;
				const got = await alice.decrypt(B, next.element);
				expect(got).toMatchObject({ text: next.text, device: { trust: 'verified' } });
				read.push(next.element);
			};
			const heal = async (isHeard: boolean) => {
				alice.time += HOUR;
				await alice.omemo.heal(B, sid, async (element, writes) => {
					await alice.vault.chat.write(writes);
					if (isHeard) await bob.decrypt(A, element);
				});
			};
			const send = async (isHeard: boolean) => {
				const isListed = server.lists.get(B)?.includes(sid) === true;
				const sending = alice.encrypt(B, 'to bob');
				if (!isListed) return void (await ignored(sending));
				const sent = await sending;
				expect(sent.keys.map(({ rid }) => rid)).toEqual([sid]);
				if (isHeard) expect((await bob.decrypt(A, sent)).text).toBe('to bob');
			};
			for (const [number, { what, pick }] of steps.entries()) {
				const forger = forgers[pick % forgers.length] as Forger;
				const again = read[pick % Math.max(read.length, 1)];
				if (what === 'true') {
					const text = `message ${number}`;
					underWay.push({ text, element: await bob.encrypt(A, text) });
				} else if (what === 'deliver') await deliver(pick);
				else if (what === 'forged beginning') {
					const forged = await forger.forge(alice, 'trust me', sid);
					expect((await alice.decrypt(B, forged)).device.trust).toBe('undecided');
				} else if (what === 'forged message') {
					await forger.forge(alice, 'lost', sid);
					const forged = { ...(await forger.client.encrypt(A, 'more')), sid };
					expect((await alice.decrypt(B, forged)).device.trust).toBe('undecided');
				} else if (what === 'garbage') {
					const rid = alice.omemo.deviceId ?? 0;
					const bytes = crypto.getRandomValues(new Uint8Array(pick));
					const keys = [{ rid, isPreKey: pick % 2 === 0, bytes }];
					const element = { sid, iv: new Uint8Array(12), keys };
					expect(await ignored(alice.decrypt(B, element))).toBe('refused');
				} else if (what === 'replay' && again)
					expect(await ignored(alice.decrypt(B, again))).toBe('refused');
				else if (what === 'replay elsewhere' && again)
					expect(await ignored(alice.decrypt(B, { ...again, sid: sid + 1 }))).toBe('refused');
				else if (what === 'list without') await list();
				else if (what === 'junk list')
					await list(...Array.from({ length: 110 }, (_, at) => 5000 + pick + at));
				else if (what === 'list') await list(sid);
				else if (what === 'other bundle') {
					await forger.forge(alice, 'lost', sid);
					server.bundles.set(`${B}/${sid}`, forger.bundle);
				} else if (what === 'no prekeys') {
					const bundle = server.bundles.get(ours()) ?? expect.unreachable();
					server.bundles.set(ours(), { ...bundle, preKeys: [] });
				} else if (what === 'bundle') server.bundles.set(`${B}/${sid}`, own);
				else if (what === 'heal') await heal(true);
				else if (what === 'heal unheard') await heal(false);
				else if (what === 'send') await send(true);
				else if (what === 'send unheard') await send(false);
				else if (what === 'restart') {
					const { time } = alice;
					alice.omemo.close();
					alice = new Client(server, A, alice.vault);
					alice.time = time;
					await alice.start();
				}
				const devices = (await alice.omemo.devices(B)).filter(({ id }) => id === sid);
				expect(devices[0]).toMatchObject({ fingerprint, trust: 'verified' });
			}
			while (underWay.length > 0) await deliver(0);
			server.bundles.set(`${B}/${sid}`, own);
			await list(sid);
			await send(true);
			alice.omemo.close();
			bob.omemo.close();
		}),
		{ numRuns: 60 },
	);
}, 120_000);
