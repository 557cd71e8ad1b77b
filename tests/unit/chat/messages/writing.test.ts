import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { interpret } from '../../../../src/chat/messages/interpret.ts';
import { createOutbox, type Outbox } from '../../../../src/chat/messages/outbox.ts';
import { makeStores, type Stores } from '../../../../src/chat/messages/stores.ts';
import {
	type Bounces,
	createWriting,
	type Writing,
} from '../../../../src/chat/messages/writing.ts';
import type { Message } from '../../../../src/chat/model/message.ts';
import { accountSender } from '../../../../src/chat/model/sender.ts';
import { createMutex } from '../../../../src/core/async/mutex.ts';
import type { OutgoingMessage } from '../../../../src/xmpp/message.ts';
import { XmppError } from '../../../../src/xmpp/xmpp-error.ts';
import { Client, Server } from '../../omemo/support.ts';

const ME = 'me@a.example';
const YOU = 'you@b.example';

let stores: Stores;
let outbox: Outbox;
let writing: Writing & Bounces;
let me: Client;
let you: Client;
let sent: OutgoingMessage[];
let isPlaintext: boolean;
let isReady: boolean;
/** the server takes too long to answer */
let isSlow: boolean;
let reported: unknown[];

beforeEach(async () => {
	const server = new Server();
	me = await new Client(server, ME).start();
	you = await new Client(server, YOU).start();
	await me.decrypt(YOU, await you.encrypt(ME, 'they know each other'));
	stores = makeStores(me.vault.chat, ME);
	sent = [];
	isPlaintext = false;
	isReady = true;
	isSlow = false;
	reported = [];
	const serial = createMutex();
	outbox = createOutbox({
		account: ME,
		stores,
		omemo: me.omemo,
		serial,
		context: {
			get isReady() {
				return isReady;
			},
			send(stanza) {
				if (isSlow) throw new XmppError('timeout');
				sent.push(stanza);
			},
			stanzaLimit: 65_536,
			sizeOf: (stanza) => JSON.stringify(stanza).length,
			forgetSession: () => undefined,
			keep: async (message, _, more) =>
				stores.write([...(await stores.messages.put(message)), ...more]),
			report: (thrown) => reported.push(thrown),
		},
	});
	writing = createWriting({
		account: ME,
		stores,
		outbox,
		serial,
		isPlaintext: () => isPlaintext,
		keep: async (message, writes) =>
			stores.write([...(await stores.messages.put(message)), ...writes]),
		drop: async (message, writes) =>
			stores.write([...(await stores.messages.remove(message)), ...writes]),
	});
});

const messages = () => stores.messages.page(YOU, { limit: 100 });
const first = async () => {
	const [message] = await messages();
	if (message === undefined) throw new Error('no message');
	return message;
};
const flushed = () => outbox.flush();
async function text(stanza: OutgoingMessage | undefined): Promise<string | undefined> {
	if (stanza?.encrypted === undefined) return undefined;
	return (await you.decrypt(ME, stanza.encrypted)).text;
}
async function accepted() {
	await flushed();
	for (const { id } of sent) await outbox.acknowledged(id);
}

describe('what is written', () => {
	it('waits, is sent once, and is then sent', async () => {
		await writing.send(YOU, 'hello');
		expect((await first()).state).toBe('waiting');
		await accepted();
		await flushed();
		expect((await first()).state).toBe('sent');
		expect(sent).toHaveLength(1);
		expect(sent[0]?.body).toBeUndefined();
		expect(await text(sent[0])).toBe('hello');
		expect(await stores.outbox.all()).toEqual([]);
	});

	it('goes out as the same bytes to a server that knows nothing of it', async () => {
		await writing.send(YOU, 'hello');
		await flushed();
		await outbox.flush(true);
		expect(sent).toHaveLength(2);
		expect(sent[1]).toEqual(sent[0]);
	});

	it('stays encrypted where encryption is switched off while it waits', async () => {
		isReady = false;
		await writing.send(YOU, 'secret');
		isPlaintext = true;
		isReady = true;
		await flushed();
		expect(sent[0]?.body).toBeUndefined();
		expect(await text(sent[0])).toBe('secret');
	});
});

