import { beforeEach, expect, it } from 'vitest';
import { catchUp } from '../../../../src/chat/messages/catch-up.ts';
import { createMessageBatches } from '../../../../src/chat/messages/message-batches.ts';
import { makeStores, type Stores } from '../../../../src/chat/messages/stores.ts';
import { MediaError } from '../../../../src/core/errors.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';
import type { IncomingMessage } from '../../../../src/xmpp/message.ts';
import { XmppError } from '../../../../src/xmpp/xmpp-error.ts';

const PAGE = 3;

/** An archive of ids, oldest first, that answers as servers do (XEP-0313, XEP-0059). */
class Archive {
	ids: string[] = [];
	encrypted = new Set<string>();

	/** how many were asked for, each time */
	asked: (number | undefined)[] = [];
	/** messages that take too long over this line */
	tooMany = Number.POSITIVE_INFINITY;

	fetch = async ({ after, before, max }: { after?: string; before?: string; max?: number }) => {
		this.asked.push(max);
		if (max !== undefined && max >= this.tooMany) throw new XmppError('timeout');
		const at = after === undefined ? -1 : this.ids.indexOf(after);
		if (after !== undefined && at < 0)
			throw new XmppError('refused', { condition: 'item-not-found' });
		const end = before ? this.ids.indexOf(before) : this.ids.length;
		const found =
			before === undefined
				? this.ids.slice(at + 1, at + 1 + PAGE)
				: this.ids.slice(Math.max(0, end - PAGE), end);
		const [first, last] = [found[0], found.at(-1)];
		return {
			messages: found.map((id) => this.#message(id)),
			complete: before === undefined && at + 1 + PAGE >= this.ids.length,
			...(first === undefined ? {} : { first }),
			...(last === undefined ? {} : { last }),
		};
	};

	#message(archiveId: string): IncomingMessage {
		const encrypted = { sid: 1, iv: new Uint8Array(12), keys: [] };
		const isSealed = this.encrypted.has(archiveId);
		return { archiveId, ...(isSealed ? { encrypted } : {}) } as unknown as IncomingMessage;
	}
}

let archive: Archive;
let stores: Stores;
let taken: string[];

beforeEach(() => {
	archive = new Archive();
	stores = makeStores(createMemoryVault().chat, 'me@a.example');
	taken = [];
});

/** Deals with pages of messages; `keep` may throw. */
const pages = (keep: (id: string) => void) =>
	createMessageBatches(stores, {
		async keep({ archiveId = '?' }) {
			keep(archiveId);
			return true;
		},
		flush: async () => true,
	});
const read = () =>
	catchUp(
		stores,
		archive,
		pages((id) => void taken.push(id)),
	);

it('begins with the last page, without what was encrypted before this device was made', async () => {
	archive.ids = ['a', 'b', 'c', 'd'];
	archive.encrypted.add('c');
	await read();
	expect(taken).toEqual(['b', 'd']);
});

it('goes on from where it was, over many pages, each message once', async () => {
	archive.ids = ['a'];
	await read();
	archive.ids.push('b', 'c', 'd', 'e', 'f', 'g', 'h');
	archive.encrypted.add('e');
	await read();
	await read();
	expect(taken).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
});

it('misses nothing that came after the archive was empty', async () => {
	await read();
	archive.ids.push('a', 'b');
	archive.encrypted.add('a');
	await read();
	expect(taken).toEqual(['a', 'b']);
});

it('reads all that is left where the server has forgotten the position', async () => {
	archive.ids = ['a', 'b'];
	await read();
	archive.ids = ['x', 'y', 'z', 'last'];
	archive.encrypted.add('x');
	taken = [];
	await read();
	expect(taken).toEqual(['x', 'y', 'z', 'last']);
});

it('goes on later after the line broke in mid-page', async () => {
	archive.ids = ['a'];
	await read();
	archive.ids.push('b', 'c', 'd', 'e', 'f');
	const whole = archive.fetch;
	let asked = 0;
	archive.fetch = async (query) => {
		asked += 1;
		if (asked > 1) throw new XmppError('offline');
		return whole(query);
	};
	await expect(read()).rejects.toMatchObject({ code: 'offline' });
	archive.fetch = whole;
	await read();
	expect(taken).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

it.each([
	['on the spot', (asked: number) => (asked === 0 ? ['b', 'c'] : ['c'])],
	['on the spot from the start', () => ['a']],
	['in a circle', (asked: number) => [['b'], ['c'], ['d']][asked % 3] ?? []],
] as const)('leaves an archive whose pages go round %s, and says so', async (_, page) => {
	archive.ids = ['a'];
	await read();
	let asked = 0;
	archive.fetch = async () => {
		const ids = page(asked);
		asked += 1;
		if (asked > 50) throw new Error('asked without end');
		const messages = ids.map((archiveId) => ({ archiveId }) as unknown as IncomingMessage);
		return { messages, complete: false, first: ids[0] ?? '', last: ids.at(-1) ?? '' };
	};
	expect(await read()).toBe('stuck');
});

it('asks for fewer where a large page takes too long, and gives up where a small one does', async () => {
	archive.ids = ['a'];
	await read();
	archive.ids.push('b', 'c', 'd', 'e', 'f');
	archive.asked = [];
	archive.tooMany = 250;
	await read();
	expect(taken).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
	expect(archive.asked).toEqual([250, 50, 50]);
	archive.tooMany = 50;
	await expect(read()).rejects.toMatchObject({ code: 'timeout' });
});

it('asks for the next page before it deals with this one', async () => {
	archive.ids = ['a'];
	await read();
	archive.ids.push('b', 'c', 'd', 'e', 'f');
	archive.asked = [];
	const asked: number[] = [];
	await catchUp(
		stores,
		archive,
		pages(() => void asked.push(archive.asked.length)),
	);
	expect(asked).toEqual([2, 2, 2, 2, 2]);
});

it('the position stays before a message that could not be kept', async () => {
	archive.ids = ['a'];
	await read();
	archive.ids.push('b', 'c', 'd', 'e', 'f');
	const failing = catchUp(
		stores,
		archive,
		pages((id) => {
			if (id === 'f') throw new MediaError('storage-full');
		}),
	);
	await expect(failing).rejects.toMatchObject({ code: 'storage-full' });
	taken = [];
	await read();
	expect(taken).toContain('f');
	expect(await stores.archive.position()).toBe('f');
});
