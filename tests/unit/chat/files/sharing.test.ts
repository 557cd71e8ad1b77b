import { createStore } from 'solid-js/store';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createMessageMedia } from '../../../../src/chat/files/opened-media.ts';
import { createSharing } from '../../../../src/chat/files/sharing.ts';
import { createUploadStore, type UploadStore } from '../../../../src/chat/files/upload-store.ts';
import { createConversations } from '../../../../src/chat/messages/conversations.ts';
import { createHistory } from '../../../../src/chat/messages/history.ts';
import type { OutgoingContent } from '../../../../src/chat/messages/outbox-entry.ts';
import { makeStores, type Stores } from '../../../../src/chat/messages/stores.ts';
import type { Message } from '../../../../src/chat/model/message.ts';
import { initialState } from '../../../../src/chat/model/messenger-state.ts';
import { createMutex } from '../../../../src/core/async/mutex.ts';
import { toHex } from '../../../../src/core/bytes.ts';
import { MediaError } from '../../../../src/core/errors.ts';
import { ShareError } from '../../../../src/core/share-error.ts';
import type { PutCiphertext } from '../../../../src/media/put-ciphertext.ts';
import { createMemoryVault, type Vault } from '../../../../src/vault/vault.ts';
import type { UploadSlot } from '../../../../src/xmpp/extensions/upload.ts';
import { XmppError } from '../../../../src/xmpp/xmpp-error.ts';
import { until } from '../../../interop/until.ts';

const ME = 'me@a.example';
const YOU = 'you@b.example';
const OTHER = 'other@c.example';

let vault: Vault;
let stores: Stores;
let uploadStore: UploadStore;
let sharing: ReturnType<typeof createSharing>;
let makeSharing: () => ReturnType<typeof createSharing>;
let said: string[];
let saidTo: string[];
let contents: OutgoingContent[];
const steps: (string | undefined)[] = [];
let puts: number;
let put: PutCiphertext;
let slot: () => Promise<UploadSlot>;
let reported: unknown[];
let beforeWrite: () => void;
let limit: number | undefined;

beforeEach(() => {
	vault = createMemoryVault();
	const kept = makeStores(vault.chat, ME);
	beforeWrite = () => undefined;
	stores = {
		...kept,
		async write(...all) {
			beforeWrite();
			await kept.write(...all);
		},
	};
	uploadStore = createUploadStore(vault.chat, ME);
	said = [];
	saidTo = [];
	contents = [];
	reported = [];
	puts = 0;
	steps.length = 0;
	limit = undefined;
	put = async () => undefined;
	slot = async () => slotAt('0');
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
	makeSharing = () =>
		createSharing({
			account: ME,
			stores,
			uploadStore,
			media: createMessageMedia(vault.chat),
			vault,
			connection: { upload: { requestSlot: () => slot(), findService: async () => undefined } },
			outbox: {
				async add({ id, content }, change, more) {
					contents.push(content);
					if (change) await conversations.keep(change.message, change.isNew, more?.writes);
					said.push(id);
					saidTo.push(change?.message.peer ?? '');
				},
			},
			conversations,
			serial,
			upload: () => ({ jid: 'upload.example', ...(limit === undefined ? {} : { maxSize: limit }) }),
			isReady: () => true,
			progress: (_key, progress) => steps.push(progress?.step),
			showThumbnail: async () => false,
			report: (thrown) => reported.push(thrown),
			put: (...all) => {
				puts += 1;
				return put(...all);
			},
		});
	sharing = makeSharing();
});

afterEach(() => vi.restoreAllMocks());

const messages = () => stores.messages.page(YOU, { limit: 100 });
const file = (size = 10) => ({ blob: new Blob([new Uint8Array(size)]), name: 'a.bin' });
async function first(): Promise<Message> {
	return until('a message', async () => (await messages())[0]);
}

/** All that one file leaves behind when it was given up, and that the queue goes on. */
async function expectNothingOfIt(): Promise<void> {
	expect(await uploadStore.all()).toEqual([]);
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

it('once it is said, a file leads to what is kept of it here', async () => {
	slot = async () => slotAt('1/a.bin');
	await sharing.share(YOU, [file()]);
	const { share } = await first();
	await until('said', () => said.length === 1);
	const sent = await first();
	expect(sent.attachment).toMatchObject({ kind: 'file', name: 'a.bin' });
	expect(await createMessageMedia(vault.chat).idOf(sent)).toBe(share?.mediaId);
});

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
	let cancelling: Promise<void> | undefined;
	slot = async () => {
		cancelling ??= sharing.cancelShare(await first());
		return slotAt('1');
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
	expect(await uploadStore.all()).toEqual([]);
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

/** Time that passes a thousand times as fast. */
function hurry(): void {
	const real = setTimeout;
	vi.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, time = 0) =>
		real(work, time / 1000)) as typeof setTimeout);
}
const full = () => {
	throw new MediaError('storage-full');
};
const failed = (problem: string) =>
	until('failed', async () => {
		const [message] = await messages();
		return message?.state === 'failed' && message.problem === problem ? message : undefined;
	});

