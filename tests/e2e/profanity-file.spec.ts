import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Profanity } from '../interop/profanity.ts';
import { BalconyPage } from './balcony-page.ts';
import { waitFor } from './browser/browser.ts';
import { test as base, expect, PASSWORD, registered } from './chat-fixtures.ts';
import { longVideo, sample } from './samples.ts';

/** Somebody with a Profanity, on the same server. */
const test = base.extend<{ carol: Profanity }>({
	carol: async ({ server }, use) => {
		const carol = await Profanity.start(server, await registered(server, 'carol'), PASSWORD);
		await use(carol);
		carol.close();
	},
});

test('videos that Profanity shares play, and are verified', async ({ alice, carol, session }) => {
	await alice.addContact(carol.jid);
	await carol.type(`/sub allow ${alice.jid}`);
	await carol.type(`/sub request ${alice.jid}`);
	await carol.type(`/msg ${alice.jid}`);
	await carol.type(`/omemo start ${alice.jid}`, /OMEMO/);
	// Its window of what goes on, where it tells that it has the keys.
	await carol.type('/win 1');
	await carol.shows(`Blind trust for ${alice.jid}`);
	await carol.type(`/msg ${alice.jid}`);
	await carol.type('look at this');
	expect(await alice.message('look at this')).toMatchObject({ encrypted: true, own: false });

	const page = new BalconyPage(alice.tab, session, alice.origin);
	for (const [name, video] of [
		['evening.mp4', await sample('evening.mp4')],
		['longer.mp4', await longVideo()],
	] as const) {
		const before = await page.ids();
		const file = path.join(carol.home, name);
		writeFileSync(file, video);
		await carol.type(`/sendfile ${file}`);
		const id = await waitFor(
			alice.tab,
			(known) =>
				[...document.querySelectorAll<HTMLElement>('[data-testid=message] [data-media-id]')]
					.map(({ dataset }) => dataset['mediaId'] ?? '')
					.find((one) => !known.includes(one)),
			[before],
			30_000,
		);
		await page.play(id ?? '', 1);
		await page.verify(id ?? '');
		expect(await page.state(id ?? '')).toMatchObject({ kind: 'video', state: 'verified' });
		expect(await page.pictureSize(id ?? '')).toEqual({ width: 640, height: 360 });
	}
	await alice.tab.screenshot('test-results/profanity-file.png');
});
