import type { BrowserSession, Tab } from './browser/browser.ts';
import { waitFor } from './browser/browser.ts';

/** The app as a person uses it; selectors live here and nowhere else. */
export class BalconyPage {
	readonly tab: Tab;
	readonly session: BrowserSession;
	readonly origin: string;

	constructor(tab: Tab, session: BrowserSession, origin: string) {
		this.tab = tab;
		this.session = session;
		this.origin = origin;
	}

	/** Opens the app's place for links, which needs no account, and waits until a worker serves it. */
	async open(): Promise<void> {
		await this.tab.goto(this.origin);
		await this.ready();
	}

	async reload(): Promise<void> {
		await this.tab.reload();
		await this.ready();
	}

	ready(): Promise<boolean> {
		return waitFor(this.tab, () => {
			document.querySelector<HTMLElement>('[data-testid=open-links]')?.click();
			return (
				navigator.serviceWorker.controller !== null &&
				document.querySelector('[data-testid=link-field]') !== null
			);
		}, []);
	}

	/** Opens the app's place for links, served or not. */
	async openUnserved(): Promise<void> {
		await this.tab.goto(this.origin);
		await waitFor(this.tab, () => {
			document.querySelector<HTMLElement>('[data-testid=open-links]')?.click();
			return document.querySelector('[data-testid=link-field]') !== null;
		}, []);
	}

	/** Pastes a text into the page, as the clipboard would. */
	paste(text: string): Promise<void> {
		return this.tab.evaluate((pasted) => {
			const data = new DataTransfer();
			data.setData('text/plain', pasted);
			const event = new ClipboardEvent('paste', {
				clipboardData: data,
				bubbles: true,
				cancelable: true,
			});
			document.querySelector('[data-testid=link-field]')?.dispatchEvent(event);
		}, text);
	}

	/** Pastes a link and waits for its item; its id. */
	async openLink(uri: string): Promise<string> {
		const before = await this.ids();
		await this.paste(uri);
		return waitFor(
			this.tab,
			(known) => {
				const items = [...document.querySelectorAll<HTMLElement>('[data-testid=media-item]')];
				return items.map((item) => item.dataset['mediaId'] ?? '').find((id) => !known.includes(id));
			},
			[before],
		) as Promise<string>;
	}

	ids(): Promise<string[]> {
		return this.tab.evaluate(() =>
			[...document.querySelectorAll<HTMLElement>('[data-testid=media-item]')].map(
				(item) => item.dataset['mediaId'] ?? '',
			),
		);
	}

	state(id: string): Promise<{ state: string; kind: string; text: string; unplayable: boolean }> {
		return this.tab.evaluate((wanted) => {
			const item = document.querySelector<HTMLElement>(`[data-media-id="${wanted}"]`);
			const figure = item?.querySelector<HTMLElement>('figure');
			return {
				state: figure?.dataset['mediaState'] ?? '',
				kind: figure?.dataset['mediaKind'] ?? '',
				text: item?.innerText ?? '',
				unplayable: figure?.dataset['mediaUnplayable'] !== undefined,
			};
		}, id);
	}

	/** Waits for one of some states; fails with the last one seen. */
	async waitState(id: string, ...states: string[]): Promise<string> {
		try {
			return (await waitFor(
				this.tab,
				(wanted, among) => {
					const figure = document.querySelector<HTMLElement>(`[data-media-id="${wanted}"] figure`);
					const state = figure?.dataset['mediaState'] ?? '';
					return among.includes(state) ? state : undefined;
				},
				[id, states],
			)) as string;
		} catch {
			throw new Error(`not ${states.join(' or ')}: ${JSON.stringify(await this.state(id))}`);
		}
	}

	/** Waits until an item's text contains something. */
	waitText(id: string, text: string): Promise<boolean> {
		return waitFor(
			this.tab,
			(wanted, part) =>
				document
					.querySelector<HTMLElement>(`[data-media-id="${wanted}"]`)
					?.innerText.includes(part) === true,
			[id, text],
		);
	}

