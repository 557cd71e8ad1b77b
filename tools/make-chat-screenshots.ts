/** Takes the README's pictures of the messenger (dist-local), two people on a real Prosody; run by hand. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { chromiumPath } from '../tests/e2e/browser/playwright.ts';
import { aesgcmUri, encryptFile } from './encrypt-file.ts';
import { eveningZone } from './evening-zone.ts';
import { startProsody } from './prosody.ts';
import { startStaticServer } from './static-server.ts';
import { startUploadHost } from './upload-host.ts';

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
const accounts = ['anna', 'ben'].map((user) => ({ user, password: 'a password' }));
const prosody = await startProsody({ folder, accounts });
const app = await startStaticServer({ root: 'dist-local', loopback: true });
const host = await startUploadHost();
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });

async function signIn(page: Page, user: string): Promise<void> {
	await page.goto(app.origin);
	await page.getByTestId('address').fill(`${user}@localhost`);
	await page.getByTestId('password').fill('a password');
	await page.getByTestId('server-details').click();
	await page.getByTestId('websocket').fill(prosody.websocket);
	await page.getByTestId('sign-in').click();
	await page.getByTestId('account').waitFor();
}

async function say(page: Page, text: string): Promise<void> {
	await page.getByTestId('composer').fill(text);
	await page.getByTestId('send').click();
}

/** Opens the menu of the last message with something in it, and chooses from it. */
async function act(page: Page, content: string, testid: string, within = ''): Promise<void> {
	const message = page
		.getByTestId('message')
		.filter({ has: page.locator(content) })
		.last();
	await message.hover();
	await message.getByTestId('message-more').click();
	await page.locator(`[data-testid=${testid}] ${within}`.trim()).first().click();
}

/** The sample at other times of the day. */
const photos = [
	'copy',
	'hue=h=-25:s=1.2',
	'eq=brightness=0.08:saturation=1.4',
	'hue=h=40:s=0.8',
	'eq=brightness=-0.15:contrast=1.1',
].map((filter, index) => {
	const file = path.join(folder, `evening ${index + 1}.jpg`);
	execFileSync('ffmpeg', ['-v', 'error', '-i', 'samples/balcony.jpg', '-vf', filter, file]);
	return file;
});

const ben = await (await browser.newContext()).newPage();
await signIn(ben, 'ben');
await ben.getByTestId('account').click();
await ben.getByTestId('avatar-file').setInputFiles('samples/balcony.jpg');
await ben.getByTestId('remove-avatar').waitFor();
await ben.getByTestId('own-name').fill('Ben Ortiz');
await ben.getByTestId('save-own-name').click();
await ben.getByTestId('profile-note').filter({ hasText: 'name' }).waitFor();
await ben.getByTestId('close-dialog').click();
let isFirst = true;
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
		await page.getByTestId('address').waitFor();
		await shoot('sign-in');
		await signIn(page, 'anna');
		if (isFirst) {
			await page.getByTestId('add-contact').click();
			await page.getByTestId('contact-address').fill('ben@localhost');
			await page.getByTestId('add').click();
			await ben.getByTestId('accept').click();
		} else await page.getByTestId('conversation').or(page.locator('.row')).first().click();
		isFirst = false;
		await say(page, 'Are you coming up tonight?');
		await ben.locator('.message-text', { hasText: 'tonight' }).last().waitFor();
		const photo = await encryptFile(readFileSync('samples/balcony.jpg'));
		const url = host.put(`/upload/${size}${colorScheme}/balcony.jpg`, photo.bytes);
		await say(ben, 'I have been here for a while. Look:');
		await say(ben, aesgcmUri(url, photo));
		await page.locator('.image-figure.shown').last().waitFor();
		await act(page, 'figure', 'reply');
		await say(page, 'Oh! I bring the bread.');
		await page.locator('[data-state=read]').last().waitFor();
		await ben.locator('.message-text', { hasText: 'bread' }).last().waitFor();
		await act(ben, '.message-text', 'message-menu', '[data-emoji="❤️"]');
		const consent = ben.getByTestId('allow-reactions');
		await consent.or(ben.getByTestId('reaction').last()).first().waitFor();
		if (await consent.isVisible()) await consent.click();
		await page.getByTestId('reaction').last().waitFor();
		await page.waitForTimeout(600);
		await shoot('chat');
		await page.getByTestId('file-input').setInputFiles([...photos, 'samples/notes.txt']);
		await page.locator('[data-testid=tray-item][data-ready]').nth(photos.length).waitFor();
		await page.getByTestId('composer').fill('From up here, last week');
		await page.waitForTimeout(300);
		await shoot('share');
		await page.getByTestId('tray-remove').last().click();
		await page.getByTestId('send').click();
		await page.waitForFunction((count) => {
			const own = [...document.querySelectorAll<HTMLElement>('.message.own')].slice(-count);
			return (
				own.at(-1)?.innerText.includes('last week') &&
				own.every(({ dataset }) => dataset['state'] === 'read')
			);
		}, photos.length + 1);
		await page.waitForTimeout(1500);
		await shoot('album');
		await page.getByTestId('details').click();
		await page.getByTestId('device').first().waitFor();
		await shoot('devices');
		await page.getByTestId('close-dialog').click();
		if (size === 'phone') await page.getByTestId('back').click();
		await shoot('chats');
		await context.close();
	}
await browser.close();
await Promise.all([app.close(), host.close(), prosody.close()]);
rmSync(folder, { recursive: true, force: true });
process.exit(0);
