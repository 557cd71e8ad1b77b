import { execFileSync } from 'node:child_process';
import { boxes } from '../unit/core/movie-support.ts';
import { waitFor } from './browser/browser.ts';
import { expect, test } from './chat-fixtures.ts';
import { figures } from './sharing-page.ts';
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
	const bytes = await tab.evaluate(async (id) => {
		const answer = await fetch(`/media/${id}/media.bin`);
		return [...new Uint8Array(await answer.arrayBuffer())];
	}, sent?.id ?? '');
	const file = Buffer.from(bytes);
	expect(boxes(file).map(({ type }) => type)).toEqual(['ftyp', 'moov', 'mdat']);
	for (const told of ['MediaStream', 'Mediabunny', 'udta'])
		expect(file.includes(told), told).toBe(false);
	// Noise in it would be an error here.
	const samples = ['-xerror', '-i', '-', '-ac', '1', '-ar', '8000', '-f', 's16le', '-'];
	const heard = execFileSync('ffmpeg', ['-v', 'error', ...samples], { input: file });
	expect(heard.length / 16_000).toBeGreaterThan(1.5);
});
