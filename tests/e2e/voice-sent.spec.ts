import { execFileSync } from 'node:child_process';
import { boxes } from '../unit/core/movie-support.ts';
import { waitFor } from './browser/browser.ts';
import { expect, test } from './chat-fixtures.ts';
import { bytesOf, figures } from './sharing-page.ts';
import { recordMp4 } from './voice/record-mp4.ts';

test('a voice message in MP4 is put together by what the app loads, and tells nothing', async ({
	alice,
}) => {
	const { tab } = alice;
	await alice.addContact('dora@localhost');
	await alice.openConversation('dora@localhost');
	await recordMp4(tab);
	await tab.click('[data-testid=record-voice]');
	await waitFor(tab, () => document.querySelector('.voice-clock')?.textContent === '0:02', []);
	await tab.click('[data-testid=stop-voice]');
	await alice.see('send-voice');
	await alice.press('send-voice');
	const [sent] = await figures(alice, 1);
	expect(sent?.kind).toBe('audio');
	// It is shown from memory before it lies on the disk, from where the worker serves it.
	let file: Buffer = Buffer.of();
	await expect
		.poll(async () => {
			file = await bytesOf(alice, sent?.id ?? '');
			return file.length;
		})
		.toBeGreaterThan(0);
	expect(boxes(file).map(({ type }) => type)).toEqual(['ftyp', 'moov', 'mdat']);
	for (const told of ['MediaStream', 'Mediabunny', 'udta'])
		expect(file.includes(told), told).toBe(false);
	// Noise in it would be an error here.
	const samples = ['-xerror', '-i', '-', '-ac', '1', '-ar', '8000', '-f', 's16le', '-'];
	const heard = execFileSync('ffmpeg', ['-v', 'error', ...samples], { input: file });
	expect(heard.length / 16_000).toBeGreaterThan(1.5);
});
