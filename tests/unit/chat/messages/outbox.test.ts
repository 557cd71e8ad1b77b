import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOutbox, type Outbox } from '../../../../src/chat/messages/outbox.ts';
import { makeStores, type Stores } from '../../../../src/chat/messages/stores.ts';
import { createWriting } from '../../../../src/chat/messages/writing.ts';
import type { MessageFields } from '../../../../src/chat/model/message.ts';
import { createMutex, type Mutex } from '../../../../src/core/async/mutex.ts';
import { MediaError } from '../../../../src/core/errors.ts';
import type { Omemo } from '../../../../src/omemo/omemo.ts';
import { OmemoError } from '../../../../src/omemo/omemo-error.ts';
import type { ChatWrite } from '../../../../src/vault/chat-rows.ts';
import { createMemoryVault, type Vault } from '../../../../src/vault/vault.ts';
import type { OutgoingMessage } from '../../../../src/xmpp/message.ts';
import { XmppError } from '../../../../src/xmpp/xmpp-error.ts';

const ME = 'me@a.example';
const BOB = 'bob@a.example';
const DEAD = 'typo@nowhere.example';

let vault: Vault;
let stores: Stores;
let outbox: Outbox;
let writing: ReturnType<typeof createWriting>;
let serial: Mutex;
let sent: OutgoingMessage[];
let reported: unknown[];
let isReady: boolean;
let sessions: number;
/** what encrypting for somebody comes to, if not to an element */
let failures: Map<string, () => Promise<never>>;
let encryptions: string[];
/** rejects every write */
let full: unknown;
/** may throw at a read */
let onGet: (key: string) => void;

/** reads and writes that are under way */
let busy = 0;
async function counted<T>(work: Promise<T>): Promise<T> {
	busy += 1;
	try {
		return await work;
	} finally {
		busy -= 1;
	}
}

const element = { sid: 1, iv: new Uint8Array(12), keys: [], payload: new Uint8Array(4) };
const omemo = {
	async encrypt(jid: string, text: string, persist: (...all: unknown[]) => Promise<void>) {
		encryptions.push(text);
		await failures.get(jid)?.();
		await persist({ ...element, payload: new TextEncoder().encode(text) }, [], []);
	},
} as unknown as Omemo;

function start(): void {
	serial = createMutex();
	const keep = async (message: MessageFields, more: readonly ChatWrite[]) =>
		stores.write([...(await stores.messages.put(message)), ...more]);
	const { chat } = vault;
	stores = makeStores(
		{
			...chat,
			async get(key) {
				onGet(key);
				return counted(chat.get(key));
			},
			has: (...all) => counted(chat.has(...all)),
			page: (...all) => counted(chat.page(...all)),
			put: (...all) => counted(chat.put(...all)),
			write: (...all) => counted(full === undefined ? chat.write(...all) : Promise.reject(full)),
		},
		ME,
	);
	outbox = createOutbox({
		account: ME,
		stores,
		omemo,
		serial,
		context: {
			get isReady() {
				return isReady;
			},
			stanzaLimit: 65_536,
			sizeOf: ({ encrypted, body = '' }) => 500 + (encrypted?.payload?.length ?? 0) + body.length,
			send: (stanza) => void sent.push(stanza),
			forgetSession() {
				sessions += 1;
			},
			keep: (message, _, more) => keep(message, more),
			report: (thrown) => reported.push(thrown),
		},
	});
	writing = createWriting({
		account: ME,
		stores,
		outbox,
		serial,
		isPlaintext: () => false,
		keep,
		drop: async (message, writes) =>
			stores.write([...(await stores.messages.remove(message)), ...writes]),
	});
}

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	vault = createMemoryVault();
	sent = [];
	reported = [];
	isReady = true;
	sessions = 0;
	failures = new Map();
	encryptions = [];
	full = undefined;
	onGet = () => undefined;
	start();
});
afterEach(async () => {
	await settled();
	outbox.close();
	vi.useRealTimers();
	expect(reported).toEqual([]);
});

const messages = (peer: string) => stores.messages.page(peer, { limit: 1000 });
const states = async (peer: string) =>
	(await messages(peer)).map(({ state, problem, waitsFor }) => [state, problem ?? waitsFor]);
async function only(peer: string) {
	const [message] = await messages(peer);
	if (message === undefined) throw new Error('no message');
	return message;
}
const texts = () =>
	sent.map(({ encrypted, retracts }) => retracts ?? new TextDecoder().decode(encrypted?.payload));
