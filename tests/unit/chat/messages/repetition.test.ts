import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createIncoming } from '../../../../src/chat/messages/incoming.ts';
import { makeStores, type Stores } from '../../../../src/chat/messages/stores.ts';
import type { Message } from '../../../../src/chat/model/message.ts';
import type { IncomingMessage } from '../../../../src/xmpp/message.ts';
import { times } from '../../../what-runs.ts';
import { Client, Server } from '../../omemo/support.ts';

const ME = 'me@a.example';
const YOU = 'you@b.example';
const MINUTE = 60_000;

let stores: Stores;
let me: Client;
let you: Client;
let happened: string[];
let receive: (message: Partial<IncomingMessage>) => Promise<void>;

async function begin(): Promise<void> {
	const server = new Server();
	me = await new Client(server, ME).start();
	you = await new Client(server, YOU).start();
	stores = makeStores(me.vault.chat, ME);
	happened = [];
	const process = createIncoming({
		account: ME,
		stores,
		omemo: me.omemo,
		effects: {
			keep: async (message, _, more) =>
				stores.write([...(await stores.messages.put(message)), ...more]),
			takes: () => true,
			bounced: async () => false,
			reached: () => undefined,
			confirmed: async (id) => void happened.push(`confirmed ${id}`),
			readElsewhere: async () => undefined,
			deviceWrote: () => undefined,
			typing: () => undefined,
			receipt: (_, id) => happened.push(`receipt ${id}`),
			answer: () => undefined,
			broken: () => happened.push('broken'),
		},
	});
	receive = (message) => {
		const { from = YOU } = message;
		return process({
			from,
			fromFull: `${from}/x`,
			to: ME,
			isOwn: from === ME,
			peer: YOU,
			isError: false,
			time: 1,
			isDelayed: false,
			wantsReceipt: false,
			isMarkable: false,
			...message,
		});
	};
}
beforeEach(begin);

const all = (): Promise<Message[]> => stores.messages.page(YOU, { limit: 1000 });
const texts = async () => (await all()).map(({ text, problem }) => text ?? problem);

describe('an id that is used again', () => {
	it('is another message where it says something else, plain', async () => {
		await receive({ id: 'aaaa1', body: 'first', archiveId: '1' });
		await receive({ id: 'aaaa1', body: 'second', archiveId: '2', wantsReceipt: true });
		await receive({ id: 'aaaa1', body: 'third', originId: 'aaaa1' });
		expect(await texts()).toEqual(['first', 'second', 'third']);
		expect(happened).toEqual(['receipt aaaa1']);
	});

	it('is another message where it says something else, encrypted', async () => {
		for (const text of ['first', 'second', 'third'])
			await receive({ id: '1', originId: '1', encrypted: await you.encrypt(ME, text) });
		expect(await texts()).toEqual(['first', 'second', 'third']);
	});

	it('is one message where it says the same, and one copy lacks our archive’s id', async () => {
		await receive({ id: 'a', body: 'hello' });
		await receive({ id: 'a', body: 'hello', archiveId: '1', time: 60 * MINUTE });
		await receive({ id: 'a', body: 'hello' });
		expect(await texts()).toEqual(['hello']);
		expect((await all())[0]?.archiveId).toBe('1');
	});

	it('is two messages that say the same where more than ten minutes are between them', async () => {
		await receive({ id: 'a', body: 'ok', archiveId: '1', time: 0 });
		await receive({ id: 'a', body: 'ok', archiveId: '2', time: 9 * MINUTE });
		await receive({ id: 'a', body: 'ok', archiveId: '3', time: 11 * MINUTE });
		expect(await texts()).toEqual(['ok', 'ok']);
	});

	it('is one message where its origin-id is the same, however late it comes again', async () => {
		await receive({ id: 'a', originId: 'o', body: 'ok', archiveId: '1', time: 0 });
		await receive({ id: 'b', originId: 'o', body: 'ok', archiveId: '2', time: 90 * MINUTE });
		expect(await texts()).toEqual(['ok']);
	});

	it('stands for its newest message where something refers to it', async () => {
		await receive({ id: '1', body: 'first', archiveId: '1' });
		await receive({ id: '1', body: 'secnd', archiveId: '2' });
		await receive({ id: '2', body: 'second', replaces: '1', archiveId: '3' });
		await receive({ reactions: { id: '1', emojis: ['👍'] }, archiveId: '4' });
		expect((await all()).map(({ text, reactions }) => [text, reactions?.[0]?.emojis])).toEqual([
			['first', undefined],
			['second', ['👍']],
		]);
		await receive({ retracts: '1', archiveId: '5' });
		expect((await all()).map(({ isRetracted }) => isRetracted ?? false)).toEqual([false, true]);
	});

	it('of ours is one message, whatever came of it on the way', async () => {
		const id = crypto.randomUUID();
		await receive({ from: ME, id, body: 'said', archiveId: '1' });
		await receive({ from: ME, id, body: 'altered' });
		expect(await texts()).toEqual(['said']);
		expect(happened).toEqual([`confirmed ${id}`]);
	});

	it('by another client of ours loses nothing either', async () => {
		for (const [n, text] of ['one', 'two', 'three'].entries())
			await receive({ from: ME, id: '1', body: text, archiveId: `${n}` });
		await receive({ from: ME, id: '1', body: 'three' });
		expect(await texts()).toEqual(['one', 'two', 'three']);
	});

	it('that nobody gave is no reason to lose a message', async () => {
		await receive({ body: 'one' });
		await receive({ body: 'two' });
		await receive({ encrypted: await you.encrypt(ME, 'three') });
		expect(await texts()).toEqual(['one', 'two', 'three']);
	});
});