it('what no link can carry is not uploaded, fails once, and the next goes on', async () => {
	const begun = vi.spyOn(vault.segments, 'begin');
	let slots = 0;
	slot = async () => (slots++ === 0 ? slotAt('a|b') : slotAt('1'));
	await sharing.share(YOU, [file(), file()]);
	await until('the next is said', () => said.length === 1);
	await failed('slot-invalid');
	sharing.flush();
	await sharing.close();
	expect([puts, slots, begun.mock.calls.length]).toEqual([1, 2, 2]);
	expect(reported).toEqual([]);
});

it.each([
	['a bug', new TypeError('x is not a function'), 'internal'],
	['something that is no error', 'oops', 'internal'],
	['an error of the media', new MediaError('uri-invalid'), 'slot-invalid'],
	['no room', new MediaError('storage-full'), 'storage-full'],
	['no room, as browsers say it', new DOMException('', 'QuotaExceededError'), 'storage-full'],
	['a refusal', new XmppError('refused', { condition: 'not-acceptable' }), 'slot-refused'],
])('%s fails that one file, once, and the next goes on', async (_, thrown, problem) => {
	const begun = vi.spyOn(vault.segments, 'begin');
	put = async () => {
		if (puts === 1) throw thrown;
	};
	await sharing.share(YOU, [file(), file()]);
	await until('the next is said', () => said.length === 1);
	const message = await failed(problem);
	expect(reported).toEqual(problem === 'internal' ? [thrown] : []);
	await sharing.retryShare(message);
	await until('both are said', () => said.length === 2);
	expect(begun).toHaveBeenCalledTimes(2);
});

it('what is uploaded and could not be said is neither encrypted nor uploaded again', async () => {
	const begun = vi.spyOn(vault.segments, 'begin');
	const uploaded = vi.spyOn(vault.media, 'uploaded').mockImplementationOnce(full);
	await sharing.share(YOU, [file()]);
	await sharing.retryShare(await failed('storage-full'));
	await until('said', () => said.length === 1);
	expect([puts, begun.mock.calls.length, uploaded.mock.calls.length]).toEqual([1, 1, 2]);
	expect(await vault.media.list()).toMatchObject([{ url: 'https://upload.example/0' }]);
});

it('what is uploaded and could not be said is said after a restart, without another upload', async () => {
	let isFull = false;
	beforeWrite = () => isFull && full();
	put = async () => {
		const { uploaded } = vault.media;
		vi.spyOn(vault.media, 'uploaded').mockImplementationOnce(async (...all) => {
			await uploaded(...all);
			isFull = true;
		});
	};
	await sharing.share(YOU, [file()]);
	await until('full', () => isFull);
	await sharing.close();
	expect(said).toEqual([]);
	isFull = false;
	sharing = makeSharing();
	await sharing.load();
	sharing.flush();
	await until('said', () => said.length === 1);
	expect(puts).toBe(1);
});

it('after a restart in mid-upload it goes on at once: what is encrypted is not encrypted again', async () => {
	const sent: string[] = [];
	const heard = async (body: Blob) => sent.push(toHex(new Uint8Array(await body.arrayBuffer())));
	put = async (_target, body, { signal, onProgress }) => {
		await heard(body);
		onProgress(4);
		await new Promise((_, reject) => {
			signal.addEventListener('abort', () => reject(new ShareError('cancelled')));
		});
	};
	await sharing.share(YOU, [file()]);
	await until('some of it has left', () => steps.includes('uploading'));
	await sharing.close();
	steps.length = 0;
	put = async (_target, body, { onProgress }) => {
		await heard(body);
		onProgress(10);
	};
	sharing = makeSharing();
	await sharing.load();
	sharing.flush();
	await until('said', () => said.length === 1);
	expect(steps.filter((step) => step !== 'waiting')).toEqual(['uploading', undefined]);
	expect(sent).toHaveLength(2);
	expect(sent[1]).toBe(sent[0]);
});

it('on a full disk a file is not encrypted again and again, and says why once there is room', async () => {
	hurry();
	let isFull = false;
	let tried = 0;
	const begun = vi.spyOn(vault.segments, 'begin');
	beforeWrite = () => {
		if (!isFull) return;
		tried += 1;
		full();
	};
	slot = async () => {
		isFull = true;
		return slotAt('1');
	};
	await sharing.share(YOU, [file()]);
	await until('tried to say why', () => tried > 4);
	isFull = false;
	await sharing.retryShare(await failed('storage-full'));
	await until('said', () => said.length === 1);
	expect([puts, begun.mock.calls.length]).toEqual([1, 1]);
});

it('a file that is whole is not encrypted again because its row could not be written', async () => {
	const begun = vi.spyOn(vault.segments, 'begin');
	let writes = 0;
	// The first is that it is kept.
	beforeWrite = () => writes++ === 2 && full();
	await sharing.share(YOU, [file(), file()]);
	await until('the next is said', () => said.length === 1);
	await sharing.retryShare(await failed('storage-full'));
	await until('said', () => said.length === 2);
	expect(begun).toHaveBeenCalledTimes(2);
});

