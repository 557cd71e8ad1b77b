import { acquaint, expect, test } from './chat-fixtures.ts';
import { sample } from './samples.ts';
import { choose, figures, hashOf, sendTray, sha256 } from './sharing-page.ts';

test('pictures, sound, video and files go out encrypted and arrive as they were', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await bob.openConversation(alice.jid);
	const files = await Promise.all(
		['balcony.jpg', 'evening.mp4', 'voice-message.m4a', 'notes.txt'].map(async (name) => ({
			name,
			bytes: Buffer.from(await sample(name)),
		})),
	);
	await choose(alice, ...files);
	await alice.tab.screenshot('test-results/share-tray.png');
	await sendTray(alice, 'look at these');
	await alice.message('look at these', 'sent', 'delivered', 'read');
	await bob.message('look at these');
	const theirs = await figures(bob, 4);
	const ours = await figures(alice, 4);
	expect(theirs.map(({ kind }) => kind)).toEqual(['image', 'video', 'audio', 'file']);
	expect(ours.map(({ kind }) => kind)).toEqual(theirs.map(({ kind }) => kind));
	const text = files[3]?.bytes ?? Buffer.alloc(0);
	expect(await hashOf(bob, theirs[3]?.id ?? '')).toBe(sha256(text));
	for (const index of [0, 1, 2, 3])
		expect(await hashOf(bob, theirs[index]?.id ?? '')).toBe(
			await hashOf(alice, ours[index]?.id ?? ''),
		);
	await bob.tab.screenshot('test-results/share-received.png');
	await alice.tab.reload();
	await alice.openConversation(bob.jid);
	expect((await figures(alice, 4)).map(({ kind }) => kind)).toEqual(ours.map(({ kind }) => kind));
});