/** Lets all that is under way come to its end, but for timers. */
async function settled(): Promise<void> {
	for (let quiet = 0; quiet < 4; quiet++) {
		await new Promise((resolve) => setImmediate(resolve));
		if (busy > 0) quiet = 0;
	}
}
/** Lets time pass, and what falls due in it come to its end. */
async function pass(milliseconds: number): Promise<void> {
	for (let at = 0; at < milliseconds; at += 1000) {
		await vi.advanceTimersByTimeAsync(1000);
		await settled();
	}
}
const refuse = (condition: string, type?: 'cancel' | 'wait' | 'modify' | 'auth') => () =>
	Promise.reject(new XmppError('refused', { condition, ...(type ? { type } : {}) }));
const silent = () => new Promise<never>(() => undefined);

describe('an address that cannot be reached', () => {
	it.each([
		['remote-server-not-found', 'cancel'],
		['not-acceptable', 'modify'],
		['internal-server-error', 'cancel'],
		['not-allowed', 'cancel'],
		['feature-not-implemented', undefined],
		['something-new', undefined],
	] as const)(
		'fails its own message with its reason, and holds up nobody: %s',
		async (condition, type) => {
			failures.set(DEAD, refuse(condition, type));
			await writing.send(DEAD, 'hello?');
			await writing.send(BOB, 'after');
			await settled();
			expect(await states(DEAD)).toEqual([['failed', condition]]);
			expect(texts()).toEqual(['after']);
			expect(await stores.outbox.all()).toHaveLength(1);
		},
	);

	it.each([
		['remote-server-timeout', 'wait'],
		['remote-server-timeout', 'cancel'],
		['resource-constraint', 'wait'],
		['internal-server-error', 'wait'],
	] as const)(
		'waits in its own conversation for what may pass: %s, %s',
		async (condition, type) => {
			failures.set(DEAD, refuse(condition, type));
			await writing.send(DEAD, 'one');
			await writing.send(DEAD, 'two');
			await writing.send(BOB, 'after');
			await settled();
			expect(await states(DEAD)).toEqual([
				['waiting', condition],
				['waiting', undefined],
			]);
			expect(texts()).toEqual(['after']);
			failures.clear();
			await pass(60_000);
			expect(texts()).toEqual(['after', 'one', 'two']);
			for (const { id } of sent) await outbox.acknowledged(id);
			expect(await states(DEAD)).toEqual([
				['sent', undefined],
				['sent', undefined],
			]);
		},
	);

	it('that never answers holds up nobody else, also after a reload', async () => {
		failures.set(DEAD, silent);
		await writing.send(DEAD, 'hello?');
		await writing.send(BOB, 'after');
		await settled();
		expect(texts()).toEqual(['after']);
		outbox.close();
		start();
		void outbox.flush(true);
		await writing.send(BOB, 'again');
		await settled();
		expect(texts()).toEqual(['after', 'after', 'again']);
	});

	it('is tried less and less often, and never all the time', async () => {
		failures.set(DEAD, refuse('remote-server-timeout', 'wait'));
		await writing.send(DEAD, 'hello?');
		await pass(60 * 60_000);
		expect(encryptions.length).toBeGreaterThan(6);
		expect(encryptions.length).toBeLessThan(20);
	});

	it.each([
		[new OmemoError('no-devices'), ['failed', 'no-devices']],
		[new OmemoError('unavailable'), ['waiting', 'unavailable']],
		[new OmemoError('unavailable', { cause: new XmppError('timeout') }), ['waiting', 'timeout']],
		[new MediaError('storage-full'), ['waiting', 'storage-full']],
	])('says why: %s', async (thrown, wanted) => {
		failures.set(DEAD, () => Promise.reject(thrown));
		await writing.send(DEAD, 'hello?');
		await settled();
		expect(await states(DEAD)).toEqual([wanted]);
	});

	it('a mistake of ours fails its message, and is told', async () => {
		failures.set(DEAD, () => Promise.reject(new TypeError('ours')));
		await writing.send(DEAD, 'hello?');
		await settled();
		expect(await states(DEAD)).toEqual([['failed', 'internal']]);
		expect(reported.splice(0)).toHaveLength(1);
	});
});