it('all files of a choice are taken, or none', async () => {
	let writes = 0;
	beforeWrite = () => writes++ === 1 && full();
	const sharingBoth = sharing.share(YOU, [file(), file()], 'words');
	await expect(sharingBoth).rejects.toMatchObject({ code: 'storage-full' });
	await expectNothingOfIt();
});

it('opens on a full disk, too', async () => {
	beforeWrite = () => undefined;
	await sharing.close();
	sharing = makeSharing();
	const blob = { size: 10, slice: () => ({ arrayBuffer: () => new Promise(() => undefined) }) };
	void sharing.share(YOU, [{ blob: blob as unknown as Blob, name: 'a.bin' }]);
	await first();
	beforeWrite = full;
	const other = makeSharing();
	await other.load();
	beforeWrite = () => undefined;
	other.flush();
	await failed('file-lost');
	await other.close();
});

it('a file whose conversation is removed while it is uploaded ends, and leaves nothing behind', async () => {
	let end: () => void = () => undefined;
	put = () =>
		new Promise((resolve) => {
			end = () => resolve(undefined);
		});
	await sharing.share(YOU, [file(), file()]);
	await until('uploads', () => puts === 1);
	await stores.conversations.remove(YOU);
	end();
	await until('no rows', async () => (await uploadStore.all()).length === 0);
	await sharing.close();
	expect(await vault.media.list()).toEqual([]);
	expect([puts, said.length]).toEqual([1, 0]);
	expect(reported).toEqual([]);
});

it('of a file that has failed nothing is left after its conversation was removed, and a new start', async () => {
	put = async () => {
		throw new ShareError('file-changed');
	};
	await sharing.share(YOU, [file()]);
	await failed('file-changed');
	await stores.conversations.remove(YOU);
	await sharing.close();
	sharing = makeSharing();
	await sharing.load();
	expect(await uploadStore.all()).toEqual([]);
	expect(await vault.media.list()).toEqual([]);
	expect(await stores.conversations.all()).toEqual([]);
});

it('what one conversation waits for holds up no other', async () => {
	let slots = 0;
	slot = async () => {
		if (slots++ === 0) throw new XmppError('timeout');
		return slotAt(`${slots}`);
	};
	await sharing.share(YOU, [file(), file()]);
	await sharing.share(OTHER, [file()]);
	await until('all are said', () => said.length === 3);
	expect(saidTo).toEqual([OTHER, YOU, YOU]);
	const inOrder = (await messages()).map(({ id }) => id);
	expect(said.slice(1)).toEqual(inOrder);
});

it('a slow upload holds up its own conversation alone', async () => {
	const ends: (() => void)[] = [];
	put = () =>
		puts === 1 ? new Promise((resolve) => ends.push(() => resolve(undefined))) : Promise.resolve();
	await sharing.share(YOU, [file(), file()]);
	await until('uploads', () => puts === 1);
	await sharing.share(OTHER, [file()]);
	await until('the other is said', () => said.length === 1);
	expect(saidTo).toEqual([OTHER]);
	ends[0]?.();
	await until('all are said', () => said.length === 3);
});

it('uploads for a few conversations at once, and for all of them in the end', async () => {
	const ends: (() => void)[] = [];
	let most = 0;
	put = () =>
		new Promise((resolve) => {
			ends.push(() => resolve(undefined));
			most = Math.max(most, ends.length);
		});
	const peers = Array.from({ length: 8 }, (_, index) => `p${index}@b.example`);
	for (const peer of peers) await sharing.share(peer, [file()]);
	while (said.length < peers.length) {
		await until('uploads', () => ends.length > 0 || said.length === peers.length);
		ends.shift()?.();
	}
	expect(most).toBe(3);
	expect(new Set(saidTo)).toEqual(new Set(peers));
});

it.each([
	['that refuses what it was sent', new ShareError('upload-refused', { detail: { status: 503 } })],
	['that stores less than it was sent', new ShareError('upload-incomplete')],
	['whose line always breaks off', new ShareError('network')],
])('a host %s is not tried for ever', async (_, thrown) => {
	hurry();
	put = async (_, body, { onProgress }) => {
		onProgress(body.size);
		throw thrown;
	};
	await sharing.share(YOU, [file()]);
	await failed(thrown.code);
	expect(puts).toBe(thrown.code === 'network' ? 31 : 7);
	expect(reported).toEqual([]);
});

it('the first file answers what it is to answer, without a quote in front of its link', async () => {
	await sharing.share(YOU, [file()]);
	await until('said', () => said.length === 1);
	const answered = await first();
	await sharing.share(YOU, [file(), file()], 'both', answered);
	await until('both are said', () => said.length === 3);
	expect(contents.slice(1)).toMatchObject([
		{ text: expect.stringMatching(/^aesgcm:/), replyTo: { id: answered.id, author: ME } },
		{ text: expect.stringMatching(/^aesgcm:/) },
	]);
	expect(contents[2]).not.toHaveProperty('replyTo');
	const [, second] = await messages();
	expect(second?.replyTo).toMatchObject({ id: answered.id, isQuoted: false });
});
