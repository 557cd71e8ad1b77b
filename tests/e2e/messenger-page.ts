import type { Tab } from './browser/browser.ts';
import { waitFor } from './browser/browser.ts';

/** The messenger as a person uses it; selectors live here and nowhere else. */
export class MessengerPage {
	readonly tab: Tab;
	readonly origin: string;
	readonly jid: string;

	constructor(tab: Tab, origin: string, user: string) {
		this.tab = tab;
		this.origin = origin;
		this.jid = `${user}@localhost`;
	}

	async signIn(password: string, websocket: string): Promise<this> {
		await this.tab.goto(this.origin);
		await this.see('address');
		await this.tab.insert('[data-testid=address]', this.jid);
		await this.tab.insert('[data-testid=password]', password);
		await this.tab.click('[data-testid=server-details]');
		await this.tab.insert('[data-testid=websocket]', websocket);
		await this.tab.click('[data-testid=sign-in]');
		return this;
	}

	/** Signed in, and the archive read. */
	async online(): Promise<void> {
		await waitFor(
			this.tab,
			() => {
				const line = document.querySelector<HTMLElement>('[data-testid=connection]');
				return line?.dataset['state'] === 'online' && line.innerText === '';
			},
			[],
			30_000,
		);
	}

	see(testid: string): Promise<boolean> {
		return waitFor(this.tab, (id) => document.querySelector(`[data-testid=${id}]`) !== null, [
			testid,
		]);
	}

	async press(testid: string): Promise<void> {
		await this.see(testid);
		await this.tab.click(`[data-testid=${testid}]`);
	}

	async closeDialog(): Promise<void> {
		await this.press('close-dialog');
		await waitFor(this.tab, () => document.querySelector('dialog') === null, []);
	}

	/** What is downloaded automatically is no larger than that from now on, as one chooses it in the settings; 0 for nothing. */
	async limitLoading(bytes: number): Promise<void> {
		await this.press('account');
		await this.press('open-links');
		await this.press('settings');
		await this.see('load-limit');
		await this.tab.evaluate((value) => {
			const select = document.querySelector<HTMLSelectElement>('[data-testid=load-limit]');
			if (select !== null) select.value = String(value);
			select?.dispatchEvent(new Event('change', { bubbles: true }));
		}, bytes);
		await this.tab.press('Escape');
		await waitFor(this.tab, () => document.querySelector('dialog') === null, []);
		await this.press('to-chat');
	}

	async addContact(jid: string): Promise<void> {
		await this.press('add-contact');
		await this.see('contact-address');
		await this.tab.insert('[data-testid=contact-address]', jid);
		await this.press('add');
		await waitFor(
			this.tab,
			(peer) =>
				document.querySelector('dialog') === null &&
				document.querySelector(`[data-testid=conversation-page][data-peer="${peer}"]`) !== null,
			[jid],
		);
		await this.see('composer');
	}

	async openConversation(peer: string): Promise<void> {
		await waitFor(
			this.tab,
			(jid) => {
				const row = document.querySelector<HTMLElement>(
					`[data-peer="${jid}"][data-testid=conversation]`,
				);
				row?.click();
				return (
					document.querySelector(`[data-testid=conversation-page][data-peer="${jid}"]`) !== null
				);
			},
			[peer],
		);
	}

	async send(text: string): Promise<void> {
		await this.tab.insert('[data-testid=composer]', text);
		await this.tab.click('[data-testid=send]');
	}

	/** Waits for a message that says this; how it stands there. */
	async message(
		text: string,
		...states: string[]
	): Promise<{ state: string; encrypted: boolean; own: boolean }> {
		return waitFor(
			this.tab,
			(wanted, among) => {
				const rows = [...document.querySelectorAll<HTMLElement>('[data-testid=message]')];
				const row = rows.find((element) => element.innerText.includes(wanted));
				const state = row?.dataset['state'] ?? '';
				if (row === undefined || (among !== '' && !among.split(' ').includes(state)))
					return undefined;
				const encrypted = row.dataset['encrypted'] !== undefined;
				return { state, encrypted, own: row.classList.contains('own') };
			},
			[text, states.join(' ')] as const,
			30_000,
		) as Promise<{ state: string; encrypted: boolean; own: boolean }>;
	}

