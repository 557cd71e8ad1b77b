import { createHash } from 'node:crypto';
import { waitFor } from './browser/browser.ts';
import { expect } from './fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';

export interface Chosen {
	readonly name: string;
	readonly bytes: Buffer;
}

/** Chooses files as a picker does. */
export function choose(page: MessengerPage, ...files: readonly Chosen[]): Promise<void> {
	return give(page, 'choose', files);
}

/** Drops files on the conversation, all at once. */
export function drop(page: MessengerPage, ...files: readonly Chosen[]): Promise<void> {
	return give(page, 'drop', files);
}

async function give(
	page: MessengerPage,
	how: 'choose' | 'drop',
	files: readonly Chosen[],
): Promise<void> {
	const before = await trayCount(page);
	await page.see('file-input');
	await page.see('messages');
	await page.tab.evaluate(
		(way, list) => {
			const transfer = new DataTransfer();
			for (const { name, base64 } of list) {
				const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
				transfer.items.add(new File([bytes], name));
			}
			const input = document.querySelector<HTMLInputElement>('[data-testid=file-input]');
			if (way === 'drop') {
				const place = document.querySelector('[data-testid=messages]');
				for (const type of ['dragenter', 'dragover', 'drop']) {
					const data = { bubbles: true, cancelable: true, dataTransfer: transfer };
					place?.dispatchEvent(new DragEvent(type, data));
				}
			} else if (input !== null) {
				input.files = transfer.files;
				input.dispatchEvent(new Event('change', { bubbles: true }));
			}
		},
		how,
		files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') })),
	);
	await expect.poll(() => trayCount(page)).toBe(before + files.length);
}

function trayCount(page: MessengerPage): Promise<number> {
	return page.tab.evaluate(() => document.querySelectorAll('[data-testid=tray-item]').length);
}

/** Sends what is in the tray once it is ready. */
export async function sendTray(page: MessengerPage, caption = ''): Promise<void> {
	if (caption !== '') await page.tab.type('[data-testid=composer]', caption);
	await waitFor(
		page.tab,
		() => document.querySelector<HTMLButtonElement>('[data-testid=send]')?.disabled === false,
		[],
	);
	await page.tab.click('[data-testid=send]');
}

/** The media items of a conversation, in order, with what is known of them; waits for `count` of them verified. */
export async function figures(page: MessengerPage, count: number, timeout = 40_000) {
	const read = () =>
		page.tab.evaluate(() =>
			[...document.querySelectorAll<HTMLElement>('[data-testid=message] [data-media-id]')].map(
				(item) => ({
					id: item.dataset['mediaId'] ?? '',
					state: item.querySelector<HTMLElement>('[data-media-state]')?.dataset['mediaState'] ?? '',
					kind: item.querySelector<HTMLElement>('[data-media-kind]')?.dataset['mediaKind'] ?? '',
				}),
			),
		);
	await expect
		.poll(async () => (await read()).filter(({ state }) => state === 'verified').length, {
			timeout,
		})
		.toBe(count);
	return read();
}

/** SHA-256 of what the page serves for an item. */
export function hashOf(page: MessengerPage, id: string): Promise<string> {
	return page.tab.evaluate(async (item) => {
		const response = await fetch(`/media/${item}/media.bin`);
		const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
		return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
	}, id);
}

/** What the page serves for an item. */
export async function bytesOf(page: MessengerPage, id: string): Promise<Buffer> {
	const base64 = await page.tab.evaluate(async (item) => {
		const blob = await (await fetch(`/media/${item}/media.bin`)).blob();
		const reader = new FileReader();
		await new Promise((resolve) => {
			reader.onload = resolve;
			reader.readAsDataURL(blob);
		});
		return String(reader.result).split(',')[1] ?? '';
	}, id);
	return Buffer.from(base64, 'base64');
}

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Whether the browser would ask before the page is left. */
export const asksBeforeLeaving = ({ tab }: MessengerPage): Promise<boolean> =>
	tab.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