describe('what is encrypted', () => {
	it('and comes again is not decrypted again, and heals nothing', async () => {
		const encrypted = await you.encrypt(ME, 'once');
		const lost = { ...(await you.encrypt(ME, 'lost')), keys: [] };
		await receive({ id: 'a', encrypted, archiveId: '1' });
		await receive({ id: 'a', encrypted, archiveId: '2' });
		await receive({ id: 'b', encrypted: lost });
		await receive({ id: 'b', encrypted: lost });
		await receive({ id: 'c', encrypted, archiveId: '3' });
		expect(await texts()).toEqual(['once', 'not-for-us']);
		expect(happened).toEqual([]);
	});

	it('is read where a copy came before that nobody could read', async () => {
		const encrypted = await you.encrypt(ME, 'for us');
		await receive({ id: 'a', encrypted: { ...encrypted, keys: [] } });
		await receive({ id: 'b', encrypted });
		expect(await texts()).toContain('for us');
	});

	it('is shown where its keys were used before for something that is not here', async () => {
		const encrypted = await you.encrypt(ME, 'once');
		await me.decrypt(YOU, encrypted);
		await receive({ id: 'a', encrypted });
		expect(await texts()).toEqual(['duplicate']);
	});

	it('says the same under the same origin-id: kept once, and the session goes on', async () => {
		await receive({ id: 'a', originId: 'a', encrypted: await you.encrypt(ME, 'again') });
		await receive({ id: 'a', originId: 'a', encrypted: await you.encrypt(ME, 'again') });
		await receive({ id: 'b', originId: 'b', encrypted: await you.encrypt(ME, 'next') });
		expect(await texts()).toEqual(['again', 'next']);
	});

	it('corrects once', async () => {
		await receive({ id: 'a', encrypted: await you.encrypt(ME, 'helo') });
		const correction = await you.encrypt(ME, 'hello');
		await receive({ id: 'b', replaces: 'a', encrypted: correction });
		await receive({ id: 'c', replaces: 'a', encrypted: await you.encrypt(ME, 'hello!') });
		await receive({ id: 'b', replaces: 'a', encrypted: correction });
		expect(await texts()).toEqual(['hello!']);
	});
});

describe('a message of several names', () => {
	it('is found by each of them', async () => {
		await receive({ id: 'm1', originId: 'o1', body: 'tpyo' });
		await receive({ id: 'm2', originId: 'o2', body: 'typo', replaces: 'm1' });
		await receive({ id: 'm3', originId: 'o3', body: 'typos', replaces: 'o1' });
		await receive({ id: 'm4', originId: 'o4', body: 'typos!', replaces: 'm2' });
		await receive({ reactions: { id: 'm1', emojis: ['👍'] } });
		expect(await texts()).toEqual(['typos!']);
		expect((await all())[0]).toMatchObject({ id: 'm1', originId: 'o1', reactions: [{ by: YOU }] });
		await receive({ retracts: 'm1' });
		expect((await all())[0]?.isRetracted).toBe(true);
	});
});

describe('what was kept before contents were remembered', () => {
	beforeEach(async () => {
		const old = { peer: YOU, isOwn: false, time: 1 };
		const plain = { ...old, key: await stores.messages.keyFor(YOU, 1), id: 'p', text: 'plain' };
		const sealed = { ...old, key: await stores.messages.keyFor(YOU, 2), id: 's', text: 'sealed' };
		const name = (id: string) => ['name', ME, YOU, 'theirs', id, ''].join('\n');
		await stores.write([
			await me.vault.chat.put(plain.key, { ...plain, isEncrypted: false }),
			await me.vault.chat.put(name('p'), plain.key),
			await me.vault.chat.put(sealed.key, { ...sealed, isEncrypted: true }),
			await me.vault.chat.put(name('s'), sealed.key),
		]);
	});

	it('is known by its text, and found by its name', async () => {
		await receive({ id: 'p', body: 'plain', archiveId: '1' });
		await receive({ id: 's', encrypted: await you.encrypt(ME, 'sealed'), archiveId: '2' });
		expect(await texts()).toEqual(['plain', 'sealed']);
		await receive({ id: 'p', body: 'another' });
		await receive({ id: 'x', body: 'another one', replaces: 'p' });
		expect(await texts()).toEqual(['plain', 'sealed', 'another one']);
	});
});

it('whatever ids are used again: each text of an id is kept once, in the order in which they came', async () => {
	const stanza = fc.record({
		id: fc.constantFrom('1', '2', undefined),
		originId: fc.constantFrom('1', 'o', undefined),
		text: fc.constantFrom('a', 'b', 'c'),
		copies: fc.integer({ min: 1, max: 3 }),
		isEncrypted: fc.boolean(),
	});
	await fc.assert(
		fc.asyncProperty(fc.array(stanza, { maxLength: 12 }), async (stanzas) => {
			await begin();
			let archived = 0;
			for (const { id, originId, text, copies, isEncrypted } of stanzas) {
				archived += 1;
				const encrypted = isEncrypted ? await you.encrypt(ME, text) : undefined;
				for (let copy = 0; copy < copies; copy++)
					await receive({
						...(id === undefined ? {} : { id }),
						...(originId === undefined ? {} : { originId }),
						...(encrypted === undefined ? { body: text } : { encrypted }),
						archiveId: `${archived}`,
						// An hour apart: only an origin-id makes the same text the same message then.
						time: archived * 60 * MINUTE,
					});
			}
			const seen = new Set<string>();
			const wanted = stanzas.flatMap(({ originId, text }) => {
				const name = `${originId} ${text}`;
				if (originId !== undefined && seen.has(name)) return [];
				seen.add(name);
				return [text];
			});
			expect(await texts()).toEqual(wanted);
		}),
		{ numRuns: times(60, 20) },
	);
});
