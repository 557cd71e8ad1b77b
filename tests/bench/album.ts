import { startStaticServer } from '../../tools/static-server.ts';
import { startUploadHost } from '../../tools/upload-host.ts';
import { type Tab, waitFor } from '../e2e/browser/browser.ts';
import { openEngine, shareOn } from '../e2e/fixtures.ts';
import { photo } from '../e2e/photos.ts';
import { buildPageScript } from './page-script.ts';
import { type Row, rowOf } from './rows.ts';

const PHOTOS = 100;
const ROUNDS = 5;
/** Pixels that are scrolled in a frame: the album of photos has some 8000. */
const STEP = 40;
/** Pixels that the longest side of a preview has at most. */
const MAX_SIDE = 1024;
/** Milliseconds above which a frame counts as long. */
const LONG = 50;

const ALBUM = 'album@b.example';
const TEXTS = 'texts@b.example';

interface Offered {
	conversation?: {
		say(peer: string, texts: readonly string[]): Promise<void>;
		enter(...peers: string[]): Promise<void>;
	};
}

interface Scrolled {
	/** frames that took longer than LONG, by the times between callbacks, and by the browser's own word */
	readonly long: number;
	readonly told: number;
	/** frames in which a photo in view was not there yet */
	readonly blank: number;
	readonly frames: number;
}

/**
 * Frames above 50 ms while a conversation of 100 photos of 12 megapixels is scrolled through, once all have been verified and
 * the app was loaded anew; and, as a control, while one of texts is, of about that height, in the same app and run.
 */
export async function albumRows(engine: string): Promise<Row[]> {
	const app = await startStaticServer({ root: 'dist-local', loopback: true });
	const host = await startUploadHost();
	app.prelude(
		`if (globalThis.document) { ${await buildPageScript('tests/bench/conversation-page.ts')} }`,
	);
	const session = await openEngine(engine, { onDisk: true, isWhole: true });
	try {
		const tab = await session.newTab();
		await tab.goto(app.origin);
		await tab.resize(1280, 800);
		await waitFor(tab, () => (globalThis as Offered).conversation !== undefined, []);
		const share = shareOn(host);
		const jpeg = photo(4000, 3000);
		const uris: string[] = [];
		for (let n = 0; n < PHOTOS; n++)
			uris.push((await share(`photo-${n}.jpg`, withComment(jpeg, `${n}`))).uri);
		const text = 'What somebody says takes some lines, so that there is something to scroll. ';
		const texts = Array.from({ length: PHOTOS }, (_, n) => `${n} ${text.repeat(3)}`);
		await tab.evaluate(
			async (album, photos, other, said) => {
				const { conversation } = globalThis as Offered;
				await conversation?.say(album, photos);
				await conversation?.say(other, said);
				await conversation?.enter(album, other);
			},
			ALBUM,
			uris,
			TEXTS,
			texts,
		);
		app.prelude('');
		await tab.goto(`${app.origin}/?`);
		await open(tab, ALBUM);
		await seeAll(tab);
		await tab.reload();
		const rounds: Record<string, Scrolled[]> = { [ALBUM]: [], [TEXTS]: [] };
		for (let round = 0; round < ROUNDS; round++)
			for (const peer of [TEXTS, ALBUM]) {
				await open(tab, peer);
				rounds[peer]?.push(await scrollThrough(tab));
			}
		const row = (name: string, goal: string, of: (scrolled: Scrolled) => number, peer = ALBUM) =>
			rowOf(name, engine, 'frames', goal, (rounds[peer] ?? []).map(of));
		return [
			row('album_scroll_long_frames', '<=0', ({ long }) => long),
			row('text_scroll_long_frames', 'reported', ({ long }) => long, TEXTS),
			row('album_scroll_blank_frames', 'reported', ({ blank }) => blank),
			row('album_scroll_frames', 'reported', ({ frames }) => frames),
			// Chromium alone tells.
			...(engine === 'chromium'
				? [
						row('album_scroll_long_tasks', 'reported', ({ told }) => told),
						row('text_scroll_long_tasks', 'reported', ({ told }) => told, TEXTS),
					]
				: []),
		];
	} finally {
		await session.close();
		await Promise.all([app.close(), host.close()]);
	}
}

/** A JPEG that differs in a comment (ITU T.81 section B.2.4.5) alone. */
function withComment(jpeg: Buffer, text: string): Buffer {
	const comment = Buffer.from(text);
	const head = Buffer.from([0xff, 0xfe, 0, comment.length + 2]);
	return Buffer.concat([jpeg.subarray(0, 2), head, comment, jpeg.subarray(2)]);
}

/** Opens a conversation, and all of it. */
async function open(tab: Tab, peer: string): Promise<void> {
	await waitFor(
		tab,
		(jid, count) => {
			const row = `[data-testid=conversation][data-peer="${jid}"]`;
			document.querySelector<HTMLElement>(row)?.click();
			const page = `[data-testid=conversation-page][data-peer="${jid}"]`;
			if (document.querySelector(page) === null) return false;
			document.querySelector('[data-testid=messages]')?.scrollTo({ top: 0 });
			return document.querySelectorAll('[data-testid=message]').length === count;
		},
		[peer, PHOTOS] as const,
	);
}

/** Loads every photo, and looks at each until its preview is kept. */
async function seeAll(tab: Tab): Promise<void> {
	await waitFor(
		tab,
		(count) => {
			for (const button of document.querySelectorAll<HTMLElement>('[data-testid=load-file]'))
				button.click();
			return document.querySelectorAll('.image-figure').length === count;
		},
		[PHOTOS],
		120_000,
	);
	for (let n = 0; n < PHOTOS; n++)
		await waitFor(
			tab,
			(at, most) => {
				const figure = document.querySelectorAll('.image-figure')[at];
				figure?.scrollIntoView({ block: 'center' });
				const image = figure?.querySelector<HTMLImageElement>('.picture:not([hidden])');
				return image?.complete === true && image.naturalWidth > 0 && image.naturalWidth <= most;
			},
			[n, MAX_SIDE] as const,
			60_000,
		);
}

/** From its start to its end, so many pixels a frame, once what is at its start is there. */
async function scrollThrough(tab: Tab): Promise<Scrolled> {
	await waitFor(tab, () => document.querySelector('.image-figure.waits') === null, []);
	return tab.evaluate(
		async (step, limit) => {
			const list = document.querySelector<HTMLElement>('[data-testid=messages]');
			if (list === null) throw new Error('no list');
			let told = 0;
			const types = PerformanceObserver.supportedEntryTypes;
			const type = ['long-animation-frame', 'longtask'].find((name) => types.includes(name));
			const observer = new PerformanceObserver((entries) => {
				told += entries.getEntries().filter(({ duration }) => duration > limit).length;
			});
			if (type !== undefined) observer.observe({ type });
			list.scrollTo({ top: 0 });
			const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
			for (let n = 0; n < 30; n++) await frame();
			let [before, frames, long, blank] = [await frame(), 0, 0, 0];
			while (list.scrollTop + list.clientHeight < list.scrollHeight - 1) {
				list.scrollBy({ top: step });
				const now = await frame();
				frames += 1;
				if (now - before > limit) long += 1;
				before = now;
				const { top, bottom } = list.getBoundingClientRect();
				const isBlank = [...document.querySelectorAll('.image-figure:not(.shown)')].some(
					(figure) => {
						const at = figure.getBoundingClientRect();
						return at.bottom > top && at.top < bottom;
					},
				);
				if (isBlank) blank += 1;
			}
			observer.disconnect();
			return { long, told, blank, frames };
		},
		STEP,
		LONG,
	);
}
