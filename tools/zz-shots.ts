import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { startProsody } from './prosody.ts';
import { startStaticServer } from './static-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
const accounts = ['anna', 'ben'].map((user) => ({ user, password: 'a password' }));
const prosody = await startProsody({ folder, accounts });
const app = await startStaticServer({ root: 'dist-local', loopback: true });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
async function signIn(page: Page, user: string): Promise<void> {
	await page.goto(app.origin);
	await page.getByTestId('address').fill(`${user}@localhost`);
	await page.getByTestId('password').fill('a password');
	await page.getByTestId('server-details').click();
	await page.getByTestId('websocket').fill(prosody.websocket);
	await page.getByTestId('sign-in').click();
	await page.getByTestId('account').waitFor();
}
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
try {
	const ben = await (await browser.newContext()).newPage();
	await signIn(ben, 'ben');
	for (const [size, viewport] of Object.entries(SIZES))
		for (const colorScheme of ['light', 'dark'] as const) {
			const context = await browser.newContext({ viewport, colorScheme });
			const page = await context.newPage();
			const shoot = (name: string) => page.screenshot({ path: `/tmp/shots/${name}-${size}-${colorScheme}.png` });
			await signIn(page, 'anna');
			await page.getByTestId('add-contact').click();
			await page.getByTestId('contact-address').fill('typo@nowhere.example');
			await page.getByTestId('add').click();
			await page.getByTestId('composer').fill('hello?');
			await page.getByTestId('send').click();
			await page.getByTestId('waiting-line').or(page.getByTestId('failed-line')).first().waitFor({ timeout: 30000 });
			await page.getByTestId('composer').fill('A very long text. '.repeat(20000));
			await page.getByTestId('send-as-file').waitFor();
			await shoot('waiting');
			await page.getByTestId('composer').fill('');
			await page.getByTestId('message').first().hover();
			await page.getByTestId('message-more').first().click();
			await shoot('menu');
			await context.close();
		}
} finally {
	await browser.close();
	await prosody.close();
	await app.close();
	process.exit(0);
}
