import { waitFor } from './browser/browser.ts';
import { expect, test } from './chat-fixtures.ts';
import { sample } from './samples.ts';
import { choose, figures, hashOf, sendTray } from './sharing-page.ts';

test.use({ onDisk: true });

test('a file of ours lies on the disk as a file, plays from there, and goes when it is removed', async ({
	alice,
}) => {
	await alice.addContact('dora@localhost');
	await choose(alice, { name: 'evening.mp4', bytes: Buffer.from(await sample('evening.mp4')) });
	await sendTray(alice);
	const [movie] = await figures(alice, 1);
	const id = movie?.id ?? '';
	const size = () =>
		alice.tab.evaluate(async (item) => {
			if ('createWritable' in (globalThis.FileSystemFileHandle?.prototype ?? {})) {
				const root = await navigator.storage.getDirectory();
				const folder = await root.getDirectoryHandle('media');
				const handle = await folder.getFileHandle(item).catch(() => undefined);
				// It may go in between.
				return (await handle?.getFile().catch(() => undefined))?.size ?? 0;
			}
			const database = await new Promise<IDBDatabase>((resolve, reject) => {
				const opening = indexedDB.open('balcony');
				opening.onsuccess = () => resolve(opening.result);
				opening.onerror = () => reject(opening.error);
			});
			const range = IDBKeyRange.bound(`${item}/`, `${item}/~`);
			const pieces = await new Promise<Blob[]>((resolve, reject) => {
				const reading = database.transaction('files').objectStore('files').getAll(range);
				reading.onsuccess = () => resolve(reading.result);
				reading.onerror = () => reject(reading.error);
			});
			database.close();
			return pieces.reduce((sum, piece) => sum + piece.size, 0);
		}, id);
	const segments = () =>
		alice.tab.evaluate(async (item) => caches.has(`balcony-media-${item}`), id);
	// It is shown from the moment it is chosen.
	await expect.poll(size).toBeGreaterThan(100_000);
	expect(await segments()).toBe(false);
	const hash = await hashOf(alice, id);
	await alice.tab.reload();
	await alice.openConversation('dora@localhost');
	await figures(alice, 1);
	expect(await hashOf(alice, id)).toBe(hash);
	await waitFor(alice.tab, () => {
		const video = document.querySelector('video');
		void video?.play().catch(() => undefined);
		return (video?.currentTime ?? 0) > 0.2;
	}, []);
	expect(await segments()).toBe(false);
	await alice.see('message-more');
	await alice.tab.evaluate(() =>
		document.querySelector<HTMLElement>('[data-testid=message-more]')?.click(),
	);
	await alice.press('remove-file');
	// Its place says so at once; it goes once nobody can bring it back any more, as whoever leaves the page cannot.
	await alice.see('load-file');
	await alice.tab.reload();
	await expect.poll(size, { timeout: 20_000 }).toBe(0);
});
