import { execFileSync } from 'node:child_process';
import { Person, until } from '../interop/person.ts';
import { waitFor } from './browser/browser.ts';
import { acquaint, expect, PASSWORD, registered, test } from './chat-fixtures.ts';

test.use({ isPrivate: true });

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

test('a large picture of somebody is made small before it is shown', async ({ alice, server }) => {
	const carol = await new Person(server, await registered(server, 'carol'), PASSWORD).signIn();
	try {
		await alice.addContact(carol.jid);
		await until('request', () => carol.messenger.state.requests.includes(alice.jid));
		carol.messenger.people.answerRequest(alice.jid, true);
		const source = 'testsrc2=s=1200x1200:d=1';
		const args = ['-v', 'error', '-f', 'lavfi', '-i', source, '-frames:v', '1'];
		const jpeg = execFileSync('ffmpeg', [...args, '-f', 'mjpeg', '-'], { maxBuffer: 2 ** 24 });
		await carol.messenger.people.setOwnAvatar(Uint8Array.from(jpeg));
		const seen = await waitFor(alice.tab, () => {
			const image = document.querySelector<HTMLImageElement>('.conversation-who .avatar img');
			if (image?.complete !== true || image.naturalWidth === 0) return undefined;
			return { width: image.naturalWidth, height: image.naturalHeight };
		}, []);
		expect(seen).toEqual({ width: 256, height: 256 });
	} finally {
		await carol.messenger.close();
	}
});
