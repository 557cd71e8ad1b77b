import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import {
	type ConversationMedia,
	createConversationMedia,
} from '../../../../src/chat/files/conversation-media.ts';
import { interpret } from '../../../../src/chat/messages/interpret.ts';
import { makeStores, type Stores } from '../../../../src/chat/messages/stores.ts';
import { withoutContent, withText } from '../../../../src/chat/model/changed-message.ts';
import type { Message, MessageFields } from '../../../../src/chat/model/message.ts';
import { accountSender } from '../../../../src/chat/model/sender.ts';
import type { ChatRows } from '../../../../src/vault/chat-rows.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';

const ME = 'me@a.example';
const YOU = 'you@b.example';

let chat: ChatRows;
let stores: Stores;
let media: ConversationMedia;

const fileText = (name: string) => `aesgcm://b.example/${name}#${'ab'.repeat(44)}`;

beforeEach(() => {
	chat = createMemoryVault().chat;
	stores = makeStores(chat, ME);
	media = createConversationMedia(stores);
});

async function make(text: string, more: Partial<MessageFields> = {}): Promise<Message> {
	const peer = more.peer ?? YOU;
	const key = await stores.messages.keyFor(peer, 1000);
	return interpret({
		...{ key, peer, sender: accountSender(peer), isOwn: false, id: key },
		...{ time: 1000, text, isEncrypted: true },
		...more,
	});
}

async function keep(text: string, more?: Partial<MessageFields>): Promise<Message> {
	const message = await make(text, more);
	await stores.write(await stores.messages.put(message));
	return message;
}

/** As it was kept before there was an index. */
async function keepUnindexed(text: string, more?: Partial<MessageFields>): Promise<Message> {
	const message = await make(text, more);
	await stores.write([await chat.put(message.key, message)]);
	return message;
}

async function names(group: 'visual' | 'voice' | 'file', options = {}): Promise<string[]> {
	const found = await media.page(YOU, group, { limit: 100, ...options });
	return found.map(({ text = '' }) => text.slice(text.lastIndexOf('/') + 1, text.indexOf('#')));
}

it('files are found by their group, and nothing else is', async () => {
	await keep('hello');
	await keep(fileText('a.jpg'));
	await keep(fileText('b.m4a'));
	await keep(fileText('c.mp4'));
	await keep(fileText('d.pdf'));
	await keep(fileText('e'));
	await keep(fileText('plain.jpg'), { isEncrypted: false });
	await keep(fileText('quoted.jpg'), { replyTo: { id: 'x', isQuoted: true } });
	await keep(`see ${fileText('within.jpg')}`);
	await keep(fileText('elsewhere.jpg'), { peer: 'other@b.example' });
	expect(await names('visual')).toEqual(['a.jpg', 'c.mp4']);
	expect(await names('voice')).toEqual(['b.m4a']);
	expect(await names('file')).toEqual(['d.pdf', 'e']);
});

const saying = (text: string) => ({ text, time: 5, isEncrypted: true });

it('what is taken back, or corrected into something else, is found there no longer', async () => {
	const first = await keep(fileText('a.jpg'));
	const second = await keep(fileText('b.jpg'));
	const third = await keep(fileText('c.jpg'));
	await keep(fileText('d.jpg'));
	await stores.write(await stores.messages.put(withoutContent(first)));
	await stores.write(await stores.messages.put(withText(second, saying('just words'))));
	await stores.write(await stores.messages.put(withText(third, saying(fileText('c.m4a')))));
	expect(await stores.files.keys(YOU, 'visual', { limit: 9 })).toHaveLength(1);
	expect(await names('visual')).toEqual(['d.jpg']);
	expect(await names('voice')).toEqual(['c.m4a']);
});

it('pages both ways from any place', async () => {
	const kept: Message[] = [];
	for (let n = 0; n < 7; n++) {
		kept.push(await keep(fileText(`${n}.jpg`)));
		await keep('in between');
	}
	const at = kept[3]?.key;
	expect(await names('visual', { limit: 2 })).toEqual(['5.jpg', '6.jpg']);
	expect(await names('visual', { limit: 2, before: at })).toEqual(['1.jpg', '2.jpg']);
	expect(await names('visual', { limit: 2, after: at })).toEqual(['4.jpg', '5.jpg']);
	expect(await names('visual', { limit: 9, before: at })).toEqual(['0.jpg', '1.jpg', '2.jpg']);
	expect(await names('visual', { after: kept.at(-1)?.key })).toEqual([]);
});

