import { createStore } from 'solid-js/store';
import { beforeEach, expect, it } from 'vitest';
import { createLaterSharing } from '../../../../src/chat/files/later-sharing.ts';
import { createMessageMedia } from '../../../../src/chat/files/opened-media.ts';
import { createUploadStore } from '../../../../src/chat/files/upload-store.ts';
import { createConversations } from '../../../../src/chat/messages/conversations.ts';
import { createHistory } from '../../../../src/chat/messages/history.ts';
import { makeStores, type Stores } from '../../../../src/chat/messages/stores.ts';
import { initialState } from '../../../../src/chat/model/messenger-state.ts';
import { createMutex } from '../../../../src/core/async/mutex.ts';
import { makeKeptFile } from '../../../../src/media/keep-file.ts';
import { createMemoryVault, type Vault } from '../../../../src/vault/vault.ts';
import { until } from '../../../interop/until.ts';

const ME = 'me@a.example';
const YOU = 'you@b.example';

let vault: Vault;
let stores: Stores;
let said: string[];
let reported: unknown[];
/** stands in front of each reading of what is kept */
let slowly: () => Promise<void>;
/** what is uploaded is there once this resolves */
let line: Promise<void>;
let make: () => ReturnType<typeof createLaterSharing>;

beforeEach(() => {
	const kept = createMemoryVault();
	slowly = async () => undefined;
	const list = async () => {
		await slowly();
		return kept.media.list();
	};
	vault = { ...kept, media: { ...kept.media, list } };
	stores = makeStores(vault.chat, ME);
	line = Promise.resolve();
	said = [];
	reported = [];
	make = () => {
		const serial = createMutex();
		const [, setState] = createStore(initialState(ME));
		const conversations = createConversations({
			stores,
			serial,
			setState,
			history: createHistory(ME, stores, { fetch: () => Promise.reject(new Error()) }, serial),
			isContact: () => true,
			displayed: () => undefined,
		});
		const url = new URL('https://upload.example/0');
		return createLaterSharing({
			account: ME,
			stores,
			uploadStore: createUploadStore(vault.chat, ME),
			media: createMessageMedia(vault.chat),
			vault,
			connection: {
				upload: {
					requestSlot: async () => ({ put: url, get: url, headers: {} }),
					findService: async () => undefined,
				},
			},
			outbox: {
				async add({ id }, change, more) {
					if (change) await conversations.keep(change.message, change.isNew, more?.writes);
					said.push(id);
				},
			},
			conversations,
			serial,
			upload: () => ({ jid: 'upload.example' }),
			isReady: () => true,
			progress: () => undefined,
			showThumbnail: async () => false,
			report: (thrown) => reported.push(thrown),
			put: () => line,
		});
	};
});

const file = () => ({ blob: new Blob([new Uint8Array(10)]), name: 'a.bin' });

it('a file that is chosen while what was left behind is looked through is sent, and not cleared away with it', async () => {
	const { record: left } = await makeKeptFile(vault, 'left.bin', ME);
	let reads = 0;
	slowly = async () => {
		reads += 1;
		// The first only asks whether anything was left behind.
		if (reads > 1) await new Promise((resolve) => setTimeout(resolve, 200));
	};
	const sharing = make();
	const loading = sharing.load();
	line = loading;
	await until('it is looked through', () => reads > 1);
	await sharing.share(YOU, [file()]);
	await loading;
	await until('said', () => said.length === 1);
	const [message] = await stores.messages.page(YOU, { limit: 9 });
	expect(message?.attachment?.kind).toBe('file');
	expect(message?.state).not.toBe('failed');
	const ids = (await vault.media.list()).map(({ id }) => id);
	expect(ids).toHaveLength(1);
	expect(ids).not.toContain(left.id);
	await sharing.close();
	expect(reported).toEqual([]);
});
