import { createStore } from 'solid-js/store';
import { beforeEach, expect, it, vi } from 'vitest';
import type { ChatMessage } from '../../../src/chat/messenger/chat-message.ts';
import { createConversations } from '../../../src/chat/messenger/conversations.ts';
import { createHistory } from '../../../src/chat/messenger/history.ts';
import { createMessageMedia } from '../../../src/chat/messenger/message-media.ts';
import { createMessageRows, type MessageRows } from '../../../src/chat/messenger/message-rows.ts';
import { initialState } from '../../../src/chat/messenger/messenger-state.ts';
import { createShareRows, type ShareRows } from '../../../src/chat/messenger/share-rows.ts';
import { createSharing } from '../../../src/chat/messenger/sharing.ts';
import { createMutex } from '../../../src/core/mutex.ts';
import { ShareError } from '../../../src/core/share-error.ts';
import type { PutCiphertext } from '../../../src/media/put-ciphertext.ts';
import { createMemoryVault, type Vault } from '../../../src/vault/vault.ts';
import type { UploadSlot } from '../../../src/xmpp/upload-slot.ts';
import { until } from '../../interop/until.ts';

const ME = 'me@a.example';
const YOU = 'you@b.example';

let vault: Vault;
let rows: MessageRows;
let shares: ShareRows;
let sharing: ReturnType<typeof createSharing>;
let said: string[];
let puts: number;
let put: PutCiphertext;
let slot: () => Promise<UploadSlot>;
let reported: unknown[];
let beforeWrite: () => void;
let limit: number | undefined;

beforeEach(() => {
	vault = createMemoryVault();
	const kept = createMessageRows(vault.chat, ME);
	beforeWrite = () => undefined;
	rows = {
		...kept,
		async write(...all) {
			beforeWrite();
			await kept.write(...all);
		},
	};
	shares = createShareRows(vault.chat, ME);
	said = [];
	reported = [];
	puts = 0;
	limit = undefined;
	put = async () => undefined;
	slot = async () => slotAt('0');
	const serial = createMutex();
	const [, setState] = createStore(initialState(ME));
	const history = createHistory(rows, { fetchArchive: () => Promise.reject(new Error()) }, serial);
	const conversations = createConversations({
		rows,
		serial,
		setState,
		history,
		isContact: () => true,
		displayed: () => undefined,
	});
	sharing = createSharing({
		rows,
		shares,
		media: createMessageMedia(vault.chat),
		vault,
		connection: { requestUploadSlot: () => slot() },
		outbox: {
			async add({ id }, change, more) {
				if (change) await conversations.keep(change.message, change.isNew, more?.writes);
				said.push(id);
			},
			flush: async () => undefined,
			retry: async () => undefined,
			takeBack: async () => false,
			holds: () => false,
			ended: async () => undefined,
			close: () => undefined,
			acknowledged: async () => undefined,
		},
		conversations,
		serial,
		upload: () => ({ jid: 'upload.example', ...(limit === undefined ? {} : { maxSize: limit }) }),
		isReady: () => true,
		progress: () => undefined,
		showThumbnail: async () => false,
		report: (thrown) => reported.push(thrown),
		put: (...all) => {
			puts += 1;
			return put(...all);
		},
	});
});

const messages = () => rows.page(YOU, { limit: 100 });
const file = (size = 10) => ({ blob: new Blob([new Uint8Array(size)]), name: 'a.bin' });
async function first(): Promise<ChatMessage> {
	return until('a message', async () => (await messages())[0]);
}

/** All that one file leaves behind when it was given up, and that the queue goes on. */
async function expectNothingOfIt(): Promise<void> {
	expect(await shares.all()).toEqual([]);
	expect(await messages()).toEqual([]);
	expect(await vault.media.list()).toEqual([]);
	expect(said).toEqual([]);
	const before = puts;
	await sharing.share(YOU, [file()]);
	await until('the next is said', () => said.length === 1);
	expect(puts).toBe(before + 1);
	await sharing.close();
	expect(reported).toEqual([]);
}

