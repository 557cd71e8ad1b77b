import { waitFor } from './browser/browser.ts';
import { acquaint, expect, test } from './chat-fixtures.ts';

test('a name and a picture are seen by contacts, and that the picture is gone', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await bob.press('account');
	await bob.see('own-name');
	await bob.tab.type('[data-testid=own-name]', 'Bob Example');
	await bob.press('save-own-name');
	// Large, and not square.
	await bob.tab.evaluate(async () => {
		const canvas = document.createElement('canvas');
		[canvas.width, canvas.height] = [900, 500];
		const context = canvas.getContext('2d');
		if (context !== null) context.fillStyle = '#c33';
		context?.fillRect(0, 0, 900, 500);
		const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
		const parts = [blob ?? ''];
		const list = new DataTransfer();
		list.items.add(new File(parts, 'me.png', { type: 'image/png' }));
		const input = document.querySelector<HTMLInputElement>('[data-testid=avatar-file]');
		if (input !== null) input.files = list.files;
		input?.dispatchEvent(new Event('change', { bubbles: true }));
	});
	await bob.see('remove-avatar');
	const seen = await waitFor(alice.tab, async () => {
		const name = document.querySelector<HTMLElement>('.conversation-who .row-name')?.innerText;
		const image = document.querySelector<HTMLImageElement>('.conversation-who .avatar img');
		if (name !== 'Bob Example' || image?.complete !== true) return undefined;
		// The picture's own bytes: the page's policy lets nobody fetch a blob.
		return { width: image.naturalWidth, height: image.naturalHeight };
	}, []);
	expect(seen).toEqual({ width: 256, height: 256 });
	await bob.press('remove-avatar');
	await waitFor(
		alice.tab,
		() => document.querySelector('.conversation-who .avatar img') === null,
		[],
	);
});

test('somebody is called as we like', async ({ alice, bob }) => {
	await acquaint(alice, bob);
	await alice.press('details');
	await alice.see('contact-name');
	await alice.tab.type('[data-testid=contact-name]', 'Bobby');
	await alice.press('save-contact-name');
	await waitFor(
		alice.tab,
		() =>
			document.querySelector<HTMLElement>('[data-testid=conversation] .row-name')?.innerText ===
			'Bobby',
		[],
	);
});