describe('what was done to a message that failed in the end', () => {
	beforeEach(() => {
		isReady = false;
	});
	async function fails(): Promise<void> {
		failures.set(DEAD, refuse('remote-server-not-found', 'cancel'));
		isReady = true;
		await outbox.flush(true);
		await settled();
	}

	it('is not sent to who does not have it, and goes with it once it is tried again', async () => {
		await writing.send(DEAD, 'helo');
		await writing.react(await only(DEAD), ['👍']);
		await writing.send(BOB, 'beside it');
		await fails();
		expect(await states(DEAD)).toEqual([['failed', 'remote-server-not-found']]);
		expect((await only(DEAD)).reactions).toBeUndefined();
		failures.clear();
		await writing.retry(await only(DEAD));
		await settled();
		expect(texts()).toEqual(['beside it', 'helo']);
		expect(await stores.outbox.all()).toHaveLength(2);
	});

	it('ends a message that was deleted meanwhile', async () => {
		await writing.send(DEAD, 'helo');
		await writing.retract(await only(DEAD));
		await fails();
		expect(sent).toEqual([]);
		expect(await only(DEAD)).toMatchObject({ isRetracted: true, state: 'sent' });
		expect(await stores.outbox.all()).toEqual([]);
	});
});

describe('what was sent and came back for a while', () => {
	async function bounce(): Promise<boolean> {
		const message = await only(BOB);
		await outbox.acknowledged(message.id);
		return writing.bounced({ ...(await only(BOB)) }, 'remote-server-timeout');
	}

	it('waits longer each time, holds up nobody, and fails in the end', async () => {
		await writing.send(BOB, 'hello');
		await settled();
		for (let n = 0; n < 12; n++) {
			expect(await bounce()).toBe(true);
			expect(await states(BOB)).toEqual([['waiting', 'remote-server-timeout']]);
			sent = [];
			await pass(4000);
			expect(sent).toEqual([]);
			await pass(10 * 60_000);
			expect(texts()).toEqual(['hello']);
		}
		expect(await bounce()).toBe(false);
	});

	it('is counted anew once something came through, or somebody tries it', async () => {
		await writing.send(BOB, 'hello');
		await settled();
		for (let n = 0; n < 30; n++) {
			expect(await bounce()).toBe(true);
			if (n % 2 === 0) outbox.reached(BOB);
			else await writing.retry(await only(BOB));
			await pass(10 * 60_000);
		}
	});
});

describe('what waits', () => {
	beforeEach(() => void failures.set(DEAD, refuse('remote-server-timeout', 'wait')));

	it('is gone without a trace when it is cancelled', async () => {
		await writing.send(DEAD, 'hello?');
		await settled();
		await writing.cancel(await only(DEAD));
		expect(await messages(DEAD)).toEqual([]);
		expect(await stores.outbox.all()).toEqual([]);
		failures.clear();
		await pass(600_000);
		expect(sent).toEqual([]);
	});

	it('is gone, too, when it is cancelled while it is being encrypted', async () => {
		let go: () => void = () => undefined;
		failures.set(DEAD, () => new Promise((resolve) => (go = resolve as () => void)));
		await writing.send(DEAD, 'hello?');
		await settled();
		await writing.cancel(await only(DEAD));
		go();
		await pass(600_000);
		expect(sent).toEqual([]);
		expect(await stores.outbox.all()).toEqual([]);
		expect(await messages(DEAD)).toEqual([]);
	});

	it('goes out as it was rewritten, in its place', async () => {
		await writing.send(DEAD, 'helo');
		await writing.send(DEAD, 'second');
		await settled();
		await writing.correct(await only(DEAD), 'hello');
		await settled();
		failures.clear();
		await writing.retry(await only(DEAD));
		await settled();
		expect(texts()).toEqual(['hello', 'second']);
		expect(sent[0]?.replaces).toBeUndefined();
		expect((await only(DEAD)).isCorrected).toBeUndefined();
	});

	it('is not overtaken when it is rewritten while it is being encrypted', async () => {
		const gates: (() => void)[] = [];
		failures.set(DEAD, () => new Promise((resolve) => gates.push(resolve as () => void)));
		isReady = false;
		await writing.send(DEAD, 'helo');
		await writing.send(DEAD, 'second');
		isReady = true;
		void outbox.flush();
		await settled();
		await writing.correct(await only(DEAD), 'hello');
		failures.clear();
		for (const go of gates) go();
		await settled();
		expect(texts()).toEqual(['hello', 'second']);
	});

	it('is not overtaken while its new text is being written down', async () => {
		failures.set(DEAD, refuse('remote-server-timeout', 'wait'));
		await writing.send(DEAD, 'helo');
		await writing.send(DEAD, 'second');
		await settled();
		const first = await only(DEAD);
		failures.clear();
		let isDone = false;
		const rewritten = writing.correct(first, 'hello').then(() => {
			isDone = true;
		});
		while (!isDone) {
			if (!outbox.holds(first)) void outbox.retry(DEAD);
			await new Promise((resolve) => setImmediate(resolve));
		}
		await rewritten;
		await settled();
		expect(texts()).toEqual(['hello', 'second']);
	});

	it('is tried at once when somebody asks for it', async () => {
		await writing.send(DEAD, 'hello?');
		await pass(300_000);
		failures.clear();
		await writing.retry(await only(DEAD));
		await settled();
		expect(texts()).toEqual(['hello?']);
	});

	it('is deleted for everyone where it may have left', async () => {
		await writing.send(BOB, 'hello');
		await settled();
		const { id } = await only(BOB);
		await writing.cancel(await only(BOB));
		await settled();
		expect(texts()).toEqual(['hello', id]);
	});

	it('a change that is cancelled was never made', async () => {
		await writing.send(BOB, 'hello');
		await settled();
		await outbox.acknowledged((await only(BOB)).id);
		failures.set(BOB, refuse('remote-server-timeout', 'wait'));
		await writing.correct(await only(BOB), 'goodbye');
		await settled();
		expect(await only(BOB)).toMatchObject({ text: 'goodbye', state: 'waiting' });
		await writing.cancel(await only(BOB));
		expect(await only(BOB)).toMatchObject({ text: 'hello', state: 'sent' });
		expect((await only(BOB)).isCorrected).toBeUndefined();
		expect(texts()).toEqual(['hello']);
	});

	it('survives a cancel that cannot be written down', async () => {
		await writing.send(DEAD, 'hello?');
		await settled();
		full = new MediaError('storage-full');
		await expect(writing.cancel(await only(DEAD))).rejects.toThrow('storage-full');
		full = undefined;
		failures.clear();
		await pass(600_000);
		expect(texts()).toEqual(['hello?']);
	});
});

