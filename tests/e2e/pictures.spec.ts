import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildPageScript } from '../bench/page-script.ts';
import { pictureCorpus } from '../pictures/corpus.ts';
import { told } from '../pictures/exif.ts';
import type { Tab } from './browser/browser.ts';
import { test as base, expect } from './fixtures.ts';
import { photo } from './photos.ts';
import { type Lies, lyingCanvas } from './pictures/lying-canvas.ts';
import type { Sent } from './pictures/pictures-page.ts';

/** The address of a page with nothing but the way out for pictures; with `?`, canvases lie there. */
const test = base.extend<object, { way: string }>({
	way: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
		async ({}, use) => {
			const script = await buildPageScript('tests/e2e/pictures/pictures-page.ts');
			const server = http.createServer(({ url = '' }, response) => {
				if (url.startsWith('/page.js')) {
					const lies = url.slice('/page.js?'.length);
					response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
					return response.end(`${lies === '' ? '' : lyingCanvas(lies as Lies)}\n${script}`);
				}
				response.setHeader('Content-Type', 'text/html; charset=utf-8');
				const query = url.slice(1);
				return response.end(
					`<!doctype html><title>Pictures</title><script src="/page.js${query || '?'}"></script>`,
				);
			});
			server.listen(0);
			await once(server, 'listening');
			await use(`http://localhost:${(server.address() as AddressInfo).port}/`);
			server.closeAllConnections();
			server.close();
		},
		{ scope: 'worker' },
	],
});

const send = (tab: Tab, bytes: Uint8Array, name: string, quality: 'original' | 'good' | 'small') =>
	tab.evaluate(
		(...args) =>
			(globalThis as unknown as { send(...args: readonly string[]): Promise<Sent> }).send(...args),
		Buffer.from(bytes).toString('base64'),
		name,
		quality,
	);
const sentBytes = ({ base64 = '' }: Sent) => Buffer.from(base64, 'base64');

test('pictures of phones and cameras go out as they look, and without what they tell', async ({
	session,
	way,
}) => {
	const tab = await session.newTab();
	await tab.goto(way);
	for (const { name, bytes, becomes, shown, isClear } of pictureCorpus())
		for (const quality of ['original', 'good'] as const) {
			const sent = await send(tab, bytes, name, quality);
			const what = `${name}, ${quality}, ${sent.type}`;
			if (becomes === 'asked') {
				expect(sent.problem, what).toBe('not-clean');
				continue;
			}
			expect(sent.problem, what).toBeUndefined();
			expect(told(sentBytes(sent)), what).toBeUndefined();
			// Not every engine shows every kind.
			if (!sent.before) continue;
			expect(sent.before.size, what).toEqual(shown ?? sent.before.size);
			expect(sent.after?.size, what).toEqual(sent.before.size);
			expect(sent.hasThumbnail, what).toBe(true);
			if (isClear) {
				expect(sent.after?.alpha, what).toBeLessThan(200);
				expect(sent.type, what).toMatch(/^image\/(?:webp|png)$/);
			} else if (shown !== undefined) expect(sent.after?.alpha, what).toBe(255);
		}
});

test('what lets something through is scaled, and still does', async ({ session, way }) => {
	const tab = await session.newTab();
	await tab.goto(way);
	const source =
		'testsrc2=s=3000x1500:d=1,noise=alls=20:allf=t,format=yuva420p,colorchannelmixer=aa=0.4';
	const args = ['-v', 'error', '-f', 'lavfi', '-i', source, '-frames:v', '1'];
	const webp = execFileSync(
		'ffmpeg',
		[...args, '-c:v', 'libwebp', '-q:v', '90', '-f', 'image2pipe', '-'],
		{
			maxBuffer: 2 ** 26,
		},
	);
	const sent = await send(tab, webp, 'sticker.webp', 'small');
	expect(sent.type).toBe('image/webp');
	expect(sent.name).toBe('sticker.webp');
	// WebKit writes no WebP, and the PNG would be larger.
	if (session.engine === 'chromium') expect(sent.after?.size).toEqual([1280, 640]);
	expect(sent.after?.alpha).toBeLessThan(200);
});

test('a photo of 50 megapixels is sent smaller, with a thumbnail', async ({ session, way }) => {
	const tab = await session.newTab();
	await tab.goto(way);
	const source = 'color=c=gray:s=8192x6144:d=1';
	const args = ['-v', 'error', '-f', 'lavfi', '-i', source, '-frames:v', '1'];
	const jpeg = execFileSync('ffmpeg', [...args, '-f', 'mjpeg', '-'], { maxBuffer: 2 ** 26 });
	const sent = await send(tab, jpeg, 'photo.jpg', 'good');
	expect(sent.after?.size).toEqual([2560, 1920]);
	expect(sent.hasThumbnail).toBe(true);
});

for (const lies of ['all', 'files', 'pixels'] as const)
	test(`where canvases lie (${lies}), the cleaned original goes out, without a thumbnail`, async ({
		session,
		way,
	}) => {
		const tab = await session.newTab();
		const jpeg = photo(2000, 1500);
		await tab.goto(way);
		const scaled = await send(tab, jpeg, 'photo.jpg', 'small');
		expect(scaled.after?.size).toEqual([1280, 960]);
		await tab.goto(`${way}?${lies}`);
		for (const name of ['phone.jpg', 'sticker.webp', 'camera.avif']) {
			const { bytes } = pictureCorpus().find((picture) => picture.name === name) ?? {
				bytes: jpeg,
			};
			const original = await send(tab, bytes, name, 'original');
			const sent = await send(tab, bytes, name, 'good');
			expect(sentBytes(sent).equals(sentBytes(original)), name).toBe(true);
			expect(told(sentBytes(sent)), name).toBeUndefined();
			expect(sent.hasThumbnail, name).toBe(false);
		}
		const whole = await send(tab, jpeg, 'photo.jpg', 'small');
		expect(whole.after?.size).toEqual([2000, 1500]);
	});
