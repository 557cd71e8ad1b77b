import { eachOrFirst } from '../what-runs.ts';
import { waitFor } from './browser/browser.ts';
import { acquaint, expect, SERVER_KINDS, test } from './chat-fixtures.ts';
import { everyKind, tells } from './every-kind.ts';
import { MessengerPage } from './messenger-page.ts';
import { sample } from './samples.ts';
import {
	asksBeforeLeaving,
	bytesOf,
	choose,
	figures,
	hashOf,
	sendTray,
	sha256,
} from './sharing-page.ts';

for (const serverKind of eachOrFirst(SERVER_KINDS))
	test.describe(() => {
		test.use({ serverKind });

		test(`pictures, sound, video and files go out encrypted through ${serverKind}, and arrive without what they tell`, async ({
			alice,
			bob,
		}) => {
			await acquaint(alice, bob);
			await bob.openConversation(alice.jid);
			const voice = { name: 'voice.m4a', bytes: await sample('voice-message.m4a') };
			const kinds = await everyKind();
			await choose(alice, ...kinds, voice);
			await alice.tab.screenshot('test-results/share-tray.png');
			await sendTray(alice, 'look at these');
			await alice.message('look at these', 'sent', 'delivered', 'read');
			await bob.message('look at these');
			const theirs = await figures(bob, 11);
			const ours = await figures(alice, 11);
			expect(theirs.map(({ kind }) => kind)).toEqual([...kinds.map(({ kind }) => kind), 'audio']);
			expect(ours.map(({ kind }) => kind)).toEqual(theirs.map(({ kind }) => kind));
			for (const [index, { id }] of theirs.entries()) {
				const bytes = await bytesOf(bob, id);
				expect(sha256(bytes)).toBe(await hashOf(alice, ours[index]?.id ?? ''));
				const { kind, meant, name } = kinds[index] ?? {};
				// Pictures may have been made smaller.
				if (kind === 'image') expect(tells(bytes), name).toBe(false);
				else if (meant) expect(bytes.equals(meant), name).toBe(true);
			}
			await bob.tab.screenshot('test-results/share-received.png');
			// What was said here is drawn before a reload, too, when no worker serves it yet.
			for (const { tab } of [alice, bob])
				await waitFor(tab, () => {
					const bars = [...document.querySelectorAll('.waveform path')].flatMap(
						(path) => path.getAttribute('d')?.match(/v[\d.]+/g) ?? [],
					);
					return new Set(bars).size > 10;
				}, []);
			await alice.tab.reload();
			await alice.openConversation(bob.jid);
			expect((await figures(alice, 11)).map(({ kind }) => kind)).toEqual(
				ours.map(({ kind }) => kind),
			);
		});
	});

/** The names in the tray, in order, and whether each is ready. */
function tray(page: MessengerPage): Promise<string[]> {
	return page.tab.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('[data-testid=tray-item]')].map((item) => {
			const field = item.querySelector<HTMLInputElement>('[data-testid=tray-said]');
			const name = item.querySelector('.tray-name bdi')?.textContent ?? field?.value ?? '';
			return item.dataset['ready'] === undefined ? `${name} not ready` : name;
		}),
	);
}

test('what is chosen can be put in order and taken out, and says why it cannot be sent', async ({
	alice,
}) => {
	await alice.addContact('dora@localhost');
	const movie = await sample('evening.mp4');
	await choose(
		alice,
		{ name: 'a.txt', bytes: Buffer.from('a') },
		{ name: 'broken.mp4', bytes: movie.subarray(0, 5000) },
		{ name: 'empty.txt', bytes: Buffer.alloc(0) },
		{ name: 'b.txt', bytes: Buffer.from('b') },
	);
	await expect
		.poll(() => tray(alice))
		.toEqual(['a.txt', 'broken.mp4 not ready', 'empty.txt not ready', 'b.txt']);
	await waitFor(
		alice.tab,
		() => document.querySelector<HTMLButtonElement>('[data-testid=send]')?.disabled === true,
		[],
	);
	await alice.tab.screenshot('test-results/share-problems.png');
	await alice.press('send-as-is');
	await expect
		.poll(() => tray(alice))
		.toEqual(['a.txt', 'broken.mp4', 'empty.txt not ready', 'b.txt']);
	await alice.tab.evaluate(() =>
		document.querySelectorAll<HTMLElement>('[data-testid=tray-remove]')[2]?.click(),
	);
	await expect.poll(() => tray(alice)).toEqual(['a.txt', 'broken.mp4', 'b.txt']);
	await alice.tab.evaluate(() => {
		const item = document.querySelectorAll<HTMLElement>('[data-testid=tray-item]')[2];
		const key = { key: 'ArrowLeft', altKey: true, bubbles: true, cancelable: true };
		item?.querySelector('button')?.dispatchEvent(new KeyboardEvent('keydown', key));
	});
	await expect.poll(() => tray(alice)).toEqual(['a.txt', 'b.txt', 'broken.mp4']);
	await waitFor(
		alice.tab,
		() =>
			document.activeElement
				?.closest('[data-testid=tray-item]')
				?.querySelector('[data-testid=tray-remove]')
				?.getAttribute('aria-label')
				?.endsWith('b.txt'),
		[],
	);
	// What was chosen stays while one looks elsewhere.
	await alice.addContact('emil@localhost');
	expect(await tray(alice)).toEqual([]);
	await alice.openConversation('dora@localhost');
	expect(await tray(alice)).toEqual(['a.txt', 'b.txt', 'broken.mp4']);
});