describe('a stanza that no server takes', () => {
	it('is not sent, says so, and can be made shorter', async () => {
		await writing.send(BOB, 'x'.repeat(250_000));
		await writing.send(BOB, 'after');
		await settled();
		expect(await states(BOB)).toEqual([
			['failed', 'too-long'],
			['waiting', undefined],
		]);
		expect(texts()).toEqual(['after']);
		await writing.correct(await only(BOB), 'short');
		await settled();
		expect(texts()).toEqual(['after', 'short']);
	});

	it('is set aside when the server ended the stream at it twice; the rest goes on', async () => {
		for (const text of ['one', 'poison', 'two']) await writing.send(BOB, text);
		await writing.send(DEAD, 'elsewhere');
		await settled();
		expect(sent).toHaveLength(4);
		/** A server that takes one after the other, and ends the stream at the poison. */
		for (let session = 0; session < 10; session++) {
			const poison = sent.findIndex((_, index) => texts()[index] === 'poison');
			const taken = poison < 0 ? sent : sent.slice(0, poison);
			for (const { id } of taken.splice(0)) await outbox.acknowledged(id);
			await settled();
			if (poison < 0 && sent.length === 0) break;
			if (!texts().includes('poison')) continue;
			await outbox.ended('server');
			sent = [];
			await outbox.flush(true);
			await settled();
		}
		expect(await states(BOB)).toEqual([
			['sent', undefined],
			['failed', 'stream-ended'],
			['sent', undefined],
		]);
		expect(await states(DEAD)).toEqual([['sent', undefined]]);
		expect(sessions).toBeGreaterThan(0);
	});

	it('is remembered over a reload', async () => {
		await writing.send(BOB, 'poison');
		await settled();
		await outbox.ended('server');
		outbox.close();
		start();
		await outbox.flush(true);
		await settled();
		await outbox.ended('server');
		expect(await states(BOB)).toEqual([['failed', 'stream-ended']]);
	});

	it('is not one because the line broke twice', async () => {
		await writing.send(BOB, 'hello');
		await settled();
		for (let n = 0; n < 2; n++) {
			await outbox.ended('line');
			await outbox.flush(true);
			await settled();
		}
		expect(await states(BOB)).toEqual([['waiting', undefined]]);
		expect(sent).toHaveLength(3);
		await outbox.acknowledged(sent[0]?.id ?? '');
		expect(await states(BOB)).toEqual([['sent', undefined]]);
	});
});

