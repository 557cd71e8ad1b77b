import { waitFor } from './browser/browser.ts';
import { acquaint, expect, test } from './chat-fixtures.ts';
import { sample } from './samples.ts';

test.use({ isPrivate: true });

test('a message is answered, and the answer leads back to it', async ({ alice, bob }) => {
	await acquaint(alice, bob);
	await alice.send('shall we meet?');
	await bob.message('shall we meet?');
	await bob.act('shall we meet?', 'reply');
	await bob.see('composer-task');
	await bob.send('at eight');
	for (const person of [alice, bob]) {
		await person.message('at eight');
		expect(await person.quoteOf('at eight')).toContain('shall we meet?');
		expect(await person.texts()).toEqual(['shall we meet?', 'at eight']);
	}
	await alice.press('quote');
	await waitFor(
		alice.tab,
		() => document.querySelector('.jumped-to')?.textContent?.includes('shall we meet?') === true,
		[],
	);
});

test('a finger that pulls a message to the right answers it', async ({ alice, bob }) => {
	await acquaint(alice, bob);
	await alice.send('pull me');
	await bob.message('pull me');
	const pull = (by: number) =>
		bob.tab.evaluate((far) => {
			const text = document.querySelector('.message-text');
			const at = { pointerType: 'touch', isPrimary: true, bubbles: true, clientY: 200 };
			for (const [kind, clientX] of [
				['pointerdown', 100],
				['pointermove', 100 + far / 2],
				['pointermove', 100 + far],
				['pointerup', 100 + far],
			] as const)
				text?.dispatchEvent(new PointerEvent(kind, { ...at, clientX }));
			return document.querySelector('[data-testid=composer-task]') !== null;
		}, by);
	expect(await pull(-120)).toBe(false);
	expect(await pull(40)).toBe(false);
	expect(await pull(120)).toBe(true);
	await bob.send('pulled');
	await alice.message('pulled');
	expect(await alice.quoteOf('pulled')).toContain('pull me');
});

test('reactions are asked about once, seen by both, and taken back', async ({ alice, bob }) => {
	await acquaint(alice, bob);
	await alice.send('good news');
	await bob.message('good news');
	await bob.react('good news', '👍');
	await bob.see('reaction-consent');
	expect(await alice.reactionsOf('good news')).toEqual([]);
	await bob.press('allow-reactions');
	await alice.reacted('good news', '👍');
	await bob.react('good news', '🙏');
	await alice.reacted('good news', '👍', '🙏');
	await bob.react('good news', '👍');
	await alice.reacted('good news', '🙏');
	await alice.tab.reload();
	await alice.openConversation(bob.jid);
	await alice.reacted('good news', '🙏');
});

test('a message is corrected by keyboard, and again, and keeps its place', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await alice.send('see you');
	await bob.message('see you');
	await bob.send('yes');
	await alice.message('yes');
	await alice.tab.click('[data-testid=composer]');
	await alice.tab.press('ArrowUp');
	await alice.see('composer-task');
	await alice.send(' tomorrow');
	await bob.message('see you tomorrow');
	await alice.act('see you tomorrow', 'edit');
	await alice.send(' at eight');
	await bob.message('see you tomorrow at eight');
	expect(await bob.texts()).toEqual(['see you tomorrow at eight', 'yes']);
	await alice.message('see you tomorrow at eight', 'delivered', 'read');
});

test('a deleted message is gone on both sides, and after a reload', async ({
	alice,
	bob,
	host,
}) => {
	await acquaint(alice, bob);
	await alice.send('a mistake');
	await bob.message('a mistake');
	await alice.act('a mistake', 'delete');
	await alice.press('confirm-delete');
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	await alice.send(photo.uri);
	const shown = () => document.querySelector('.image-figure.shown') !== null;
	await waitFor(bob.tab, shown, []);
	await waitFor(alice.tab, shown, []);
	await alice.act('balcony.jpg', 'delete');
	await alice.press('confirm-delete');
	for (const person of [alice, bob]) {
		await waitFor(person.tab, () => document.querySelectorAll('.message-problem').length === 2, []);
		await person.tab.reload();
		await person.openConversation(person === alice ? bob.jid : alice.jid);
		await waitFor(person.tab, () => document.querySelectorAll('.message-problem').length === 2, []);
		expect(await person.tab.evaluate(() => document.body.innerText)).not.toContain('a mistake');
		await person.press('account');
		await person.press('open-links');
		await waitFor(
			person.tab,
			() =>
				document.querySelector('[data-testid=link-field]') !== null &&
				document.querySelector('[data-testid=media-item]') === null,
			[],
		);
	}
});

test('what is being written survives looking elsewhere, also while something is edited', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await alice.send('first');
	await bob.message('first');
	await alice.tab.type('[data-testid=composer]', 'half a sen');
	await alice.act('first', 'edit');
	await alice.press('end-task');
	await waitFor(
		alice.tab,
		() => document.querySelector<HTMLTextAreaElement>('[data-testid=composer]')?.value,
		[],
	).then((value) => expect(value).toBe('half a sen'));
});