describe('what a slow answer holds up while the connection stays', () => {
	beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
	afterEach(() => void vi.useRealTimers());

	async function writeTwo() {
		isSlow = true;
		await writing.send(YOU, 'first');
		await flushed();
		await writing.send(YOU, 'second');
		await flushed();
		expect(sent).toEqual([]);
	}

	it('is tried again by itself, in its order, once', async () => {
		await writeTwo();
		isSlow = false;
		vi.runOnlyPendingTimers();
		await vi.waitFor(() => expect(sent).toHaveLength(2));
		expect([await text(sent[0]), await text(sent[1])]).toEqual(['first', 'second']);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('waits for the connection where that has gone meanwhile', async () => {
		await writeTwo();
		isReady = false;
		vi.runOnlyPendingTimers();
		await flushed();
		expect(sent).toEqual([]);
		expect(vi.getTimerCount()).toBe(0);
	});

	it('is left alone once the session is closed', async () => {
		await writeTwo();
		outbox.close();
		expect(vi.getTimerCount()).toBe(0);
		await flushed();
		expect(vi.getTimerCount()).toBe(0);
	});
});

describe('a correction', () => {
	it('goes out under a name of its own, for the first one, and its receipts count', async () => {
		await writing.send(YOU, 'helo');
		await accepted();
		await writing.correct(await first(), 'hello');
		expect(await first()).toMatchObject({ text: 'hello', isCorrected: true, state: 'waiting' });
		await flushed();
		await writing.correct(await first(), 'hello!');
		await accepted();
		const { id } = await first();
		expect(sent.map(({ replaces }) => replaces)).toEqual([undefined, id, id]);
		expect(new Set(sent.map((stanza) => stanza.id)).size).toBe(3);
		expect((await first()).state).toBe('sent');
		expect(
			(await stores.messages.named({ peer: YOU, sender: accountSender(ME) }, sent[2]?.id ?? ''))
				?.id,
		).toBe(id);
	});

	it('of an answer says again what it answers: others put it in the place of all', async () => {
		await writing.send(YOU, 'shall we?');
		await accepted();
		await writing.send(YOU, 'ys', await first());
		await accepted();
		const answer = async () => (await stores.messages.page(YOU, { limit: 9 })).at(-1) as Message;
		await writing.correct(await answer(), 'yes');
		await accepted();
		expect(sent[2]).toMatchObject({ replyTo: { id: sent[0]?.id }, replyFallback: 12 });
		expect(await text(sent[2])).toBe('> shall we?\nyes');
		expect(await answer()).toMatchObject({ text: 'yes', replyTo: { isQuoted: true } });
	});

	it('says again what was answered, whatever has its name by now', async () => {
		const key = await stores.messages.keyFor(YOU, 1);
		const theirs = { peer: YOU, sender: accountSender(YOU), isOwn: false, id: 'q', time: 1 };
		const question = { ...theirs, key, text: 'Can you lend me ten?', isEncrypted: true };
		await stores.write(await stores.messages.put(question));
		await writing.send(YOU, 'Yes', interpret(question));
		await accepted();
		const forged = {
			...theirs,
			key: await stores.messages.keyFor(YOU, 2),
			text: 'Do you confess?',
		};
		await stores.write(await stores.messages.put({ ...forged, isEncrypted: false }));
		const ours = async () =>
			(await stores.messages.page(YOU, { limit: 9 })).find(({ isOwn }) => isOwn) as Message;
		expect(await writing.bounced(await ours(), 'resource-constraint')).toBe(true);
		await outbox.retry(YOU);
		await accepted();
		await writing.correct(await ours(), 'Yes!');
		await accepted();
		const said = await Promise.all(sent.map(text));
		expect(said).toEqual([
			'> Can you lend me ten?\nYes',
			'> Can you lend me ten?\nYes',
			'> Can you lend me ten?\nYes!',
		]);
	});

	it('of an encrypted message is encrypted, whatever is chosen now', async () => {
		await writing.send(YOU, 'secret');
		await accepted();
		isPlaintext = true;
		await writing.correct(await first(), 'more secret');
		await flushed();
		expect(sent[1]?.body).toBeUndefined();
		expect(sent[1]?.encrypted).toBeDefined();
	});
});

describe('an answer', () => {
	it('says again what it answers, inside the encryption', async () => {
		await writing.send(YOU, 'a question?');
		await writing.send(YOU, 'an answer', await first());
		await flushed();
		expect(sent[1]).toMatchObject({
			replyTo: { id: sent[0]?.id, author: ME },
			replyFallback: '> a question?\n'.length,
		});
		await text(sent[0]);
		expect(await text(sent[1])).toBe('> a question?\nan answer');
		expect((await messages())[1]).toMatchObject({ text: 'an answer' });
	});

	it('in the clear does not say again what was encrypted', async () => {
		await writing.send(YOU, 'secret');
		isPlaintext = true;
		await writing.send(YOU, 'open', await first());
		await flushed();
		expect(sent[1]).toMatchObject({ body: 'open', replyTo: { id: sent[0]?.id } });
		expect(sent[1]).not.toHaveProperty('replyFallback');
	});

	it('to a file does not say its link again', async () => {
		const key = '0'.repeat(88);
		await writing.send(YOU, `aesgcm://b.example/p.jpg#${key}`);
		await writing.send(YOU, 'nice', await first());
		await flushed();
		await text(sent[0]);
		expect(await text(sent[1])).toBe('> Photo\nnice');
	});
});

describe('a retraction', () => {
	it('takes the text away here and there', async () => {
		await writing.send(YOU, 'regretted');
		await accepted();
		await writing.retract(await first());
		await accepted();
		expect(sent[1]).toMatchObject({ retracts: sent[0]?.id });
		expect(sent[1]).not.toHaveProperty('encrypted');
		expect(await first()).toMatchObject({ isRetracted: true, state: 'sent' });
		expect(await first()).not.toHaveProperty('text');
	});

	it('happens once', async () => {
		await writing.send(YOU, 'regretted');
		const before = await first();
		await writing.retract(before);
		await writing.retract(before);
		await writing.correct(before, 'again');
		await accepted();
		expect(sent).toHaveLength(2);
	});
});

it('reactions go out as all that is felt, and change nothing else', async () => {
	await writing.send(YOU, 'hello');
	await accepted();
	await writing.react(await first(), ['👍']);
	await writing.react(await first(), []);
	await accepted();
	const { id } = await first();
	expect(sent.slice(1).map(({ reactions }) => reactions)).toEqual([
		{ id, emojis: ['👍'] },
		{ id, emojis: [] },
	]);
	expect(await first()).toMatchObject({ state: 'sent' });
	expect((await first()).reactions).toBeUndefined();
});

it('what failed is said again under its name, also after it was changed', async () => {
	await me.omemo.setTrust(YOU, (await me.omemo.devices(YOU))[0]?.fingerprint ?? '', 'distrusted');
	await writing.send(YOU, 'to nobody');
	await flushed();
	expect(await first()).toMatchObject({ state: 'failed', problem: 'no-trusted-devices' });
	expect(sent).toEqual([]);
	await me.omemo.setTrust(YOU, (await me.omemo.devices(YOU))[0]?.fingerprint ?? '', 'verified');
	await writing.correct(await first(), 'to somebody');
	await accepted();
	expect(sent).toHaveLength(1);
	expect(sent[0]).not.toHaveProperty('replaces');
	expect(await text(sent[0])).toBe('to somebody');
	expect(await first()).toMatchObject({ state: 'sent', text: 'to somebody' });
	expect(await first()).not.toHaveProperty('problem');
});

it('what was acknowledged while others are still being sent does not go out again', async () => {
	for (let n = 0; n < 20; n++) {
		await writing.send(YOU, `message ${n}`);
		const acknowledged = sent.map(({ id }) => outbox.acknowledged(id));
		await Promise.all([outbox.flush(), ...acknowledged]);
	}
	await accepted();
	expect(new Set(sent.map(({ id }) => id)).size).toBe(20);
	expect(sent).toHaveLength(20);
});