describe('a full disk', () => {
	it('refuses what somebody writes, and keeps what was there', async () => {
		full = new MediaError('storage-full');
		await expect(writing.send(BOB, 'lost?')).rejects.toThrow('storage-full');
		full = undefined;
		await writing.send(BOB, 'kept');
		await settled();
		expect(texts()).toEqual(['kept']);
	});

	it('for a while sends nothing twice, and ends what was acknowledged meanwhile', async () => {
		await writing.send(BOB, 'hello');
		await settled();
		full = new MediaError('storage-full');
		await outbox.acknowledged((await only(BOB)).id);
		await outbox.flush(true);
		await settled();
		expect(texts()).toEqual(['hello']);
		expect(await states(BOB)).toEqual([['waiting', undefined]]);
		full = undefined;
		await pass(60_000);
		expect(await states(BOB)).toEqual([['sent', undefined]]);
		expect(texts()).toEqual(['hello']);
	});

	it('keeps a stanza back until it is on the disk', async () => {
		isReady = false;
		await writing.send(BOB, 'hello');
		full = new DOMException('', 'QuotaExceededError');
		isReady = true;
		void outbox.flush(true);
		await pass(1000);
		expect(sent).toEqual([]);
		full = undefined;
		await pass(60_000);
		expect(texts()).toEqual(['hello']);
	});
});

it('a permanent failure that cannot be written down does not hold its lane for ever', async () => {
	let n = 0;
	failures.set(BOB, async () => {
		n += 1;
		if (n === 1) {
			full = new MediaError('storage-full');
			throw new OmemoError('no-devices');
		}
		return undefined as never;
	});
	await writing.send(BOB, 'one');
	await settled();
	full = undefined;
	await pass(60_000);
	expect(reported.splice(0)).toEqual([]);
	expect(texts()).toEqual(['one']);
});

it('a cancel that cannot be written while it is being encrypted leaves nothing stuck', async () => {
	let go: () => void = () => undefined;
	failures.set(BOB, () => new Promise((resolve) => (go = resolve as () => void)));
	await writing.send(BOB, 'hello');
	await settled();
	full = new MediaError('storage-full');
	await expect(writing.cancel(await only(BOB))).rejects.toThrow('storage-full');
	full = undefined;
	failures.clear();
	go();
	await pass(600_000);
	expect(texts()).toEqual(['hello']);
});

it('a cancel whose read fails leaves nothing stuck', async () => {
	failures.set(BOB, refuse('remote-server-timeout', 'wait'));
	await writing.send(BOB, 'hello');
	await settled();
	await writing.react(await only(BOB), ['x']);
	await settled();
	const message = await only(BOB);
	let n = 0;
	onGet = (key) => {
		if (!key.startsWith('outbox')) return;
		n += 1;
		if (n === 2) throw new MediaError('storage-full');
	};
	await expect(writing.cancel(message)).rejects.toThrow('storage-full');
	onGet = () => undefined;
	failures.clear();
	await pass(600_000);
	expect(sent.map(({ reactions }) => reactions?.emojis.join() ?? 'text')).toEqual(['text', 'x']);
});

it('what others did to a message stays when a change of it is cancelled', async () => {
	await writing.send(BOB, 'hello');
	await settled();
	await outbox.acknowledged((await only(BOB)).id);
	failures.set(BOB, refuse('remote-server-timeout', 'wait'));
	await writing.correct(await only(BOB), 'goodbye');
	await settled();
	const before = await only(BOB);
	await stores.write(
		await stores.messages.put({
			...before,
			archiveId: 'a1',
			reactions: [{ by: BOB, emojis: ['x'] }],
		}),
	);
	await writing.cancel(await only(BOB));
	expect(await only(BOB)).toMatchObject({
		text: 'hello',
		state: 'sent',
		archiveId: 'a1',
		reactions: [{ by: BOB, emojis: ['x'] }],
	});
	expect((await only(BOB)).isCorrected).toBeUndefined();
});

it('a correction that fails says so, although the message before it was delivered meanwhile', async () => {
	await writing.send(BOB, 'hello');
	await settled();
	await outbox.acknowledged((await only(BOB)).id);
	failures.set(BOB, refuse('remote-server-timeout', 'wait'));
	await writing.correct(await only(BOB), 'goodbye');
	await settled();
	await stores.write(await stores.messages.put({ ...(await only(BOB)), state: 'delivered' }));
	failures.set(BOB, refuse('not-allowed', 'cancel'));
	await outbox.retry(BOB);
	await pass(600_000);
	expect(await states(BOB)).toEqual([['failed', 'not-allowed']]);
});

