import { saveCredentials } from '../../src/chat/account/credentials.ts';
import { makeStores } from '../../src/chat/messages/stores.ts';
import { makeTimeline } from '../../src/chat/messages/timeline.ts';
import { blank } from '../../src/chat/model/conversation.ts';
import type { MessageFields } from '../../src/chat/model/message.ts';
import { accountSender } from '../../src/chat/model/sender.ts';
import { openVault } from '../../src/vault/vault.ts';

const ACCOUNT = 'me@a.example';
const BATCH = 2000;
const TEXT = 'A message of the length that most messages have, more or less a line. ';

const vault = openVault();

/** Stores the messages of one conversation from one number to before another, as the messenger does. */
async function fill(peer: string, from: number, to: number): Promise<void> {
	const { chat } = await vault;
	const stores = makeStores(chat, ACCOUNT);
	for (let at = from; at < to; at += BATCH) {
		const writes = [];
		for (let n = at; n < Math.min(at + BATCH, to); n++) {
			const message: MessageFields = {
				key: await stores.messages.keyFor(peer, 1_600_000_000_000 + n * 60_000),
				peer,
				sender: accountSender(n % 3 === 0 ? ACCOUNT : peer),
				isOwn: n % 3 === 0,
				id: `id-${n}`,
				time: 1_600_000_000_000 + n * 60_000,
				text: TEXT + n,
				isEncrypted: true,
				...(n % 3 === 0 ? { state: 'read' as const } : {}),
			};
			writes.push(...(await stores.messages.put(message)));
		}
		await stores.write(writes);
	}
}

/** Stores what somebody said, a second after each other. */
async function say(peer: string, texts: readonly string[]): Promise<void> {
	const { chat } = await vault;
	const stores = makeStores(chat, ACCOUNT);
	for (const [n, text] of texts.entries()) {
		const time = 1_600_000_000_000 + n * 1000;
		const said = { id: `id-${n}`, time, text, isEncrypted: true };
		const message = { peer, sender: accountSender(peer), isOwn: false, ...said };
		const key = await stores.messages.keyFor(peer, time);
		await stores.write(await stores.messages.put({ ...message, key }));
	}
}

/** Milliseconds from asking for a conversation to its newest messages in memory. */
async function open(peer: string): Promise<number> {
	const { chat } = await vault;
	const start = performance.now();
	const timeline = makeTimeline(makeStores(chat, ACCOUNT), peer);
	await timeline.newest();
	if (timeline.state.messages.length < 60) throw new Error('not filled');
	return performance.now() - start;
}

/** How much longer opening one conversation takes than another: so many opens of each, in turns. */
async function compare(one: string, other: string, times: number): Promise<number> {
	let [ones, others] = [0, 0];
	for (let time = 0; time < times; time++) {
		ones += await open(one);
		others += await open(other);
	}
	return ones / others;
}

/** Signs the account in, to a server that is never there, with these conversations in its list. */
async function enter(...peers: string[]): Promise<void> {
	const { chat } = await vault;
	const stores = makeStores(chat, ACCOUNT);
	for (const peer of peers)
		await stores.write([await stores.conversations.put({ ...blank(peer), lastTime: 1 })]);
	const url = 'ws://localhost:1/';
	await saveCredentials(chat, { account: ACCOUNT, password: 'none', url });
}

Object.assign(globalThis, { conversation: { fill, say, compare, enter } });
