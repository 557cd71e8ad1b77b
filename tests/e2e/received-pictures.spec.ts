import { execFileSync } from 'node:child_process';
import { be16, bytesOf, le16, type Part } from '../pictures/bytes.ts';
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

/** A grey JPEG of many pixels, over all of which a decoder goes again with each of its scans, of 60 bytes each. */
function manyScans(side: number, scans: number): Buffer {
	const segment = (marker: number, ...content: Part[]) => {
		const body = bytesOf(...content);
		return bytesOf(0xff, marker, be16(body.length + 2), body);
	};
	const blocks = (side / 8) ** 2;
	/** one code, of one bit */
	const table = (kind: number, value: number) => segment(0xc4, kind, 1, new Uint8Array(15), value);
	const scan = (from: number, bytes: number) =>
		bytesOf(segment(0xda, 1, 1, 0, from, from, 0), new Uint8Array(bytes));
	// Each code ends 2^14 blocks.
	const rest = Math.ceil((Math.ceil(blocks / 2 ** 14) * 15) / 8);
	return Buffer.from(
		bytesOf(
			...[0xff, 0xd8, segment(0xdb, 0, new Uint8Array(64).fill(1))],
			segment(0xc2, 8, be16(side), be16(side), 1, 1, 0x11, 0),
			...[table(0, 0), table(0x10, 0xe0), scan(0, Math.ceil(blocks / 8))],
			...Array.from({ length: scans - 1 }, (_, index) => scan(1 + (index % 63), rest)),
			...[0xff, 0xd9],
		),
	);
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

test('a picture that takes a decoder a minute is a file', async ({ balcony, host }) => {
	const [good, bad] = [manyScans(1600, 20), manyScans(7200, 3000)];
	expect(bad.length).toBeLessThan(500_000);
	const shown = await balcony.openLink((await host.share('photo.jpg', good)).uri);
	await balcony.waitPicture(shown);
	const id = await balcony.openLink((await host.share('photo.jpg', bad)).uri);
	await balcony.waitText(id, 'Damaged image');
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