	/** Waits for a word about what was pressed. */
	async says(word: string): Promise<void> {
		await waitFor(
			this.tab,
			(wanted) => document.querySelector('[data-testid=word]')?.textContent === wanted,
			[word] as const,
		);
	}

	/** Chooses something from the menu of the message that says this. */
	async act(text: string, testid: string): Promise<void> {
		await this.#openMenu(text);
		await this.press(testid);
	}

	async react(text: string, emoji: string): Promise<void> {
		await this.#openMenu(text);
		await this.tab.click(`[data-testid=message-menu] [data-emoji="${emoji}"]`);
	}

	/** What the menu of a message of ours says of those who cannot read it, once it is sent; '' for nothing. */
	async leftOutOf(text: string): Promise<string> {
		await this.message(text, 'sent', 'delivered', 'read');
		await this.#openMenu(text);
		const note = await this.tab.evaluate(() => {
			const found = document.querySelector<HTMLElement>('[data-testid=message-left-out]');
			document.querySelector<HTMLElement>('[data-testid=message-menu]')?.hidePopover();
			return found?.innerText ?? '';
		});
		await waitFor(
			this.tab,
			() => document.querySelector('[data-testid=message-menu]') === null,
			[],
		);
		return note;
	}

	async #openMenu(text: string): Promise<void> {
		await this.message(text);
		await this.tab.evaluate((wanted) => {
			const rows = [...document.querySelectorAll<HTMLElement>('[data-testid=message]')];
			const row = rows.find((element) => element.innerText.includes(wanted));
			row?.querySelector<HTMLElement>('[data-testid=message-more]')?.click();
		}, text);
		await this.see('message-menu');
	}

	reactionsOf(text: string): Promise<(string | undefined)[]> {
		return this.tab.evaluate((wanted) => {
			const rows = [...document.querySelectorAll<HTMLElement>('[data-testid=message]')];
			const row = rows.find((element) => element.innerText.includes(wanted));
			const reactions = row?.querySelectorAll<HTMLElement>('[data-testid=reaction]') ?? [];
			return [...reactions].map(({ dataset }) => dataset['emoji']);
		}, text);
	}

	/** Waits until exactly these reactions stand under a message. */
	async reacted(text: string, ...emojis: string[]): Promise<void> {
		await this.message(text);
		await waitFor(
			this.tab,
			(wanted, all) => {
				const rows = [...document.querySelectorAll<HTMLElement>('[data-testid=message]')];
				const row = rows.find((element) => element.innerText.includes(wanted));
				const shown = row?.querySelectorAll<HTMLElement>('[data-testid=reaction]') ?? [];
				return [...shown].map(({ dataset }) => dataset['emoji']).join(' ') === all;
			},
			[text, emojis.join(' ')] as const,
			30_000,
		);
	}

	/** What a message shows of the one that it answers. */
	quoteOf(text: string): Promise<string> {
		return waitFor(
			this.tab,
			(wanted) => {
				const rows = [...document.querySelectorAll<HTMLElement>('[data-testid=message]')];
				const row = rows.find((element) =>
					element.querySelector<HTMLElement>('.message-text')?.innerText.includes(wanted),
				);
				const quote = row?.querySelector<HTMLElement>('[data-testid=quote]');
				return quote?.hasAttribute('disabled') === false ? quote.innerText : undefined;
			},
			[text],
		) as Promise<string>;
	}

	/** The texts of a conversation as they stand there. */
	texts(): Promise<string[]> {
		return this.tab.evaluate(() =>
			[...document.querySelectorAll<HTMLElement>('.message-text')].map(
				({ innerText }) => innerText,
			),
		);
	}
}