it('what was kept before there was an index is found, and looked through once', async () => {
	let read = 0;
	const counting: ChatRows = {
		...chat,
		async page(prefix, options) {
			const found = await chat.page(prefix, options);
			if (prefix.startsWith('message')) read += found.length;
			return found;
		},
	};
	for (let n = 0; n < 1200; n++)
		await keepUnindexed(n % 300 === 0 ? fileText(`${n}.jpg`) : 'words');
	stores = makeStores(counting, ME);
	media = createConversationMedia(stores);
	// No further back than it takes.
	expect(await names('visual', { limit: 1 })).toEqual(['900.jpg']);
	expect(read).toBe(500);
	const [all, again] = await Promise.all([names('visual'), names('visual')]);
	expect(all).toEqual(['0.jpg', '300.jpg', '600.jpg', '900.jpg']);
	expect(again).toEqual(all);
	expect(read).toBe(1200);
	media = createConversationMedia(makeStores(counting, ME));
	expect(await names('visual')).toEqual(all);
	expect(read).toBe(1200);
});

it('goes on where it was broken off, after an error or in another page', async () => {
	let broken = 2;
	let written = 0;
	const breaking: ChatRows = {
		...chat,
		async write(changes, durability) {
			if (broken-- === 0) throw new Error('gone');
			written += changes.length;
			await chat.write(changes, durability);
		},
	};
	for (let n = 0; n < 900; n++) await keepUnindexed(n % 100 === 0 ? fileText(`${n}.jpg`) : 'words');
	media = createConversationMedia(makeStores(breaking, ME));
	await expect(media.page(YOU, 'visual', { limit: 100 })).rejects.toThrow('storage-unavailable');
	media = createConversationMedia(makeStores(breaking, ME));
	expect(await media.page(YOU, 'visual', { limit: 100 })).toHaveLength(9);
	// Each file once, and one mark for each slice.
	expect(written).toBe(9 * 3 + 5);
});

it('what is taken back while older messages are looked through is not found', async () => {
	const old = await keepUnindexed(fileText('old.jpg'));
	await keepUnindexed(fileText('kept.jpg'));
	const racing: ChatRows = {
		...chat,
		async page(prefix, options) {
			const found = await chat.page(prefix, options);
			if (found.length > 0 && prefix.startsWith('message'))
				await stores.write(await stores.messages.put(withoutContent(old)));
			return found;
		},
	};
	media = createConversationMedia(makeStores(racing, ME));
	expect(await names('visual')).toEqual(['kept.jpg']);
	expect(await stores.files.keys(YOU, 'visual', { limit: 9 })).toHaveLength(1);
});

it('finds what a look at every message finds, in any mixture of old and new', async () => {
	const kind = fc.constantFrom('text', 'a.jpg', 'b.m4a', 'c.bin', 'gone.jpg');
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.tuple(kind, fc.boolean()), { maxLength: 40 }),
			fc.integer({ min: 1, max: 6 }),
			async (said, limit) => {
				chat = createMemoryVault().chat;
				stores = makeStores(chat, ME);
				media = createConversationMedia(stores);
				for (const [what, isOld] of said) {
					const text = what === 'text' ? what : fileText(what);
					const message = await (isOld ? keepUnindexed : keep)(text);
					if (what === 'gone.jpg')
						await stores.write(await stores.messages.put(withoutContent(message)));
				}
				const all = await stores.messages.page(YOU, { limit: 100 });
				const expected = all.filter(({ text }) => text?.includes('a.jpg')).map(({ key }) => key);
				const found: string[] = [];
				for (;;) {
					const [before] = found;
					const page = await media.page(YOU, 'visual', {
						limit,
						...(before === undefined ? {} : { before }),
					});
					found.unshift(...page.map(({ key }) => key));
					if (page.length < limit) break;
				}
				expect(found).toEqual(expected);
			},
		),
		{ numRuns: 40 },
	);
});

it('what is in the index and nowhere else does not end a page too early', async () => {
	await keep(fileText('a.jpg'));
	await keep(fileText('b.jpg'));
	const dropped = await make(fileText('c.jpg'));
	await stores.write(await stores.files.put(dropped));
	expect(await names('visual', { limit: 2 })).toEqual(['a.jpg', 'b.jpg']);
	expect(await stores.files.keys(YOU, 'visual', { limit: 10 })).toHaveLength(2);
});