test('a document goes with its name, which can be changed or left out, and is saved under it', async ({
	alice,
	bob,
	bobs,
}) => {
	await acquaint(alice, bob);
	await bob.openConversation(alice.jid);
	const bytes = Buffer.from('%PDF-1.4 what it says');
	await choose(
		alice,
		{ name: 'Contract.pdf', bytes },
		{ name: 'draft.odt', bytes },
		{ name: 'secret.pdf', bytes },
		{ name: 'balcony.jpg', bytes: Buffer.from(await sample('balcony.jpg')) },
	);
	await waitFor(
		alice.tab,
		() => document.querySelectorAll('[data-testid=tray-item][data-ready]').length === 4,
		[],
	);
	// What is seen needs no name.
	const said = () =>
		alice.tab.evaluate(() =>
			[...document.querySelectorAll<HTMLInputElement>('[data-testid=tray-said]')].map(
				({ value }) => value,
			),
		);
	expect(await said()).toEqual(['Contract.pdf', 'draft.odt', 'secret.pdf']);
	await alice.tab.screenshot('test-results/tray-names.png');
	await alice.tab.evaluate(() => {
		const fields = document.querySelectorAll<HTMLInputElement>('[data-testid=tray-said]');
		['Our contract.pdf', 'Letter', ''].forEach((value, at) => {
			const field = fields[at];
			if (field === undefined) return;
			field.value = value;
			field.dispatchEvent(new InputEvent('input', { bubbles: true }));
		});
	});
	await sendTray(alice, 'please sign');
	await bob.message('please sign');
	const shown = (page: MessengerPage) =>
		page.tab.evaluate(() =>
			[...document.querySelectorAll<HTMLElement>('[data-testid=message]')].map(
				(row) =>
					row.querySelector<HTMLElement>('.file-name')?.innerText ??
					row.querySelector<HTMLElement>('.message-text')?.innerText ??
					row.querySelector('[data-media-kind]')?.getAttribute('data-media-kind'),
			),
		);
	const names = ['Our contract.pdf', 'Letter.odt'];
	await expect
		.poll(async () => (await shown(bob)).slice(-5))
		.toEqual([...names, 'PDF file', 'image', 'please sign']);
	await expect
		.poll(async () => (await shown(alice)).slice(-5))
		.toEqual([...names, 'secret.pdf', 'image', 'please sign']);
	await bob.tab.screenshot('test-results/named-documents.png');
	const [contract] = await figures(bob, 4);
	const saved = await bobs.saved(() => bob.press('save'));
	expect(contract?.kind).toBe('file');
	expect(saved.name).toBe('Our contract.pdf');
	expect(saved.bytes.equals(bytes)).toBe(true);
	// Gone with its name, for both.
	await bob.tab.reload();
	await bob.openConversation(alice.jid);
	await expect.poll(async () => (await shown(bob)).slice(-5, -3)).toEqual(names);
});