const slotAt = (path: string): UploadSlot => {
	const url = new URL(path, 'https://upload.example/');
	return { put: url, get: url, headers: {} };
};

it('given up while a slot is asked for, a file is not uploaded', async () => {
	let answer: (slot: UploadSlot) => void = () => undefined;
	let asked = false;
	slot = () => {
		asked = true;
		return new Promise((resolve) => {
			answer = resolve;
		});
	};
	await sharing.share(YOU, [file()]);
	await until('asked', () => asked);
	await sharing.cancelShare(await first());
	slot = async () => slotAt('2');
	answer(slotAt('1'));
	await expectNothingOfIt();
	expect(puts).toBe(1);
});

it('given up in the moment before it is uploaded, a file neither is, nor comes back', async () => {
	let message: ChatMessage | undefined;
	let cancelling: Promise<void> | undefined;
	slot = async () => {
		message = await first();
		return slotAt('1');
	};
	beforeWrite = () => {
		if (message !== undefined) cancelling ??= sharing.cancelShare(message);
	};
	await sharing.share(YOU, [file()]);
	await until('given up', () => cancelling !== undefined);
	await cancelling;
	await expectNothingOfIt();
	expect(puts).toBe(1);
});

it('given up while it is uploaded, a file makes room for the next', async () => {
	put = (_, __, { signal }) =>
		new Promise((_, reject) => {
			signal.addEventListener('abort', () => reject(new ShareError('cancelled')));
		});
	await sharing.share(YOU, [file()]);
	await until('uploads', () => puts === 1);
	put = async () => undefined;
	await sharing.cancelShare(await first());
	await expectNothingOfIt();
});

it('what is larger than the server takes is not even encrypted, and the next goes on', async () => {
	limit = 1000;
	const begun = vi.spyOn(vault.segments, 'begin');
	await sharing.share(YOU, [file(985), file(984)]);
	await until('the next is said', () => said.length === 1);
	expect(await first()).toMatchObject({ problem: 'too-large', problemDetail: { limit: 1000 } });
	expect(begun).toHaveBeenCalledTimes(1);
	expect(await vault.media.list()).toHaveLength(1);
	// It may take more another day.
	limit = 1001;
	await sharing.retryShare(await first());
	await until('both are said', () => said.length === 2);
	expect(reported).toEqual([]);
});

it('what could not be read is read again when somebody wants it, and never stands in the way of the next', async () => {
	const bytes = new Uint8Array(10);
	let isThere = false;
	const blob = Object.assign(new Blob([bytes]), {
		slice: () => ({
			arrayBuffer: async () => {
				if (!isThere) throw new DOMException('', 'NotReadableError');
				return bytes;
			},
		}),
	});
	await sharing.share(YOU, [{ blob, name: 'a.bin' }, file()]);
	await until('the next is said', () => said.length === 1);
	expect(await first()).toMatchObject({ state: 'failed', problem: 'file-unreadable' });
	await sharing.retryShare(await first());
	await until('failed again', async () => (await first()).state === 'failed');
	await sharing.share(YOU, [file()]);
	await until('one more is said', () => said.length === 2);
	isThere = true;
	await sharing.retryShare(await first());
	await until('all are said', () => said.length === 3);
	expect(await shares.all()).toEqual([]);
	expect(reported).toEqual([]);
});

it('a slot that the browser has filled before it heard so is left for a new one', async () => {
	const slots: string[] = [];
	slot = async () => slotAt(`${slots.length}`);
	put = async (target) => {
		slots.push(target.put.pathname);
		if (slots.length > 1) return;
		throw new ShareError('upload-refused', { detail: { status: 409 } });
	};
	await sharing.share(YOU, [file()]);
	await until('said', () => said.length === 1);
	expect(slots).toEqual(['/0', '/1']);
	await sharing.close();
	expect(reported).toEqual([]);
});