it('a message does not wait for ever because a reaction to it failed', async () => {
	await writing.send(BOB, 'hello');
	await settled();
	const { id } = await only(BOB);
	await writing.react(await only(BOB), ['x']);
	await settled();
	expect(sent).toHaveLength(2);
	await outbox.ended('server');
	await outbox.flush(true);
	await settled();
	await outbox.acknowledged(id);
	await settled();
	await outbox.ended('server');
	await settled();
	expect(await stores.outbox.all()).toEqual([]);
	expect(await states(BOB)).toEqual([['sent', undefined]]);
});

it('a second correction goes out after the first, though the clock went back and the page was opened again', async () => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
	vi.setSystemTime(1_000_000);
	await writing.send(BOB, 'one');
	await settled();
	await outbox.acknowledged((await only(BOB)).id);
	vi.setSystemTime(9_000_000);
	await writing.correct(await only(BOB), 'two');
	await settled();
	outbox.close();
	vi.setSystemTime(2_000_000);
	isReady = false;
	start();
	await writing.correct(await only(BOB), 'three');
	await writing.send(BOB, 'four');
	sent = [];
	isReady = true;
	await outbox.flush(true);
	await settled();
	expect(texts()).toEqual(['two', 'three', 'four']);
});

it('a stanza is not blamed for streams in which it was not sent', async () => {
	await writing.send(BOB, 'hello');
	await settled();
	await outbox.ended('line');
	isReady = false;
	outbox.begin();
	for (let n = 0; n < 6; n++) await outbox.ended('server');
	await settled();
	expect(await states(BOB)).toEqual([['waiting', undefined]]);
});

it('a reaction that is taken back leaves the text as it was rewritten before', async () => {
	let go: () => void = () => undefined;
	failures.set(BOB, () => new Promise((resolve) => (go = resolve as () => void)));
	await writing.send(BOB, 'helo');
	await settled();
	await writing.react(await only(BOB), ['x']);
	await writing.correct(await only(BOB), 'hello');
	go();
	await settled();
	isReady = false;
	go();
	await settled();
	await writing.cancel(await only(BOB));
	await settled();
	expect((await only(BOB)).text).toBe('hello');
});

it('a reaction that failed does not take away a newer one', async () => {
	await writing.send(BOB, 'hello');
	await settled();
	await outbox.acknowledged((await only(BOB)).id);
	await writing.react(await only(BOB), ['x']);
	await settled();
	await outbox.ended('server');
	await outbox.flush(true);
	await settled();
	await writing.react(await only(BOB), ['y']);
	await settled();
	await outbox.ended('server');
	await settled();
	expect((await only(BOB)).reactions).toEqual([{ by: ME, emojis: ['y'] }]);
});

it('what came back for a passing reason is sent again, though it is acknowledged only then', async () => {
	await writing.send(BOB, 'hello');
	await settled();
	expect(await serial(async () => writing.bounced(await only(BOB), 'resource-constraint'))).toBe(
		true,
	);
	await outbox.acknowledged((await only(BOB)).id);
	expect(await states(BOB)).toEqual([['waiting', 'resource-constraint']]);
	await pass(60_000);
	expect(texts()).toEqual(['hello', 'hello']);
	await outbox.acknowledged((await only(BOB)).id);
	expect(await states(BOB)).toEqual([['sent', undefined]]);
});

it('order holds within a conversation, and nothing is sent twice, whatever fails for a while', async () => {
	const peers = [BOB, DEAD, 'carol@c.example'];
	for (let n = 0; n < 60; n++) {
		const peer = peers[n % 3] ?? BOB;
		if (n % 7 === 0) failures.set(peer, refuse('remote-server-timeout', 'wait'));
		if (n % 5 === 0) failures.delete(peers[(n + 1) % 3] ?? BOB);
		await writing.send(peer, `${n}`);
		if (n % 11 === 0) await settled();
	}
	failures.clear();
	await pass(60 * 60_000);
	for (const [index, peer] of peers.entries()) {
		const all = sent.filter(({ to }) => to === peer).map(({ encrypted }) => encrypted?.payload);
		expect(all.map((bytes) => new TextDecoder().decode(bytes))).toEqual(
			Array.from({ length: 20 }, (_, n) => `${3 * n + index}`),
		);
	}
});
