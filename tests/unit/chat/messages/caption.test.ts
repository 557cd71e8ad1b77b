import { createStore } from 'solid-js/store';
import { beforeEach, expect, it } from 'vitest';
import { createMessageMedia } from '../../../../src/chat/files/opened-media.ts';
import { createSharing, type Sharing } from '../../../../src/chat/files/sharing.ts';
import { createUploadStore, type UploadStore } from '../../../../src/chat/files/upload-store.ts';
import { createConversations } from '../../../../src/chat/messages/conversations.ts';
import { createHistory } from '../../../../src/chat/messages/history.ts';
import { createOutbox, type Outbox } from '../../../../src/chat/messages/outbox.ts';
import { makeStores, type Stores } from '../../../../src/chat/messages/stores.ts';
import { createWriting, type Writing } from '../../../../src/chat/messages/writing.ts';
import type { Message } from '../../../../src/chat/model/message.ts';
import { initialState } from '../../../../src/chat/model/messenger-state.ts';
import { createMutex } from '../../../../src/core/async/mutex.ts';
import { ShareError } from '../../../../src/core/share-error.ts';
import type { OutgoingMessage } from '../../../../src/xmpp/message.ts';
import { until } from '../../../interop/until.ts';
import { Client, Server } from '../../omemo/support.ts';

const ME = 'me@a.example';
const YOU = 'you@b.example';

let stores: Stores;
let uploadStore: UploadStore;
let outbox: Outbox;
let writing: Writing;
let sharing: Sharing;
let you: Client;
let sent: OutgoingMessage[];
let reported: unknown[];
/** The upload that is under way ends, well or with an error. */
let endUpload: (error?: ShareError) => void;
let uploads: number;

beforeEach(async () => {
	const server = new Server();
	const me = await new Client(server, ME).start();
	you = await new Client(server, YOU).start();
	await me.decrypt(YOU, await you.encrypt(ME, 'they know each other'));
	stores = makeStores(me.vault.chat, ME);
	uploadStore = createUploadStore(me.vault.chat, ME);
	sent = [];
	reported = [];
	uploads = 0;
	const report = (thrown: unknown) => reported.push(thrown);
	const serial = createMutex();
	const [, setState] = createStore(initialState(ME));
	const history = createHistory(ME, stores, { fetch: () => Promise.reject(new Error()) }, serial);
	const conversations = createConversations({
		stores,
		serial,
		setState,
		history,
		isContact: () => true,
		displayed: () => undefined,
	});
	outbox = createOutbox({
		account: ME,
		stores,
		omemo: me.omemo,
		serial,
		context: {
			isReady: true,
			send: (stanza) => sent.push(stanza),
			stanzaLimit: 65_536,
			sizeOf: (stanza) => JSON.stringify(stanza).length,
			forgetSession: () => undefined,
			keep: conversations.keep,
			report,
		},
	});
	writing = createWriting({
		account: ME,
		stores,
		outbox,
		serial,
		isPlaintext: () => false,
		keep: (message, writes) => conversations.keep(message, false, writes),
		drop: conversations.drop,
	});
	const url = new URL('https://upload.example/0.pdf');
	sharing = createSharing({
		account: ME,
		stores,
		uploadStore,
		media: createMessageMedia(me.vault.chat),
		vault: me.vault,
		connection: {
			upload: {
				requestSlot: async () => ({ put: url, get: url, headers: {} }),
				findService: async () => undefined,
			},
		},
		outbox,
		conversations,
		serial,
		upload: () => ({ jid: 'upload.example' }),
		isReady: () => true,
		progress: () => undefined,
		showThumbnail: async () => false,
		report,
		put: () =>
			new Promise((resolve, reject) => {
				uploads += 1;
				endUpload = (error) => (error === undefined ? resolve() : reject(error));
			}),
	});
});

const messages = () => stores.messages.page(YOU, { limit: 100 });
const named = async (text: string): Promise<Message> =>
	until(text, async () => (await messages()).find((message) => message.text === text));

/** Begins to upload a file with a caption, which waits. */
async function share(): Promise<Message> {
	const file = { blob: new Blob([new Uint8Array(10)]), name: 'a.bin' };
	await sharing.share(YOU, [file], 'cats');
	await until('an upload', () => uploads === 1);
	const caption = await named('cats');
	expect(caption).toMatchObject({ state: 'waiting' });
	return caption;
}

