import { execFileSync } from 'node:child_process';
import { bytesOf, le16 } from '../pictures/bytes.ts';
import { pictureCorpus } from '../pictures/corpus.ts';
import { BalconyPage } from './balcony-page.ts';
import { expect, test } from './fixtures.ts';
import { photo } from './photos.ts';
import { lyingCanvas } from './pictures/lying-canvas.ts';

/** A GIF of one colour whose screen is much smaller than its frame, in few bytes. */
function smallScreen(side: number): Buffer {
	const source = ['-f', 'lavfi', '-i', `color=c=black:s=${side}x${side}:d=1`];
	const gif = execFileSync(
		'ffmpeg',
		['-v', 'error', ...source, '-frames:v', '1', '-f', 'gif', '-'],
		{
			maxBuffer: 2 ** 26,
		},
	);
	gif.set(bytesOf(le16(10), le16(10)), 6);
	return gif;
}

const inCorpus = (wanted: string) =>
	Buffer.from(pictureCorpus().find(({ name }) => name === wanted)?.bytes ?? []);

/** What stands in an item's box: the whole picture, or a copy that was made of it. */
function sourceOf(balcony: BalconyPage, id: string): Promise<string> {
	return balcony.tab.evaluate((wanted) => {
		const item = document.querySelector(`[data-media-id="${wanted}"]`);
		return item?.querySelector<HTMLImageElement>('img.picture:not([hidden])')?.src ?? '';
	}, id);
}

test('the size that is drawn counts, not the one that is announced', async ({ balcony, host }) => {
	const bomb = await host.share('small.gif', smallScreen(9000));
	expect(bomb.plaintext.length).toBeLessThan(300_000);
	const id = await balcony.openLink(bomb.uri);
	await balcony.waitText(id, '81 megapixels');
	expect((await balcony.state(id)).kind).toBe('file');
	expect(await balcony.pictureSize(id)).toBeNull();
});

test('a photo with more than a megabyte before its pixels, and odd ones, are shown', async ({
	balcony,
	host,
}) => {
	const names = ['portrait-depth.jpg', 'cut.jpg', 'without-trailer.gif', 'one-more.webp'];
	for (const name of names) {
		const id = await balcony.openLink((await host.share(name, inCorpus(name))).uri);
		await balcony.waitState(id, 'verified');
		await balcony.waitPicture(id);
	}
});

test('where canvases lie, the whole picture is shown, and no copy that is made of it', async ({
	session,
	host,
	app,
}) => {
	const { uri } = await host.share('photo.jpg', photo(3000, 2000));
	app.prelude(lyingCanvas());
	try {
		const balcony = new BalconyPage(await session.newTab(), session, app.origin);
		await balcony.open();
		const id = await balcony.openLink(uri);
		await balcony.waitState(id, 'verified');
		await balcony.waitPicture(id);
		expect(await sourceOf(balcony, id)).toMatch(/\/media\//);
		expect(await balcony.pictureSize(id)).toEqual({ width: 3000, height: 2000 });
	} finally {
		app.prelude('');
	}
});
