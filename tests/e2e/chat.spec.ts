import { waitFor } from './browser/browser.ts';
import { acquaint, expect, test } from './chat-fixtures.ts';
import { MessengerPage } from './messenger-page.ts';
import { sample } from './samples.ts';

for (const areAlike of [false, true])
	test.describe(areAlike ? 'in the same engine' : 'with somebody in Chromium', () => {
		test.use({ areAlike });
		test('two people become contacts and talk encrypted, see it delivered and read', async ({
			alice,
			bob,
		}) => {
			await acquaint(alice, bob);
			await alice.send('hello from Alice');
			expect(await bob.message('hello from Alice')).toMatchObject({ encrypted: true, own: false });
			await bob.send('hello from Bob');
			expect(await alice.message('hello from Bob')).toMatchObject({ encrypted: true, own: false });
			await alice.message('hello from Alice', 'read');
			await bob.message('hello from Bob', 'read');
		});
	});

test('what somebody does is told with their name, in the bubble and in the list', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	await alice.send('/me waves');
	const told = `${alice.jid.split('@')[0]} waves`;
	await bob.message(told);
	await alice.message(told);
	await waitFor(
		bob.tab,
		(text) =>
			document
				.querySelector('[data-testid=conversation] .row-text')
				?.textContent?.includes(text) === true,
		[told],
	);
});

test('a reload loses nothing, and what was written while the server was away is sent later', async ({
	alice,
	bob,
	server,
}) => {
	await acquaint(alice, bob);
	await alice.send('before');
	await bob.message('before');
	await server.kill();
	await waitFor(
		alice.tab,
		() => document.querySelector<HTMLElement>('[data-state=offline]') !== null,
		[],
	);
	await alice.send('while nobody listened');
	await alice.message('while nobody listened', 'waiting');
	await alice.tab.reload();
	await alice.openConversation(bob.jid);
	await alice.message('before');
	await alice.message('while nobody listened', 'waiting');
	await server.start();
	expect(await bob.message('while nobody listened')).toMatchObject({ encrypted: true });
	await alice.message('while nobody listened', 'delivered', 'read');
	expect(await bob.texts()).toEqual(['before', 'while nobody listened']);
});

test('a wrong password is told kindly, and an address that is none', async ({
	session,
	app,
	server,
}) => {
	const page = new MessengerPage(await session.newTab(), app.origin, 'nobody');
	await page.signIn('wrong', server.websocket);
	const problem = (part: string) =>
		waitFor(
			page.tab,
			(words) =>
				document
					.querySelector<HTMLElement>('[data-testid=sign-in-problem]')
					?.innerText.includes(words) === true,
			[part],
		);
	await problem('Wrong address or password');
	await page.tab.type('[data-testid=address]', '@@');
	await page.press('sign-in');
	await problem('looks like');
});

test('a device that is verified and one that is not are told apart', async ({ alice, bob }) => {
	await acquaint(alice, bob);
	await alice.send('one');
	await bob.message('one');
	await alice.press('details');
	const trust = (wanted: string) =>
		waitFor(
			alice.tab,
			(state) =>
				document.querySelector<HTMLElement>('[data-testid=device]')?.dataset['trust'] === state,
			[wanted],
		);
	await trust('blind');
	const shown = await alice.tab.evaluate(
		() => document.querySelector<HTMLElement>('.fingerprint')?.innerText ?? '',
	);
	await bob.press('account');
	await bob.see('device');
	const own = await bob.tab.evaluate(
		() => document.querySelector<HTMLElement>('.fingerprint')?.innerText ?? '',
	);
	expect(shown.length).toBeGreaterThan(60);
	expect(shown).toBe(own);
	await alice.press('verify-device');
	await trust('verified');
	await alice.press('distrust-device');
	await trust('distrusted');
	await alice.closeDialog();
	await alice.send('to nobody');
	await alice.message('to nobody', 'failed');
	expect(await bob.texts()).not.toContain('to nobody');
	await alice.press('discard-message');
	await expect.poll(() => alice.texts()).toEqual(['one']);
});

test("the browser's way back leads to the list, which is there without a server, too", async ({
	alice,
	bob,
	server,
}) => {
	await acquaint(alice, bob);
	await bob.send('hello');
	await alice.message('hello');
	await alice.tab.evaluate(() => history.back());
	const isClosed = () => document.querySelector('[data-testid=conversation-page]') === null;
	await waitFor(alice.tab, isClosed, []);
	await bob.send('are you there?');
	await waitFor(alice.tab, () => document.title.startsWith('(1)'), []);
	await server.kill();
	await alice.tab.reload();
	await alice.openConversation(bob.jid);
	await alice.message('are you there?');
	await waitFor(alice.tab, () => document.title === 'Balcony', []);
	await alice.press('details');
	// Somebody who is a contact can be removed: that is known without the server.
	await alice.see('remove-contact');
	await server.start();
	await alice.online();
	await alice.press('remove-contact');
	await alice.press('confirm-remove-contact');
	await waitFor(
		alice.tab,
		() => document.querySelector('[data-testid=remove-contact]') === null,
		[],
	);
	await alice.closeDialog();
	expect(await alice.texts()).toContain('are you there?');
});

test('one tab at a time has the account, and another can take over', async ({ alice, session }) => {
	const second = await session.newTab();
	await second.goto(alice.origin);
	const other = new MessengerPage(second, alice.origin, 'alice');
	await other.press('take-over');
	await other.online();
	await alice.see('take-over');
});

test('a shared file is shown in its bubble, and its key nowhere', async ({ alice, bob, host }) => {
	await acquaint(alice, bob);
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	await alice.send(photo.uri);
	for (const person of [bob, alice])
		await waitFor(
			person.tab,
			() =>
				document.querySelector<HTMLElement>('[data-testid=message] figure')?.dataset[
					'mediaState'
				] === 'verified' && document.querySelector('.image-figure.shown') !== null,
			[],
		);
	for (const person of [bob, alice]) {
		const markup = await person.tab.evaluate(() => document.documentElement.outerHTML);
		expect(markup).not.toContain(photo.key);
	}
	await bob.tab.screenshot('test-results/file-in-bubble.png');
});

test('nothing that is stored or shown holds a password or a message in the clear', async ({
	alice,
	bob,
	session,
}) => {
	await acquaint(alice, bob);
	await alice.send('a very secret sentence');
	await bob.message('a very secret sentence');
	const stored = await alice.tab.evaluate(async () => {
		const open = indexedDB.open('balcony');
		const database = await new Promise<IDBDatabase>((resolve) => {
			open.onsuccess = () => resolve(open.result);
		});
		const texts: string[] = [];
		for (const store of database.objectStoreNames) {
			const request = database.transaction(store).objectStore(store).getAll();
			await new Promise((resolve) => {
				request.onsuccess = resolve;
			});
			const decode = (value: unknown): string => {
				if (value instanceof Uint8Array) return new TextDecoder().decode(value);
				if (typeof value === 'object' && value !== null)
					return Object.values(value).map(decode).join(' ');
				return String(value);
			};
			texts.push(...request.result.map(decode));
		}
		return [...texts, ...Object.values(localStorage)].join('\n');
	});
	expect(stored.length).toBeGreaterThan(1000);
	for (const secret of ['a secret', 'a very secret sentence']) {
		expect(stored).not.toContain(secret);
		expect(session.consoleLines().join('\n')).not.toContain(secret);
	}
});
