import { execFileSync } from 'node:child_process';
import { type Tab, waitFor } from './browser/browser.ts';
import { acquaint, expect, test } from './chat-fixtures.ts';
import { test as linkTest } from './fixtures.ts';
import { photo, turned } from './photos.ts';

interface Seen {
	readonly id: string;
	/** natural size of what is shown, and the box it is shown in */
	readonly picture: { width: number; height: number };
	readonly box: { left: number; top: number; width: number; height: number };
}

/** The pictures of a page once so many are shown. */
async function pictures(tab: Tab, count: number): Promise<Seen[]> {
	return (await waitFor(
		tab,
		(wanted) => {
			const found = [...document.querySelectorAll<HTMLElement>('[data-media-id]')].flatMap(
				(item) => {
					const image = item.querySelector<HTMLImageElement>('.image-figure.shown img.picture');
					if (!image?.complete || image.naturalWidth === 0) return [];
					const { left, top, width, height } = image.getBoundingClientRect();
					return {
						id: item.dataset['mediaId'] ?? '',
						picture: { width: image.naturalWidth, height: image.naturalHeight },
						box: { left, top, width, height },
					};
				},
			);
			return found.length === wanted ? found : undefined;
		},
		[count],
		60_000,
	)) as Seen[];
}

/** How many previews are kept. */
function previews(tab: Tab): Promise<number> {
	return tab.evaluate(async () => {
		const open = indexedDB.open('balcony');
		const database = await new Promise<IDBDatabase>((resolve) => {
			open.onsuccess = () => resolve(open.result);
		});
		const request = database.transaction('previews').objectStore('previews').count();
		await new Promise((resolve) => {
			request.onsuccess = resolve;
		});
		database.close();
		return request.result;
	});
}

const untilKept = (tab: Tab, count: number) =>
	expect.poll(() => previews(tab), { timeout: 20_000 }).toBe(count);

test('five photos in a row are an album of small copies, also after a reload', async ({
	alice,
	bob,
	host,
}) => {
	test.slow();
	await acquaint(bob, alice);
	const big = photo(4000, 3000);
	for (let n = 0; n < 5; n++) {
		const shared = await host.share(`photo-${n}.jpg`, n === 4 ? turned(big) : big);
		await bob.send(shared.uri);
	}
	await bob.send('from the balcony');
	await alice.message('from the balcony');
	// No larger than a bubble needs, and what came into a tile as small as that.
	const longest = async () =>
		Math.max(
			...(await pictures(alice.tab, 5)).flatMap(({ picture }) => [picture.width, picture.height]),
		);
	await expect.poll(longest, { timeout: 20_000 }).toBeLessThanOrEqual(512);
	const first = await pictures(alice.tab, 5);
	expect(first.at(-1)?.picture).toEqual({ width: 192, height: 256 });

	// Two, then three in a row, all square, and each a message of its own.
	const [a, b, c, d, e] = first.map(({ box }) => box);
	expect(a?.top).toBe(b?.top);
	expect(c?.top).toBe(d?.top);
	expect(d?.top).toBe(e?.top);
	expect(c?.top).toBeGreaterThan(b?.top ?? 0);
	for (const { box } of first) expect(Math.abs(box.width - box.height)).toBeLessThan(1);
	const labels = await alice.tab.evaluate(() =>
		[...document.querySelectorAll('li.album')].map((item) => item.ariaLabel),
	);
	expect(labels).toEqual([1, 2, 3, 4, 5].map((n) => `${n} of 5 in an album`));

	await untilKept(alice.tab, 5);
	host.clearLog();
	await alice.tab.reload();
	await alice.openConversation(bob.jid);
	const again = await pictures(alice.tab, 5);
	expect(again.map(({ id, picture }) => [id, picture])).toEqual(
		first.map(({ id, picture }) => [id, picture]),
	);
	expect(host.requests).toEqual([]);

	// The widest clock stays within the smallest tile.
	await alice.tab.resize(320, 640);
	const foot = await alice.tab.evaluate(() => {
		const last = document.querySelector('.album.last');
		const time = last?.querySelector('time');
		if (time) time.textContent = '12:44\u202fPM';
		const [outer, inner] = [last, last?.querySelector('.message-foot')].map((element) =>
			element?.getBoundingClientRect(),
		);
		return {
			room: (inner?.left ?? 0) - (outer?.left ?? 0),
			spills: (time?.scrollWidth ?? 1) > (inner?.width ?? 0),
			columns: Math.round((outer?.width ?? 0) / 80),
		};
	});
	expect(foot).toMatchObject({ spills: false, columns: 1 });
	expect(foot.room).toBeGreaterThan(0);
	await alice.tab.screenshot('test-results/album-small.png');
	await alice.tab.resize(900, 700);

	// The viewer has the whole picture.
	await alice.tab.click('li.album .image-figure');
	await waitFor(
		alice.tab,
		() => document.querySelector<HTMLImageElement>('.viewer img')?.naturalWidth === 4000,
		[],
	);
	await alice.tab.press('Escape');
	await waitFor(alice.tab, () => document.querySelector('.viewer') === null, []);
	expect(host.requests).toEqual([]);

	// What can be done with a file is in its message's menu, and its preview goes with it.
	await alice.tab.evaluate(() =>
		document.querySelector<HTMLElement>('li.album [data-testid=message-more]')?.click(),
	);
	await alice.press('remove-file');
	await pictures(alice.tab, 4);
	await untilKept(alice.tab, 4);
});

