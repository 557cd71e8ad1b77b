import { type Tab, waitFor } from './browser/browser.ts';
import { test as base, expect } from './chat-fixtures.ts';
import { openEngine } from './fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';
import { asksBeforeLeaving, figures } from './sharing-page.ts';

const test = base.extend({
	session: async ({ browserName: _ }, use, info) => {
		test.skip(info.project.name !== 'chromium', 'WebKitGTK has no microphone to give');
		const session = await openEngine('chromium', { microphone: 'allowed' });
		await use(session);
		await session.close();
	},
});

declare global {
	var microphones: MediaStreamTrack[] | undefined;
}

/** Keeps what the page gets of the microphone, to look at it. */
const watchMicrophone = (tab: Tab) =>
	tab.evaluate(() => {
		const tracks: MediaStreamTrack[] = [];
		globalThis.microphones = tracks;
		const { mediaDevices } = navigator;
		const ask = mediaDevices.getUserMedia.bind(mediaDevices);
		mediaDevices.getUserMedia = async (wanted) => {
			const stream = await ask(wanted);
			tracks.push(...stream.getTracks());
			return stream;
		};
	});

async function record({ tab }: MessengerPage): Promise<void> {
	await tab.click('[data-testid=record-voice]');
	await waitFor(
		tab,
		() => /^0:0[1-9]$/.test(document.querySelector('.voice-clock')?.textContent ?? ''),
		[],
	);
}

/** Clicks, and whether the microphone is free at once. */
const freedBy = ({ tab }: MessengerPage, selector: string) =>
	tab.evaluate((wanted) => {
		const states = () => globalThis.microphones?.map(({ readyState }) => readyState).at(-1);
		const before = states();
		document.querySelector<HTMLElement>(wanted)?.click();
		return [before, states()];
	}, selector);

const step = ({ tab }: MessengerPage) =>
	tab.evaluate(
		() =>
			document.querySelector<HTMLElement>('[data-testid=voice-recorder]')?.dataset['step'] ??
			'closed',
	);
const rowText = ({ tab }: MessengerPage, peer: string) =>
	tab.evaluate(
		(jid) =>
			document.querySelector<HTMLElement>(`.row[data-peer="${jid}"] .row-text`)?.innerText ?? '',
		peer,
	);

test('a voice message waits, unsent, while one looks elsewhere', async ({ alice }) => {
	const { tab } = alice;
	const [dora, emil] = ['dora@localhost', 'emil@localhost'];
	await alice.addContact(emil);
	await alice.addContact(dora);
	await watchMicrophone(tab);
	await record(alice);
	expect(await freedBy(alice, `.row[data-peer="${emil}"]`)).toEqual(['live', 'ended']);
	await alice.see('composer');
	expect(await step(alice)).toBe('closed');
	await expect.poll(() => rowText(alice, dora)).toBe('Draft: voice message');
	expect(await rowText(alice, emil)).not.toContain('Draft');

	await alice.openConversation(dora);
	expect(await step(alice)).toBe('review');
	expect(await asksBeforeLeaving(alice)).toBe(true);
	expect(
		await tab.evaluate(() => document.querySelector<HTMLElement>('.voice-why')?.innerText),
	).toBe('Recording stopped when you left.');
	// Who came by a key must not send by it.
	await waitFor(
		tab,
		() => document.activeElement?.getAttribute('data-testid') === 'voice-play',
		[],
	);
	await tab.press('Enter');
	await waitFor(tab, () => (document.querySelector('audio')?.currentTime ?? 0) > 0.3, []);
	await tab.press('Escape');
	await waitFor(tab, () => document.querySelector('[data-testid=conversation-page]') === null, []);
	await alice.press('account');
	await alice.press('open-links');
	await alice.press('to-chat');
	await alice.openConversation(dora);
	expect(await step(alice)).toBe('review');
	await alice.press('send-voice');
	await expect.poll(() => asksBeforeLeaving(alice)).toBe(false);
	const [sent] = await figures(alice, 1);
	expect(sent?.kind).toBe('audio');
	expect(await step(alice)).toBe('closed');
	expect(await rowText(alice, dora)).not.toContain('Draft');

	// Dialogs hide the composer; a phone shows one thing at a time.
	await record(alice);
	expect(await freedBy(alice, '[data-testid=account]')).toEqual(['live', 'ended']);
	await alice.closeDialog();
	await expect.poll(() => step(alice)).toBe('review');
	await alice.press('discard-voice');
	expect(await step(alice)).toBe('closed');
	await tab.resize(390, 844);
	await record(alice);
	expect(await freedBy(alice, '[data-testid=details]')).toEqual(['live', 'ended']);
	await alice.closeDialog();
	await alice.press('back');
	await expect.poll(() => rowText(alice, dora)).toBe('Draft: voice message');
	await alice.openConversation(dora);
	expect(await step(alice)).toBe('review');
});
