import { waitFor } from './browser/browser.ts';
import { pdf } from './documents.ts';
import { expect, test } from './fixtures.ts';

const isClosed = () => document.querySelector('dialog') === null;

test('a PDF is read in the app once it is verified, and nothing in it runs', async ({
	balcony,
	host,
}) => {
	const { tab } = balcony;
	const file = await host.share('handbook.pdf', pdf(12));
	const id = await balcony.openLink(file.uri);
	await balcony.waitState(id, 'verified');
	const before = host.requests.length;
	await tab.evaluate(() => {
		const blocked: string[] = [];
		Object.assign(globalThis, { blocked });
		document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
			blocked.push(`${violatedDirective} ${blockedURI}`),
		);
	});
	await balcony.press(id, 'open-document');
	await waitFor(tab, () => document.querySelector('[data-drawn] canvas') !== null, []);
	/** Colours in the first page that is drawn. */
	const colours = () =>
		tab.evaluate(() => {
			const canvas = document.querySelector<HTMLCanvasElement>('[data-drawn] canvas');
			const { width = 0, height = 0 } = canvas ?? {};
			const { data = [] } = canvas?.getContext('2d')?.getImageData(0, 0, width, height) ?? {};
			const seen = new Set<string>();
			for (let at = 0; at < data.length; at += 4000)
				seen.add([data[at], data[at + 1], data[at + 2]].join());
			return [...seen];
		});
	expect(await colours()).toEqual(expect.arrayContaining(['255,255,255', '153,51,26']));
	await tab.screenshot('test-results/pdf.png');
	const said = () =>
		tab.evaluate(() => document.querySelector('[data-testid=pdf-pages]')?.textContent);
	await expect.poll(said).toContain('This is page 1');
	// Those that are far away are not drawn yet, and there is nothing to press in it.
	const drawn = () => tab.evaluate(() => document.querySelectorAll('.pdf-page canvas').length);
	expect(await drawn()).toBeLessThan(12);
	expect(
		await tab.evaluate(
			() => document.querySelectorAll('dialog :is(a, iframe, object, embed)').length,
		),
	).toBe(0);
	const width = () =>
		tab.evaluate(() => document.querySelector('.pdf-page')?.getBoundingClientRect().width ?? 0);
	const narrow = await width();
	await tab.click('[data-testid=zoom-in]');
	await expect.poll(width).toBeGreaterThan(1.3 * narrow);
	await tab.evaluate(() => document.querySelector('.pdf-page:last-child')?.scrollIntoView());
	await expect.poll(said).toContain('This is page 12');
	expect(host.requests.length).toBe(before);
	expect(await tab.evaluate(() => (globalThis as { blocked?: string[] }).blocked)).toEqual([]);
	await tab.press('Escape');
	await waitFor(tab, isClosed, []);
	const focused = () => tab.evaluate(() => document.activeElement?.getAttribute('data-testid'));
	await expect.poll(focused).toBe('open-document');
});

test('a text is read as it is written, and what cannot be read or was altered is not', async ({
	balcony,
	host,
}) => {
	const { tab } = balcony;
	const text = '<b>no markup</b>\n\tGrüße \u202Etxt.exe\u0000';
	const file = await host.share('notes.html', Buffer.from(`<!-- -->${text}`));
	const id = await balcony.openLink(file.uri);
	await balcony.press(id, 'open-document');
	const shown = () =>
		tab.evaluate(() => document.querySelector('[data-testid=document-text]')?.textContent);
	await expect.poll(shown).toBe('<!-- --><b>no markup</b>\n\tGrüße ‹U+202E›txt.exe␀');
	await tab.screenshot('test-results/text-document.png');
	await tab.press('Escape');
	await waitFor(tab, isClosed, []);

	const broken = await host.share('broken.pdf', Buffer.from('%PDF-1.4 no pages'));
	const second = await balcony.openLink(broken.uri);
	await balcony.press(second, 'open-document');
	await waitFor(
		tab,
		() =>
			document
				.querySelector<HTMLElement>('[data-testid=document-problem]')
				?.innerText.includes("can't be shown"),
		[],
	);
	await tab.press('Escape');
	await waitFor(tab, isClosed, []);

	const altered = await host.share('altered.pdf', pdf(1), { corrupt: { at: 300 } });
	const third = await balcony.openLink(altered.uri);
	await balcony.waitState(third, 'tampered');
	expect(
		await tab.evaluate(
			(wanted) =>
				document.querySelector(`[data-media-id="${wanted}"] [data-testid=open-document]`) === null,
			third,
		),
	).toBe(true);
});