/** Ends the upload; what the others read then, with what was sent. */
async function saidWith(...texts: string[]): Promise<OutgoingMessage[]> {
	endUpload();
	await until('all sent', () => sent.length > texts.length);
	await outbox.flush();
	for (const { id } of sent) await outbox.acknowledged(id);
	const [file, ...rest] = sent;
	expect(sent.map(({ replaces, retracts }) => replaces ?? retracts).filter(Boolean)).toEqual([]);
	const read = async ({ encrypted }: OutgoingMessage) =>
		encrypted && (await you.decrypt(ME, encrypted)).text;
	expect(file && (await read(file))).toMatch(/^aesgcm:/);
	const said: unknown[] = [];
	for (const stanza of rest) said.push((await read(stanza)) ?? stanza.reactions?.emojis[0]);
	expect(said).toEqual(texts);
	expect(await stores.outbox.all()).toEqual([]);
	expect(await uploadStore.all()).toEqual([]);
	expect((await messages()).map(({ state }) => state)).not.toContain('waiting');
	expect(reported).toEqual([]);
	return sent;
}

it('goes out behind its file, once', async () => {
	await share();
	await saidWith('cats');
});

it('is said as it was changed while the file was uploaded', async () => {
	const caption = await share();
	await writing.correct(caption, 'dogs');
	await writing.correct(await named('dogs'), 'birds');
	expect((await named('birds')).isCorrected).toBeUndefined();
	await saidWith('birds');
});

it.each(['cancel', 'retract'] as const)('is not said after %s, and the file is', async (way) => {
	await writing[way](await share());
	expect((await messages()).map(({ share: file }) => file?.name)).toEqual(['a.bin']);
	await saidWith();
	expect(await messages()).toHaveLength(1);
});

it('that an older version has taken back is not said either', async () => {
	const { text: _, ...caption } = await share();
	await stores.write(await stores.messages.put({ ...caption, isRetracted: true, state: 'sent' }));
	await saidWith();
});

it('goes out before what was felt about it, which waits for it, too', async () => {
	const caption = await share();
	await writing.react(caption, ['👍']);
	expect(await stores.outbox.all()).toEqual([]);
	expect(await named('cats')).toMatchObject({
		state: 'waiting',
		reactions: [{ by: ME, emojis: ['👍'] }],
	});
	const [, said, reaction] = await saidWith('cats', '👍');
	expect(reaction?.reactions?.id).toBe(said?.id);
});

it('waits while its file has failed, as it was changed, and goes with it once that is tried again', async () => {
	await share();
	endUpload(new ShareError('file-changed'));
	const failed = await until('failed', async () =>
		(await messages()).find(({ state }) => state === 'failed'),
	);
	await writing.correct(await named('cats'), 'dogs');
	expect(await named('dogs')).toMatchObject({ state: 'waiting' });
	await sharing.retryShare(failed);
	await until('another upload', () => uploads === 2);
	await saidWith('dogs');
});

it('is gone with a file that is given up', async () => {
	await share();
	const file = (await messages()).find((message) => message.share !== undefined);
	if (file !== undefined) await sharing.cancelShare(file);
	expect(await messages()).toEqual([]);
	expect(await uploadStore.all()).toEqual([]);
	expect(sent).toEqual([]);
});

/** Begins to upload a document with its name and a caption. */
async function shareNamed(): Promise<Message> {
	const file = { blob: new Blob([new Uint8Array(10)]), name: 'a.pdf', said: 'Contract.pdf' };
	await sharing.share(YOU, [file], 'cats');
	await until('an upload', () => uploads === 1);
	return until('a file', async () => (await messages()).find((message) => message.share));
}

it('goes out behind the name of its file, which comes right behind the file', async () => {
	await shareNamed();
	expect((await messages()).map(({ share: file, text }) => file?.name ?? text)).toEqual([
		'a.pdf',
		'Contract.pdf',
		'cats',
	]);
	await saidWith('Contract.pdf', 'cats');
});

it('is gone with a file that is given up, and so is its name', async () => {
	await sharing.cancelShare(await shareNamed());
	expect(await messages()).toEqual([]);
});

it('stays where its file is taken back, whose name is, too', async () => {
	await shareNamed();
	await saidWith('Contract.pdf', 'cats');
	const [file] = await messages();
	if (file !== undefined) await writing.retract(file);
	await outbox.flush();
	await until('both taken back', () => sent.filter(({ retracts }) => retracts).length === 2);
	expect((await messages()).map(({ isRetracted }) => isRetracted ?? false)).toEqual([
		true,
		true,
		false,
	]);
});
