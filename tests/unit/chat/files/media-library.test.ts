import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type MediaLibrary, makeMediaLibrary } from '../../../../src/chat/files/media-library.ts';
import { newFileSecret } from '../../../../src/core/crypto/file-keys.ts';
import { MediaError } from '../../../../src/core/errors.ts';
import { parseAesgcmUri } from '../../../../src/core/links/aesgcm-uri.ts';
import { LINKS, type MediaRecord } from '../../../../src/vault/media-record.ts';
import { createMemoryVault, type Vault } from '../../../../src/vault/vault.ts';

const ANNA = 'anna@example.org';
const BEN = 'ben@example.org';
const uri = `aesgcm://h.example/a.jpg#${'ab'.repeat(12)}${'cd'.repeat(32)}`;

let vault: Vault;
let library: MediaLibrary;
let sent: string[];
/** What the page answers a worker that has no such record. */
let askFor: (id: string) => unknown[];

beforeEach(async () => {
	sent = [];
	const controller = {
		postMessage: ({ kind, id = '' }: { kind: string; id?: string }) => sent.push(`${kind} ${id}`),
	};
	const serviceWorker = Object.assign(new EventTarget(), { controller, startMessages() {} });
	askFor = (id) => {
		const answers: unknown[] = [];
		const ports = [{ postMessage: (record: unknown) => answers.push(record) }];
		const data = { kind: 'need-record', id };
		serviceWorker.dispatchEvent(Object.assign(new Event('message'), { data, ports }));
		return answers;
	};
	vi.stubGlobal('navigator', { serviceWorker });
	vault = createMemoryVault();
	library = makeMediaLibrary(vault);
	await expect.poll(() => library.state.listed).toBe(true);
});

afterEach(() => {
	library.close();
	vi.unstubAllGlobals();
});

const shown = () => library.state.items.map(({ id }) => id);

it('holds the links, and the files of the account that is there, and lets go of those with it', async () => {
	const link = await library.open({ uri }, LINKS);
	library.enter(ANNA);
	const photo = await library.open({ uri }, ANNA);
	expect(shown()).toEqual([link, photo]);
	sent = [];
	library.leave();
	expect(shown()).toEqual([link]);
	expect(sent).toEqual([`forget ${photo}`]);
	library.enter(BEN);
	expect(shown()).toEqual([link]);
	expect(await library.adopt(photo, BEN)).toBe(false);
	expect(shown()).toEqual([link]);
	library.enter(ANNA);
	expect(await library.adopt(photo, ANNA)).toBe(true);
	expect(shown()).toEqual([link, photo]);
});

it('shows nothing that comes when its account has left', async () => {
	library.enter(ANNA);
	const { keys, iv } = await newFileSecret(false);
	const { id } = await vault.media.addOwn({
		keys,
		iv,
		name: 'a.jpg',
		owner: ANNA,
	});
	const late = [library.open({ uri }, ANNA), library.adopt(id, ANNA)];
	const withFile = library.adopt(id, ANNA, new Blob(['a file that was chosen']));
	library.enter(BEN);
	await Promise.all(late);
	expect(await withFile).toBe(false);
	expect(shown()).toEqual([]);
	expect((await vault.media.list()).map(({ owner }) => owner)).toEqual([ANNA, ANNA]);
});

it('is empty once everything was erased, also of what was just being opened', async () => {
	await library.open({ uri }, LINKS);
	library.enter(ANNA);
	const opening = library.open({ uri }, LINKS);
	await vault.erase();
	await opening.catch(() => undefined);
	expect(shown()).toEqual([]);
	expect(sent).toContain('forget-all ');
	expect(await vault.media.list()).toEqual([]);
});

it("removes all files of the account and the links, and nobody else's", async () => {
	library.enter(BEN);
	const bens = await library.open({ uri }, BEN);
	library.enter(ANNA);
	await library.open({ uri }, ANNA);
	await library.open({ uri }, LINKS);
	await library.clear();
	expect(shown()).toEqual([]);
	expect((await vault.media.list()).map(({ id }) => id)).toEqual([bens]);
});

it('shows an old file of a message also where there is no room to write down whose it is', async () => {
	const { id } = await vault.media.add(parseAesgcmUri(uri), ANNA);
	const { owner: _, ...old } = (await vault.media.get(id)) as MediaRecord;
	vi.spyOn(vault.media, 'get').mockResolvedValue(old);
	vi.spyOn(vault.media, 'own').mockRejectedValue(new MediaError('storage-full'));
	library.enter(ANNA);
	expect(await library.adopt(id, ANNA)).toBe(true);
	expect(shown()).toEqual([id]);
});

it('does not wait with what is removed once its account has left', async () => {
	library.enter(ANNA);
	const id = await library.open({ uri }, ANNA);
	library.removing.removeSoon(id);
	library.leave();
	await expect.poll(() => vault.media.get(id)).toBeUndefined();
	library.enter(ANNA);
	expect(await library.adopt(id, ANNA)).toBe(false);
});

it('keeps no key of what was removed with all files', async () => {
	library.enter(ANNA);
	const ids = [await library.open({ uri }, LINKS), await library.open({ uri }, ANNA)];
	for (const id of ids) expect(askFor(id)).toMatchObject([{ id }]);
	await library.clear();
	for (const id of ids) expect(askFor(id)).toEqual([undefined]);
});

it('what somebody wants to play while its size is being asked for plays once that is known', async () => {
	library.enter(ANNA);
	const id = await library.open({ uri }, ANNA, 1000);
	const item = () => library.state.items.find((one) => one.id === id);
	expect(item()).toMatchObject({ isUnasked: true, active: false });
	library.loading.wanted(id);
	expect(item()).toMatchObject({ isUnasked: false, isMeasured: false, active: true });
});
