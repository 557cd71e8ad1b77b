import { messageXml } from '../interop/raw-client.ts';
import { waitFor } from './browser/browser.ts';
import { expect } from './chat-fixtures.ts';
import { test } from './raw-contact.ts';

test.use({ isPrivate: true });

test('a text that is made to freeze a chat is folded, and the chat goes on', async ({
	alice,
	mallory,
}) => {
	await alice.addContact(mallory.jid);
	const hostile = [
		'*a* '.repeat(45_000),
		`http:${'!'.repeat(100_000)}`,
		'```\na\n```\n'.repeat(9000),
		// Lines that turn with each letter, or have no place to break: layout takes time, too.
		'שx'.repeat(50_000),
		'x'.repeat(100_000),
	];
	for (const text of hostile) mallory.send(messageXml(alice.jid, `<body>${text}</body>`));
	mallory.send(messageXml(alice.jid, '<body>and then this</body>'));
	await alice.message('and then this');
	const seen = () =>
		alice.tab.evaluate(() => {
			const texts = [...document.querySelectorAll<HTMLElement>('.message-text')];
			return {
				elements: document.querySelectorAll('.message-text *').length,
				nodes: texts.reduce((sum, { childNodes }) => sum + childNodes.length, 0),
				lengths: texts.map(({ textContent }) => (textContent ?? '').length),
			};
		});
	const folded = await seen();
	expect(folded.lengths).toHaveLength(hostile.length + 1);
	expect(Math.max(...folded.lengths)).toBeLessThan(4000);
	expect(folded.elements).toBeLessThan(8000);
	await alice.tab.evaluate(() => {
		for (const button of document.querySelectorAll<HTMLElement>('[data-testid=show-all]'))
			button.click();
	});
	const whole = await seen();
	expect(whole.lengths.filter((length) => length > 80_000)).toHaveLength(hostile.length);
	expect(whole.elements).toBeLessThan(10_000);
	mallory.send(messageXml(alice.jid, '<body>are you there?</body>'));
	await alice.message('are you there?');
});

test('a long text is shown whole by keyboard, and stays where it is read', async ({
	alice,
	mallory,
}) => {
	await alice.addContact(mallory.jid);
	const lines = Array.from({ length: 200 }, (_, line) => `Line ${line + 1} of a letter.`);
	mallory.send(messageXml(alice.jid, `<body>${lines.join('\n')}</body>`));
	await alice.message('Line 40 of');
	const place = () =>
		alice.tab.evaluate(() => {
			const text = document.querySelector<HTMLElement>('.message-text');
			const list = document.querySelector<HTMLElement>('[data-testid=messages]');
			return {
				top: Math.round(text?.getBoundingClientRect().top ?? 0),
				scrolled: Math.round(list?.scrollTop ?? 0),
				says: text?.innerText ?? '',
				isFocused: document.activeElement?.classList.contains('long-text') === true,
			};
		});
	await alice.tab.evaluate(() => {
		document.querySelector<HTMLElement>('[data-testid=show-all]')?.focus();
	});
	const before = await place();
	expect(before.says).not.toContain('Line 41 of');
	await alice.tab.press('Enter');
	await waitFor(
		alice.tab,
		() => document.querySelector<HTMLElement>('.message-text')?.innerText.includes('Line 200 of'),
		[],
	);
	// A frame after the list has looked at what has grown.
	await alice.tab.evaluate(
		() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
	);
	expect(await place()).toEqual({ ...before, says: lines.join('\n'), isFocused: true });
	await alice.see('to-newest');
});