	press(id: string, action: string): Promise<void> {
		return this.tab.click(`[data-media-id="${id}"] [data-testid=${action}]`);
	}

	/** Asks for the rest to be checked, unless it has been already, and waits for the verdict. */
	async verify(id: string): Promise<void> {
		// What has been found out comes from the worker: before that there is nothing to press.
		await waitFor(
			this.tab,
			(wanted) => {
				const item = document.querySelector<HTMLElement>(`[data-media-id="${wanted}"]`);
				const button = item?.querySelector<HTMLElement>('[data-testid=verify]');
				button?.click();
				const isVerified = item?.querySelector('[data-media-state=verified]') != null;
				return button != null || isVerified;
			},
			[id],
		);
		await this.waitState(id, 'verified');
	}

	/** Plays an item's audio or video, muted, until some time has passed. */
	async play(id: string, until = 0.5): Promise<void> {
		await waitFor(
			this.tab,
			async (wanted) => {
				const media = document.querySelector<HTMLMediaElement>(
					`[data-media-id="${wanted}"] :is(audio, video)`,
				);
				if (!media) return false;
				media.muted = true;
				// What waits has nothing to play before it is pressed, and play() would never settle.
				if (!media.hasAttribute('src')) {
					const item = document.querySelector(`[data-media-id="${wanted}"]`);
					item?.querySelector<HTMLElement>('[data-testid=play]')?.click();
					return false;
				}
				// What a host answers wrongly at first fails once, and a person would press play again.
				return media.play().then(
					() => true,
					() => false,
				);
			},
			[id],
		);
		await this.waitTime(id, until);
	}

	waitTime(id: string, time: number): Promise<boolean> {
		return waitFor(
			this.tab,
			(wanted, least) => {
				const media = document.querySelector<HTMLMediaElement>(
					`[data-media-id="${wanted}"] :is(audio, video)`,
				);
				return media !== null && media.currentTime >= least && media.readyState >= 2;
			},
			[id, time] as const,
		);
	}

	/** Seeks and waits until there is a picture, or sound, at that place. */
	async seek(id: string, time: number): Promise<void> {
		await this.tab.evaluate(
			(wanted, to) => {
				const media = document.querySelector<HTMLMediaElement>(
					`[data-media-id="${wanted}"] :is(audio, video)`,
				);
				if (media) media.currentTime = to;
			},
			id,
			time,
		);
		await waitFor(
			this.tab,
			(wanted, to) => {
				const media = document.querySelector<HTMLMediaElement>(
					`[data-media-id="${wanted}"] :is(audio, video)`,
				);
				return (
					media !== null && !media.seeking && media.readyState >= 2 && media.currentTime >= to - 0.5
				);
			},
			[id, time] as const,
		);
	}

	/** The pixels of an item's picture or of a video's present frame, as one average colour; undefined if none. */
	pictureSize(id: string): Promise<{ width: number; height: number } | null> {
		return this.tab.evaluate((wanted) => {
			const item = document.querySelector(`[data-media-id="${wanted}"]`);
			const image = item?.querySelector<HTMLImageElement>('img.picture');
			const video = item?.querySelector('video');
			if (image?.complete && image.naturalWidth > 0)
				return { width: image.naturalWidth, height: image.naturalHeight };
			if (video && video.videoWidth > 0)
				return { width: video.videoWidth, height: video.videoHeight };
			return null;
		}, id);
	}

	async waitPicture(id: string): Promise<void> {
		await waitFor(
			this.tab,
			(wanted) => {
				const image = document.querySelector<HTMLImageElement>(
					`[data-media-id="${wanted}"] img.picture:not([hidden])`,
				);
				return image?.complete === true && image.naturalWidth > 0;
			},
			[id],
		);
	}

	/** The text of the field's error. */
	async linkError(): Promise<string> {
		return (await waitFor(
			this.tab,
			() => document.querySelector<HTMLElement>('[data-testid=link-error]')?.innerText,
			[],
		)) as string;
	}
}
