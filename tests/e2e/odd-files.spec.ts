import { execFileSync } from 'node:child_process';
import {
	mkdtempSync,
	readFileSync,
	rmSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserSession } from './browser/browser.ts';
import { waitFor } from './browser/browser.ts';
import { test as base, expect } from './chat-fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';
import { sample } from './samples.ts';
import { bytesOf, choose, figures, hashOf, sendTray, sha256 } from './sharing-page.ts';

const test = base.extend<{ folder: string }>({
	// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
	folder: async ({}, use, info) => {
		test.skip(info.project.name !== 'chromium', 'only Chromium can be handed files on the disk');
		const folder = mkdtempSync(path.join(tmpdir(), 'balcony-odd-'));
		await use(folder);
		rmSync(folder, { recursive: true });
	},
});

/** Chooses files on the disk as a person does; all of them are ready, or say why not. */
async function pick(
	{ tab }: MessengerPage,
	{ chooseFiles }: BrowserSession,
	...files: readonly string[]
): Promise<void> {
	await tab.click('[data-testid=attach]');
	await chooseFiles?.(tab, '[data-testid=attach-files]', files);
	await waitFor(
		tab,
		(count) =>
			document.querySelectorAll('[data-testid=tray-item]:is([data-ready], .has-problem)').length ===
			count,
		[files.length],
	);
}

/** The messages, in a line each. */
const lines = ({ tab }: MessengerPage) =>
	tab.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('[data-testid=message]')].map((row) =>
			row.innerText.replaceAll(/\s+/g, ' ').replace(/\d+:\d\d [AP]M /, ''),
		),
	);

/** Nothing is on its way any more. */
const uploaded = ({ tab }: MessengerPage) =>
	waitFor(
		tab,
		() =>
			document.querySelector('[data-testid=message]') !== null &&
			document.querySelector('[data-testid=share-progress]') === null,
		[],
	);

declare global {
	var bytesTouched: number;
}

test('4 GiB are refused at once, unread', async ({ folder, alice, session }) => {
	const files = ['huge.bin', 'huge.jpg'].map((name) => path.join(folder, name));
	for (const file of files) {
		writeFileSync(file, (await sample('balcony.jpg')).subarray(0, file.endsWith('jpg') ? 3000 : 0));
		truncateSync(file, 2 ** 32 + 5);
	}
	await alice.addContact('dora@localhost');
	await alice.tab.evaluate(() => {
		globalThis.bytesTouched = 0;
		const read = Blob.prototype.arrayBuffer;
		Blob.prototype.arrayBuffer = function () {
			globalThis.bytesTouched += this.size;
			return read.call(this);
		};
		const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
		crypto.subtle.encrypt = (algorithm, key, data) => {
			globalThis.bytesTouched += data.byteLength;
			return encrypt(algorithm, key, data);
		};
	});
	const start = Date.now();
	await pick(alice, session, ...files);
	expect(Date.now() - start).toBeLessThan(5000);
	const problems = await alice.tab.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('.tray-problem')].map(({ innerText }) => innerText),
	);
	expect(problems).toEqual(Array(2).fill('This file is larger than your server allows (105 MB).'));
	expect(await alice.tab.evaluate(() => document.querySelector('.share-tray img'))).toBeNull();
	expect(await alice.tab.evaluate(() => globalThis.bytesTouched)).toBeLessThan(100_000);
});

test('files that change or go before they are sent say so, and the others are sent', async ({
	folder,
	alice,
	session,
}) => {
	await alice.addContact('dora@localhost');
	const names = ['shorter.bin', 'longer.bin', 'other.bin', 'gone.bin', 'same.bin'];
	const files = names.map((name) => path.join(folder, name));
	const bytes = Buffer.alloc(700_000, 'bytes');
	for (const file of files) writeFileSync(file, bytes);
	await pick(alice, session, ...files);
	const [shorter = '', longer = '', other = '', gone = ''] = files;
	truncateSync(shorter, 300_000);
	writeFileSync(longer, Buffer.alloc(900_000));
	writeFileSync(other, Buffer.alloc(700_000));
	rmSync(gone);
	const later = Date.now() / 1000 + 10;
	for (const file of [shorter, longer, other]) utimesSync(file, later, later);
	await sendTray(alice);
	await uploaded(alice);
	const [kept] = await figures(alice, 1);
	expect(await hashOf(alice, kept?.id ?? '')).toBe(sha256(bytes));
	const why = "Not sent This file can't be read any more. Choose it again. Try again Remove";
	const shown = await lines(alice);
	expect(shown.slice(0, 4)).toEqual(names.slice(0, 4).map((name) => `You: ${name} ${why}`));

	// Another try finds the same, and the queue goes on.
	await alice.tab.click('[data-testid=retry-message]');
	await expect.poll(async () => (await lines(alice))[0]).toBe(`You: shorter.bin ${why}`);
	await choose(alice, { name: 'next.txt', bytes: Buffer.from('the next') });
	await sendTray(alice);
	await expect.poll(async () => (await lines(alice)).length).toBe(6);
	await uploaded(alice);
	await alice.tab.click('[data-testid=cancel-share]');
	await expect.poll(async () => (await lines(alice)).length).toBe(5);
});