linkTest(
	'a large picture keeps the box it has, and what is far away is let go of',
	async ({ balcony, host }) => {
		linkTest.slow();
		const { tab } = balcony;
		const shared = await host.share('photo.jpg', turned(photo(2400, 1800)));
		const id = await balcony.openLink(shared.uri);
		await pictures(tab, 1);
		await untilKept(tab, 1);
		for (let round = 0; round < 2; round++) {
			await balcony.reload();
			const [seen] = await pictures(tab, 1);
			expect(seen?.picture).toEqual({ width: 768, height: 1024 });
			expect((seen?.box.width ?? 0) / (seen?.box.height ?? 1)).toBeCloseTo(0.75, 2);
		}
		// The box as it is before anything is in it.
		await tab.evaluate(() => {
			new MutationObserver((_, observer) => {
				const box = document.querySelector<HTMLElement>('.image-figure:not(.shown)');
				if (box === null) return;
				observer.disconnect();
				const { width, height } = box.getBoundingClientRect();
				document.body.dataset['box'] = `${width} ${height}`;
			}).observe(document.body, { childList: true, subtree: true });
			document.querySelector<HTMLElement>('[data-testid=to-chat]')?.click();
		});
		await balcony.ready();
		const [filled] = await pictures(tab, 1);
		const empty = await tab.evaluate(() => document.body.dataset['box']);
		expect(`${filled?.box.width} ${filled?.box.height}`).toBe(empty);
		const text = await host.share('notes.txt', Buffer.from('a note\n'.repeat(9)));
		for (let n = 0; n < 30; n++) await balcony.openLink(text.uri);
		const isHeld = () =>
			tab.evaluate(
				(wanted) => document.querySelector(`[data-media-id="${wanted}"] img`) !== null,
				id,
			);
		await expect.poll(isHeld).toBe(false);
		const box = () =>
			tab.evaluate((wanted) => {
				const figure = document.querySelector(`[data-media-id="${wanted}"] .image-figure`);
				return figure?.getBoundingClientRect().height ?? 0;
			}, id);
		const height = await box();
		await tab.evaluate(() => document.querySelector('.timeline')?.scrollTo({ top: 0 }));
		await pictures(tab, 1);
		expect(await box()).toBe(height);
		await balcony.press(id, 'remove');
		await untilKept(tab, 0);
	},
);

linkTest(
	'a photo is shown as soon as it is there, and its small copy made afterwards',
	async ({ balcony, host }) => {
		const { tab } = balcony;
		await tab.evaluate(() => {
			const seen: string[] = [];
			Object.assign(globalThis, { seen });
			new MutationObserver(() => {
				const image = document.querySelector<HTMLImageElement>('.image-figure.shown img.picture');
				if (image !== null && !image.hidden && image.src !== seen.at(-1)) seen.push(image.src);
			}).observe(document, { subtree: true, attributes: true, childList: true });
		});
		await balcony.openLink((await host.share('large.jpg', photo(4000, 3000))).uri);
		const shown = () =>
			tab.evaluate(() =>
				(globalThis as unknown as { seen: string[] }).seen.map((src) => new URL(src).protocol),
			);
		await expect.poll(shown, { timeout: 20_000 }).toEqual(['http:', 'blob:']);
	},
);

linkTest(
	'what moves is shown as it is, and what is see-through stays so',
	async ({ balcony, host }) => {
		const { tab } = balcony;
		const make = (...options: string[]) =>
			execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', ...options, '-'], {
				maxBuffer: 2 ** 26,
			});
		const gif = make('-i', 'testsrc2=s=1800x1200:r=2:d=1', '-f', 'gif');
		const clear = make(
			...['-i', 'color=red@0.5:s=1800x1200:d=1,format=rgba', '-frames:v', '1'],
			...['-c:v', 'png', '-f', 'image2pipe'],
		);
		const moving = await balcony.openLink((await host.share('moving.gif', gif)).uri);
		const seeThrough = await balcony.openLink((await host.share('clear.png', clear)).uri);
		const widths = async () =>
			(await pictures(tab, 2)).map(({ id, picture }) => [id, picture.width]);
		await expect.poll(widths, { timeout: 20_000 }).toEqual([
			[moving, 1800],
			[seeThrough, 512],
		]);
		await untilKept(tab, 1);
		const alpha = await tab.evaluate((id) => {
			const image = document.querySelector<HTMLImageElement>(`[data-media-id="${id}"] img.picture`);
			const canvas = document.createElement('canvas');
			const context = canvas.getContext('2d');
			if (image) context?.drawImage(image, 0, 0, 1, 1);
			return context?.getImageData(0, 0, 1, 1).data[3] ?? 0;
		}, seeThrough);
		expect(Math.abs(alpha - 128)).toBeLessThan(4);
	},
);
