/** Takes the README's pictures of the loopback build (dist-local); run by hand, results are committed. */
import { readFile } from 'node:fs/promises';
import { chromium, type Page } from '@playwright/test';
import { chromiumPath } from '../tests/e2e/browser/playwright.ts';
import { longVideo } from '../tests/e2e/samples.ts';
import { aesgcmUri, encryptFile } from './encrypt-file.ts';
import { eveningZone } from './evening-zone.ts';
import { startStaticServer } from './static-server.ts';
import { type HostBehaviour, startUploadHost } from './upload-host.ts';

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const app = await startStaticServer({ root: 'dist-local', loopback: true });
const host = await startUploadHost();
let files = 0;

async function link(
	name: string,
	bytes: Uint8Array,
	behaviour: HostBehaviour = {},
): Promise<string> {
	const encrypted = await encryptFile(bytes);
	files += 1;
	return aesgcmUri(host.put(`/upload/${files}/${name}`, encrypted.bytes, behaviour), encrypted);
}

async function open(page: Page, uri: string, state: string): Promise<void> {
	await page.evaluate((text) => {
		const data = new DataTransfer();
		data.setData('text/plain', text);
		document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, cancelable: true }));
	}, uri);
	await page.locator(`figure[data-media-state=${state}]`).last().waitFor();
}

const photo = await readFile('samples/balcony.jpg');
const voice = await readFile('samples/voice-message.m4a');
const notes = await readFile('samples/notes.txt');
const video = await longVideo();
const browser = await chromium.launch({
	executablePath: chromiumPath(),
	args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
});
for (const [size, viewport] of Object.entries(SIZES))
	for (const colorScheme of ['light', 'dark'] as const) {
		const context = await browser.newContext({
			viewport,
			colorScheme,
			timezoneId: eveningZone(),
		});
		const page = await context.newPage();
		const shoot = (name: string) =>
			page.screenshot({ path: `docs/${name}-${size}-${colorScheme}.png` });
		await page.goto(app.origin);
		await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
		await page.getByTestId('open-links').click();
		await shoot('welcome');
		await open(page, await link('balcony.jpg', photo), 'verified');
		await page.locator('.image-figure.shown').waitFor();
		await open(page, await link('voice-message.m4a', voice), 'verified');
		// As many dots until it is decoded.
		await page.waitForFunction(() => {
			const bars = document
				.querySelector('.waveform path')
				?.getAttribute('d')
				?.match(/v[\d.]+/g);
			return new Set(bars).size > 10;
		});
		await shoot('conversation');
		host.shape({ bitsPerSecond: 8e6, delayMs: 10 });
		await open(page, await link('evening.mp4', video), 'unverified');
		await page.locator('video').evaluate(async (element: HTMLVideoElement) => {
			element.muted = true;
			await element.play();
		});
		await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.7);
		await page.locator('video').evaluate((element: HTMLVideoElement) => element.pause());
		// The browser's controls fade in.
		await page.waitForTimeout(1000);
		await shoot('video');
		host.shape(undefined);
		await open(page, await link('notes.txt', notes), 'verified');
		await open(page, await link('holiday.jpg', photo, { corrupt: { at: 5000 } }), 'tampered');
		await page
			.locator('.timeline')
			.evaluate((element) => element.scrollTo(0, element.scrollHeight));
		await shoot('files');
		await page.getByTestId('settings').click();
		await shoot('settings');
		await page.keyboard.press('Escape');
		await page.locator('.image-figure').first().click();
		await shoot('viewer');
		await context.close();
	}
await browser.close();
await Promise.all([app.close(), host.close()]);