test('odd files keep what they are', async ({ folder, alice }) => {
	const made = (name: string, ...options: string[]) => {
		const file = path.join(folder, name);
		const source = ['-f', 'lavfi', '-i', 'testsrc2=s=60x40:r=5:d=1'];
		execFileSync('ffmpeg', ['-v', 'error', '-y', ...source, ...options, file]);
		return { name, bytes: readFileSync(file) };
	};
	const heic = Buffer.alloc(3000, 7);
	Buffer.from('000000186674797068656963000000006d69663168656963', 'hex').copy(heic);
	// Its index is whole, and nothing of what it points to.
	const movie = Buffer.from(await sample('evening.mp4'));
	const data = movie.indexOf('mdat');
	movie.fill(0xa5, data + 4, data - 4 + movie.readUInt32BE(data - 4));
	const odd = [
		made('moving.gif'),
		made('moving.webp', '-c:v', 'libwebp_anim', '-loop', '0'),
		made('moving.png', '-f', 'apng', '-plays', '0'),
		{ name: 'IMG_0042.HEIC', bytes: heic },
		{ name: 'broken.mp4', bytes: movie },
		{ name: `${'n'.repeat(5000)}.txt`, bytes: Buffer.from('a long name') },
	];
	await alice.tab.resize(390, 844);
	await alice.addContact('dora@localhost');
	await choose(alice, ...odd);
	await alice.press('send-as-is');
	await alice.tab.screenshot('test-results/odd-tray.png');
	await sendTray(alice);
	await uploaded(alice);
	const sent = await figures(alice, 6);
	expect(sent.map(({ kind }) => kind)).toEqual([
		...['image', 'image', 'image', 'file', 'video', 'file'],
	]);
	for (const [index, { bytes }] of odd.entries())
		if (index !== 4) expect(await hashOf(alice, sent[index]?.id ?? '')).toBe(sha256(bytes));
	await waitFor(
		alice.tab,
		() =>
			[...document.querySelectorAll<HTMLElement>('[data-testid=message]')].some(({ innerText }) =>
				innerText.includes("can't"),
			),
		[],
	);
	expect(
		await alice.tab.evaluate(
			() => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
		),
	).toBe(true);
	await alice.tab.screenshot('test-results/odd-sent.png');
});

test('old and odd movies and sound go out clean and play; what cannot be cleaned is asked about', async ({
	alice,
}) => {
	const folder = mkdtempSync(path.join(tmpdir(), 'balcony-cameras-'));
	const tags = ['title=GEHEIM', 'location=+52.5200+013.4050/', 'make=GEHEIM', 'artist=GEHEIM'];
	const made = (name: string, ...options: string[]) => {
		const file = path.join(folder, name);
		const sources = ['testsrc2=s=160x120:r=10:d=1', 'sine=d=1'];
		const inputs = sources.flatMap((source) => ['-f', 'lavfi', '-i', source]);
		const metadata = tags.flatMap((tag) => ['-metadata', tag]);
		execFileSync('ffmpeg', ['-v', 'error', '-y', ...inputs, ...options, ...metadata, file]);
		return { name, bytes: readFileSync(file) };
	};
	const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
	// In place of its brands there is room, as long.
	const old = made('DSCN0001.MOV', ...h264);
	old.bytes.set(Buffer.from('\0\0\0\x08wide\0\0\0\x0cfree', 'latin1'));
	// One of its chunks is no sample's.
	const odd = made('odd.mp4', ...h264);
	const runs = odd.bytes.lastIndexOf('stsz');
	odd.bytes.writeUInt32BE(odd.bytes.readUInt32BE(runs + 12) - 1, runs + 12);
	const raw = { name: 'IMG_0001.CR3', bytes: Buffer.from(odd.bytes) };
	raw.bytes.write('crx ', 8);
	const song = made('song.mp3', '-map', '1', '-c:a', 'libmp3lame');
	const album = made('album.mkv', ...h264);
	rmSync(folder, { recursive: true });

	await alice.addContact('dora@localhost');
	await choose(alice, old, raw, odd, song, album);
	await waitFor(
		alice.tab,
		() =>
			document.querySelectorAll('[data-testid=tray-item][data-ready]').length === 3 &&
			document.querySelectorAll('[data-testid=send-as-is]').length === 2,
		[],
	);
	await alice.press('tray-take-out');
	await sendTray(alice);
	await uploaded(alice);
	const sent = await figures(alice, 3);
	expect(sent.map(({ kind }) => kind)).toEqual(['video', 'video', 'audio']);
	for (const { id } of sent) {
		const bytes = await bytesOf(alice, id);
		for (const told of ['GEHEIM', '52.5200']) expect(bytes.includes(told)).toBe(false);
		await alice.tab.evaluate(
			async (item) => {
				const player = document.createElement(item.kind === 'audio' ? 'audio' : 'video');
				player.muted = true;
				player.src = `/media/${item.id}/media.bin`;
				await new Promise<void>((resolve, reject) => {
					player.addEventListener('ended', () => resolve());
					player.addEventListener('error', () => reject(new Error(player.error?.message)));
					void player.play();
				});
			},
			sent.find((item) => item.id === id) ?? { id, kind: '' },
		);
	}
});