test('files that are dropped or pasted go to the tray, and are not lost without a question', async ({
	alice,
}) => {
	await alice.addContact('dora@localhost');
	await alice.see('messages');
	const give = (kind: 'drop' | 'paste') =>
		alice.tab.evaluate((event) => {
			const transfer = new DataTransfer();
			transfer.items.add(new File(['hello'], `${event}.txt`));
			const data = { bubbles: true, cancelable: true };
			const target = document.querySelector('[data-testid=messages]');
			const given =
				event === 'drop'
					? new DragEvent('drop', { ...data, dataTransfer: transfer })
					: new ClipboardEvent('paste', { ...data, clipboardData: transfer });
			return target?.dispatchEvent(given) === false;
		}, kind);
	expect(await asksBeforeLeaving(alice)).toBe(false);
	expect(await give('drop')).toBe(true);
	expect(await give('paste')).toBe(true);
	await expect.poll(() => tray(alice)).toEqual(['drop.txt', 'paste.txt']);
	await alice.press('account');
	await alice.press('open-links');
	expect(await asksBeforeLeaving(alice)).toBe(true);
	await alice.press('to-chat');
	await alice.openConversation('dora@localhost');
	for (const name of ['drop.txt', 'paste.txt']) {
		await alice.press('tray-remove');
		await expect.poll(() => tray(alice)).not.toContain(name);
	}
	expect(await asksBeforeLeaving(alice)).toBe(false);
});

test('files that were chosen are still there when another tab had the account, and gone once one signs out', async ({
	alice,
	session,
}) => {
	const dora = 'dora@localhost';
	await alice.addContact(dora);
	await choose(alice, { name: 'a.txt', bytes: Buffer.from('hello') });
	await expect.poll(() => tray(alice)).toEqual(['a.txt']);
	const second = await session.newTab();
	await second.goto(alice.origin);
	const other = new MessengerPage(second, alice.origin, 'alice');
	await other.press('take-over');
	await other.online();
	await alice.see('take-over');
	expect(await asksBeforeLeaving(alice)).toBe(true);
	await other.openConversation(dora);
	expect(await tray(other)).toEqual([]);
	await alice.press('take-over');
	await alice.online();
	await alice.openConversation(dora);
	expect(await tray(alice)).toEqual(['a.txt']);
	await alice.press('account');
	await alice.press('sign-out');
	await alice.press('confirm-sign-out');
	await alice.see('sign-in');
	await expect.poll(() => asksBeforeLeaving(alice)).toBe(false);
	await second.close();
});

test('what another app hands over waits until somebody is chosen', async ({ alice, bob }) => {
	await acquaint(alice, bob);
	await alice.tab.insert('[data-testid=composer]', 'a draft');
	await alice.tab.evaluate(() => history.back());
	await waitFor(
		alice.tab,
		() => document.querySelector('[data-testid=conversation]')?.textContent?.includes('a draft'),
		[],
	);
	const status = await alice.tab.evaluate(async () => {
		const form = new FormData();
		form.append('title', 'A title');
		form.append('text', 'and a text');
		form.append('files', new File(['from another app'], 'shared.txt'));
		return (await fetch('/share', { method: 'POST', body: form })).status;
	});
	// The host would answer 405.
	expect(status).toBe(200);
	await alice.tab.reload();
	await alice.see('choose-conversation');
	const said = () =>
		alice.tab.evaluate(
			() => document.querySelector<HTMLElement>('[data-testid=handed-over]')?.innerText,
		);
	expect(await said()).toBe('shared.txt');
	await alice.tab.screenshot('test-results/share-target.png');
	await alice.press('choose');
	await expect.poll(() => tray(alice)).toEqual(['shared.txt']);
	await sendTray(alice);
	await bob.openConversation(alice.jid);
	await bob.message('a draft\nA title\nand a text');
	const [file] = await figures(bob, 1);
	expect(await hashOf(bob, file?.id ?? '')).toBe(sha256(Buffer.from('from another app')));
	await alice.tab.reload();
	await alice.openConversation(bob.jid);
	expect(await alice.tab.evaluate(() => document.querySelector('dialog') === null)).toBe(true);
});

test('the list shows the key of a link in no draft', async ({ alice }) => {
	await alice.addContact('dora@localhost');
	const key = '0123456789ab'.repeat(8).slice(0, 88);
	await alice.tab.insert('[data-testid=composer]', `look: aesgcm://host.example/a.jpg#${key}`);
	await alice.tab.evaluate(() => history.back());
	await alice.see('conversation');
	const row = () =>
		alice.tab.evaluate(
			() => document.querySelector<HTMLElement>('[data-testid=conversation]')?.innerText ?? '',
		);
	await expect.poll(row).toContain('Draft: look: aesgcm://host.example/');
	expect(await row()).not.toContain(key.slice(0, 8));
});

