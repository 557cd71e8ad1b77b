import { Person, until } from '../interop/person.ts';
import { startWire, type Wire } from '../interop/wire.ts';
import { type Tab, waitFor } from './browser/browser.ts';
import { acquaint, test as base, expect, PASSWORD, signedIn } from './chat-fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';
import { sample } from './samples.ts';

interface Lied {
	/** between alice and her server */
	wire: Wire;
}

const test = base.extend<Lied>({
	wire: async ({ server }, use) => {
		const wire = await startWire(server);
		await use(wire);
		await wire.close();
	},
	alice: async ({ session, app, wire }, use) => {
		await use(await signedIn(session, app.origin, wire.server, 'alice'));
	},
});

test.use({ isPrivate: true });

/** The id of the last message that came to somebody over a line. */
function lastId(wire: Wire): string {
	const stanzas = wire.log.filter(({ from, xml }) => from === 'server' && xml.includes('<payload'));
	return /<message[^>]* id=["']([^"']+)/u.exec(stanzas.at(-1)?.xml ?? '')?.[1] ?? '';
}

/** Alice's server puts this beside all that is encrypted, from now on. */
function putBeside(wire: Wire, content: string): void {
	wire.pass = (xml, from) =>
		from === 'server' && xml.includes('<payload')
			? xml.replace('</message>', `${content}</message>`)
			: xml;
}

const earlier = (tab: Tab) =>
	tab.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('[data-testid=earlier-text] .message-text')].map(
			({ innerText }) => innerText,
		),
	);

async function openEarlier(person: MessengerPage): Promise<void> {
	await person.see('edited');
	await person.tab.evaluate(() => {
		document.querySelector<HTMLElement>('[data-testid=edited]')?.focus();
	});
	await person.tab.press('Enter');
	await person.see('earlier-text');
}

test('what a message said before it was edited is one press away, on both sides', async ({
	alice,
	bob,
}) => {
	await acquaint(alice, bob);
	for (const text of ['meet at six', 'no, at seven']) await bob.send(text);
	await alice.message('no, at seven');
	for (const text of [' sharp', ', please']) {
		await bob.act('no, at', 'edit');
		await bob.send(text);
		await alice.message(text);
	}
	for (const person of [alice, bob]) {
		await openEarlier(person);
		expect(await earlier(person.tab)).toEqual(['no, at seven sharp', 'no, at seven']);
		await person.tab.press('Escape');
		await waitFor(
			person.tab,
			() =>
				document.querySelector('dialog') === null &&
				(document.activeElement as HTMLElement | null)?.dataset['testid'] === 'edited',
			[],
		);
		expect(await person.texts()).toEqual(['meet at six', 'no, at seven sharp, please']);
	}
});

test('a server that writes beside the encryption takes no word away', async ({
	alice,
	bob,
	wire,
}) => {
	await acquaint(alice, bob);
	await bob.send('Shall we meet?');
	await alice.message('Shall we meet?');
	const reply = `<reply xmlns="urn:xmpp:reply:0" id="${lastId(wire)}"/>`;
	const range = (start: number, end: number) =>
		`<fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:reply:0"><body start="${start}" end="${end}"/></fallback>`;
	putBeside(wire, reply + range(2, 6));
	await bob.send('Do not send the money today');
	await alice.message('Do not send the money today');
	expect(await alice.quoteOf('Do not send')).toContain('Shall we meet?');
	putBeside(
		wire,
		`<reactions xmlns="urn:xmpp:reactions:0" id="${lastId(wire)}"><reaction>👎</reaction></reactions>`,
	);
	await bob.send('👎');
	await alice.message('👎');
	expect(await alice.texts()).toEqual(['Shall we meet?', 'Do not send the money today', '👎']);
	await alice.act('Do not send', 'copy');
	await alice.see('word');
});

test('a quote and then a link is a text, whose file opens when somebody asks', async ({
	alice,
	bob,
	host,
}) => {
	await acquaint(alice, bob);
	const photo = await host.share('balcony.jpg', await sample('balcony.jpg'));
	await bob.send(`> Where is it?\n${photo.uri}`);
	await alice.message('Where is it?');
	const text = await alice.tab.evaluate(
		() => document.querySelector<HTMLElement>('.bubble')?.innerText ?? '',
	);
	expect(text).toMatch(/balcony\.jpg\s+From localhost/);
	expect(text).not.toContain('aesgcm');
	expect(
		await alice.tab.evaluate(() => document.querySelector('[data-testid=media-item]') === null),
	).toBe(true);
	await alice.press('load-file');
	await waitFor(alice.tab, () => document.querySelector('.image-figure.shown') !== null, []);
	expect((await alice.texts()).map((one) => one.trim())).toEqual(['Where is it?']);
	await alice.tab.reload();
	await alice.openConversation(bob.jid);
	await waitFor(alice.tab, () => document.querySelector('.image-figure.shown') !== null, []);
});

test('an edit on a device that is not verified says so at once, and the first text stays certain', async ({
	alice,
	bob,
	server,
}) => {
	await acquaint(alice, bob);
	const other = await new Person(server, bob.jid.split('@')[0] ?? '', PASSWORD).signIn();
	const said = (text: string) =>
		until(`"${text}" on both`, async () =>
			(await other.allMessages(alice)).find((message) => message.text === text),
		);
	try {
		await other.messenger.messages.send(alice.jid, 'from the other one');
		await alice.message('from the other one');
		await bob.send('hello');
		await alice.message('hello');
		const devices = await other.messenger.devices.of(bob.jid);
		const first = devices.find(({ isThis }) => !isThis)?.id ?? 0;
		await alice.press('details');
		await alice.see('verify-device');
		await alice.tab.click(`[data-device="${first}"] [data-testid=verify-device]`);
		await waitFor(alice.tab, () => document.querySelector('[data-trust=verified]') !== null, []);
		await alice.closeDialog();
		await bob.send('IBAN 11');
		await alice.message('IBAN 11');
		let before = await said('IBAN 11');
		for (const text of ['IBAN 22', 'IBAN 33']) {
			await other.messenger.messages.correct(before, text);
			before = await said(text);
			await alice.message(text);
			await alice.message("Edited on a device that you haven't verified");
		}
		await openEarlier(alice);
		expect(await earlier(alice.tab)).toEqual(['IBAN 22', 'IBAN 11']);
	} finally {
		await other.messenger.close();
	}
});
