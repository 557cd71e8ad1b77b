import { startUploadHost } from '../../tools/upload-host.ts';
import { waitFor } from './browser/browser.ts';
import { acquaint, expect, test } from './chat-fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';
import { sample } from './samples.ts';

async function setLimit(person: MessengerPage, bytes: number): Promise<void> {
	await person.press('account');
	await person.press('open-links');
	await person.press('settings');
	await person.see('load-limit');
	await person.tab.evaluate((value) => {
		const select = document.querySelector<HTMLSelectElement>('[data-testid=load-limit]');
		if (select !== null) select.value = String(value);
		select?.dispatchEvent(new Event('change', { bubbles: true }));
	}, bytes);
	await waitFor(
		person.tab,
		async (value) => {
			const opening = indexedDB.open('balcony');
			await new Promise((resolve) => opening.addEventListener('success', resolve));
			const read = opening.result.transaction('settings').objectStore('settings').get('settings');
			await new Promise((resolve) => read.addEventListener('success', resolve));
			opening.result.close();
			return (read.result as { loadLimit?: number } | undefined)?.loadLimit === value;
		},
		[bytes],
	);
	await person.tab.reload();
}

test('nothing loads by itself where that was chosen', async ({ alice, bob, host }) => {
	await acquaint(alice, bob);
	await setLimit(bob, 0);
	await bob.openConversation(alice.jid);
	const file = await host.share('balcony.jpg', await sample('balcony.jpg'));
	await alice.send(file.uri);
	await bob.see('load-file');
	await waitFor(alice.tab, () => document.querySelector('.image-figure.shown') !== null, []);
	const asked = host.requests.filter(({ path }) => path === file.path).length;
	await bob.press('load-file');
	await waitFor(bob.tab, () => document.querySelector('.image-figure.shown') !== null, []);
	expect(host.requests.filter(({ path }) => path === file.path).length).toBeGreaterThan(asked);
});

test('what is larger than was chosen waits until somebody asks for it', async ({
	alice,
	bob,
	host,
}) => {
	await acquaint(alice, bob);
	await setLimit(bob, 1_000_000);
	await bob.openConversation(alice.jid);
	const picture = Buffer.concat([await sample('balcony.jpg'), Buffer.alloc(2_000_000)]);
	const file = await host.share('balcony.jpg', picture);
	await alice.send(file.uri);
	await bob.see('load');
	expect(await bob.tab.evaluate(() => document.querySelector('.picture') === null)).toBe(true);
	await bob.press('load');
	await waitFor(bob.tab, () => document.querySelector('.image-figure.shown') !== null, []);
});

test('what leads to another address waits until somebody asks for it', async ({
	alice,
	bob,
	host,
}) => {
	const elsewhere = await startUploadHost();
	try {
		await acquaint(alice, bob);
		await bob.openConversation(alice.jid);
		const file = await host.share('balcony.jpg', await sample('balcony.jpg'));
		const redirect = elsewhere.put('/somewhere/balcony.jpg', host.body(file.path));
		host.behave(file.path, { redirect });
		await alice.send(file.uri);
		for (const person of [alice, bob]) {
			await person.see('load');
			await waitFor(
				person.tab,
				() =>
					document.querySelector('.media-item')?.textContent?.includes('another address') === true,
				[],
			);
		}
		expect(elsewhere.requests).toEqual([]);
		await bob.press('load');
		await waitFor(bob.tab, () => document.querySelector('.image-figure.shown') !== null, []);
		expect(elsewhere.requests.map(({ status }) => status)).toContain(206);
	} finally {
		await elsewhere.close();
	}
});