test('what was handed over and is not here is counted', async ({ alice }) => {
	await waitFor(alice.tab, () => navigator.serviceWorker.controller !== null, []);
	const handOver = async (...sizes: readonly number[]) => {
		await alice.tab.evaluate(async (all) => {
			const form = new FormData();
			for (const size of all) form.append('files', new File([new Uint8Array(size)], 'a.bin'));
			await fetch('/share', { method: 'POST', body: form });
		}, sizes);
		await alice.tab.reload();
		await alice.see('choose-conversation');
		return alice.tab.evaluate(
			() =>
				document.querySelector<HTMLElement>('[data-testid=choose-conversation]')?.innerText ?? '',
		);
	};
	const dialog = await handOver(...Array.from({ length: 21 }, () => 1));
	expect(dialog).toContain('20 of 21 files.');
	expect(dialog).toContain('You have no chats yet.');
	expect(await handOver(1, 1)).toContain('2 files');
});

test('a picture that is too large to be decoded is drawn by nobody, its sender included', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await bob.openConversation(alice.jid);
	// A screen of 10 by 10, and a frame of 12000 by 12000.
	const bytes = Buffer.from(
		'4749463839610a000a00800000ffffff0000002c00000000e02ee02e000202040a003b',
		'hex',
	);
	await choose(alice, { name: 'small.gif', bytes });
	await sendTray(alice, 'look at this');
	await alice.message('look at this', 'sent', 'delivered', 'read');
	for (const { tab } of [alice, bob]) {
		await waitFor(tab, () => document.body.innerText.includes('144 megapixels'), []);
		expect(
			await tab.evaluate(() =>
				[...document.querySelectorAll('img')].filter(({ naturalWidth }) => naturalWidth > 5000),
			),
		).toEqual([]);
	}
});

test('a file goes on to somebody else, its link only after a question, and none in the clear', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await choose(alice, { name: 'a.txt', bytes: Buffer.from('something') });
	await sendTray(alice);
	const [own] = await figures(alice, 1);
	await alice.see('message-more');
	await alice.tab.evaluate(() =>
		document.querySelector<HTMLElement>('[data-testid=message-more]')?.click(),
	);
	await alice.press('copy-file-link');
	await alice.see('confirm-copy-link');
	// No test has a clipboard.
	await alice.tab.evaluate(() => {
		navigator.clipboard.writeText = async () => undefined;
	});
	await alice.press('confirm-copy-link');
	const done = (word: string) =>
		waitFor(
			alice.tab,
			(wanted) => document.querySelector('[data-testid=word]')?.textContent === wanted,
			[word],
		);
	await done('Copied');
	await alice.tab.evaluate(() =>
		document.querySelector<HTMLElement>('[data-testid=message-more]')?.click(),
	);
	await alice.press('forward');
	await alice.press('choose');
	await done('Forwarded');
	const forwarded = await figures(alice, 2);
	expect(forwarded.map(({ id }) => id)).toEqual([own?.id, own?.id]);
	await bob.openConversation(alice.jid);
	const theirs = await figures(bob, 2);
	expect(await hashOf(bob, theirs[1]?.id ?? '')).toBe(sha256(Buffer.from('something')));
	const text = await alice.tab.evaluate(() => document.documentElement.outerHTML);
	expect(text).not.toContain('aesgcm:');
});

test('files that are dropped with no chat open are for whom one chooses', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await alice.tab.resize(1280, 800);
	await alice.tab.evaluate(() => history.back());
	/** As a browser does it; whether it stays on the page. */
	const dropNotes = () =>
		alice.tab.evaluate(() => {
			const dataTransfer = new DataTransfer();
			dataTransfer.items.add(new File(['notes'], 'notes.txt'));
			const data = { dataTransfer, bubbles: true, cancelable: true };
			for (const type of ['dragenter', 'dragover'])
				document.body.dispatchEvent(new DragEvent(type, data));
			return !document.body.dispatchEvent(new DragEvent('drop', data));
		});
	const isThere = (id: string) => document.querySelector(`[data-testid=${id}]`) !== null;
	await waitFor(alice.tab, (id) => document.querySelector(`[data-testid=${id}]`) === null, [
		'conversation-page',
	]);
	expect(await alice.tab.evaluate(isThere, 'choose-conversation')).toBe(false);
	expect(await dropNotes()).toBe(true);
	await alice.see('choose-conversation');
	await alice.tab.click(`[data-testid=choose][data-peer="${bob.jid}"]`);
	await expect.poll(() => tray(alice)).toEqual(['notes.txt']);
	// Where nobody is signed in, that is said, and the page stays.
	await alice.press('account');
	await alice.press('sign-out');
	await alice.press('confirm-sign-out');
	await alice.see('sign-in');
	expect(await dropNotes()).toBe(true);
	await waitFor(
		alice.tab,
		() =>
			document
				.querySelector<HTMLElement>('[data-testid=dropped]')
				?.innerText.includes('Sign in') === true,
		[],
	);
});
