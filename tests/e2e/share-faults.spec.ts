import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, type XmppServer } from '../../tools/xmpp-server.ts';
import { type CuttingLine, startCuttingLine } from '../interop/cutting-line.ts';
import { Profanity } from '../interop/profanity.ts';
import { startTlsFront } from '../interop/tls-front.ts';
import { waitFor } from './browser/browser.ts';
import {
	acquaint,
	test as base,
	expect,
	PASSWORD,
	registered,
	SERVER_KINDS,
	signedIn,
	startServer,
} from './chat-fixtures.ts';
import { everyKind, SECRETS } from './every-kind.ts';
import type { MessengerPage } from './messenger-page.ts';
import { drop, figures, hashOf, sendTray, sha256 } from './sharing-page.ts';

/** Bytes a second of the sender's line. */
const RATE = 120_000;
/** Milliseconds between two cuts of it, at least and at most; to sign in anew takes a slow machine most of two seconds. */
const CUTS = [2000, 4000] as const;

interface Line {
	readonly line: CuttingLine;
	readonly server: XmppServer;
	readonly folder: string;
	/** a folder with the certificate of the line */
	readonly certificates: string;
}

/** What befalls the sender: when so many files were sent, so many milliseconds into an upload. */
interface Mishap {
	readonly what: 'reload' | 'kill';
	readonly sent: number;
	readonly delay: number;
}

interface Faults {
	far: Line;
	sender: MessengerPage;
	receiver: MessengerPage;
	/** the receiver's other device */
	profanity: Profanity;
	mishaps: readonly Mishap[];
}

/** A server of its own, and before it a slow line that can be cut, for all that is uploaded and the sender's conversation. */
const test = base.extend<Faults>({
	far: async ({ serverKind }, use) => {
		const folder = mkdtempSync(path.join(tmpdir(), `balcony-${serverKind}-`));
		const httpPort = await freePort();
		// Profanity downloads by https alone.
		const front = await startTlsFront(path.join(folder, 'tls', 'certificates'), httpPort);
		const line = await startCuttingLine(front.port, RATE);
		const data = path.join(folder, 'server');
		const server = await startServer(serverKind, {
			folder: data,
			httpPort,
			uploadPort: line.port,
		});
		await use({ line, server, folder: data, certificates: front.certificates });
		await server.close();
		await line.close();
		await front.close();
		rmSync(folder, { recursive: true, force: true });
	},
	profanity: async ({ far }, use) => {
		const profanity = await Profanity.start(
			far.server,
			await registered(far.server, 'bob'),
			PASSWORD,
		);
		await profanity.trustCertificates(far.certificates);
		await profanity.keepLog();
		await use(profanity);
		profanity.close();
	},
	sender: async ({ session, app, far }, use) => {
		const websocket = far.server.websocket.replace(/:\d+/, `:${far.line.port}`);
		const server = { ...far.server, websocket };
		await use(await signedIn(session, app.origin, server, 'alice'));
	},
	receiver: async ({ bobs, app, far, profanity, sender }, use) => {
		expect(sender).toBeDefined();
		const [user] = profanity.jid.split('@');
		await use(await signedIn(bobs, app.origin, far.server, 'bob', user));
	},
	// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
	mishaps: async ({}, use, info) => {
		const given = process.env['BALCONY_MISHAPS'];
		const mishaps: readonly Mishap[] =
			given === undefined
				? (['reload', 'kill'] as const)
						.map((what) => ({ what, sent: randomInt(8), delay: randomInt(400) }))
						.sort((a, b) => a.sent - b.sent)
				: JSON.parse(given);
		await use(mishaps);
		if (info.status !== info.expectedStatus)
			console.log(`To repeat it: BALCONY_MISHAPS='${JSON.stringify(mishaps)}'`);
	},
});

/** Cuts a line again and again until it is told to stop. */
function keepCutting(line: CuttingLine): () => void {
	let timer: ReturnType<typeof setTimeout>;
	const wait = () => {
		timer = setTimeout(
			() => {
				line.cut();
				wait();
			},
			randomInt(...CUTS),
		);
	};
	wait();
	return () => clearTimeout(timer);
}

/** All that lies on the server's disk. */
function stored(folder: string): Buffer[] {
	return readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile())
		.map((entry) => readFileSync(path.join(entry.parentPath, entry.name)));
}

/** Some bytes here and there of a file, which nobody else would write. */
function pieces(bytes: Buffer): Buffer[] {
	return Array.from({ length: 20 }, (_, n) => {
		const at = Math.floor((n * bytes.length) / 20);
		return bytes.subarray(at, at + 16);
	}).filter((piece) => new Set(piece).size > 8);
}

/** Waits until something of the sender's is on its way, and so many files before it are there. */
function uploading(page: MessengerPage, sent: number): Promise<boolean> {
	return waitFor(
		page.tab,
		(least) => {
			const waiting = document.querySelectorAll('[data-testid=share-progress]').length;
			return (
				waiting > 0 &&
				10 - waiting >= least &&
				document.querySelector('[data-step=uploading]') !== null &&
				document.querySelector('[data-step=keeping]') === null
			);
		},
		[sent],
		120_000,
	);
}

/** What the sender's page says of messages that have not gone out. */
function unsent(page: MessengerPage): Promise<string[]> {
	return page.tab.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('[data-testid=message]')]
			.filter(({ dataset }) => !/^(sent|delivered|read)$/.test(dataset['state'] ?? ''))
			.map(({ innerText }) => innerText),
	);
}

/** The link to the file that a page shows in a place, as a person would copy it. */
async function linkAt({ tab }: MessengerPage, index: number): Promise<string> {
	await tab.evaluate((at) => {
		const writeText = async (text: string) => {
			document.documentElement.dataset['copied'] = text;
		};
		Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
		delete document.documentElement.dataset['copied'];
		const message = document.querySelectorAll('[data-testid=message]')[at];
		message?.querySelector<HTMLElement>('[data-testid=message-more]')?.click();
	}, index);
	const copied = await waitFor(tab, () => {
		for (const id of ['copy-file-link', 'confirm-copy-link'])
			document.querySelector<HTMLElement>(`[data-testid=${id}]`)?.click();
		return document.documentElement.dataset['copied'];
	}, []);
	return copied ?? '';
}

/** The server ends as by a power cut; the sender's line works again only once Profanity is back, which reads no archive. */
async function killServer({ line, server }: Line, profanity: Profanity): Promise<void> {
	await server.kill();
	line.break();
	await server.start();
	await profanity.reconnected();
	line.mend();
}

for (const serverKind of SERVER_KINDS)
	test.describe(() => {
		test.use({ serverKind });

		test(`ten files of every kind, dropped at once, all arrive, once, in order, and open in Profanity, too, whatever befalls line, page and ${serverKind}`, async ({
			sender,
			receiver,
			profanity,
			far,
			mishaps,
		}) => {
			test.setTimeout(300_000);
			await acquaint(sender, receiver);
			await receiver.openConversation(sender.jid);
			const files = await everyKind();
			await drop(sender, ...files);
			await waitFor(sender.tab, () => {
				const original = '[data-testid=photo-quality] [value=original]';
				document.querySelector<HTMLElement>(original)?.click();
				return document.querySelector<HTMLInputElement>(original)?.checked;
			}, []);
			const stopCutting = keepCutting(far.line);
			try {
				await sendTray(sender, 'that was all');
				for (const { what, sent, delay } of mishaps) {
					await uploading(sender, sent).catch(async (thrown: Error) => {
						const left = (await unsent(sender)).join('; ');
						throw new Error(`no upload to befall, before ${what}: ${left}`, { cause: thrown });
					});
					await new Promise((resolve) => setTimeout(resolve, delay));
					if (what === 'kill') await killServer(far, profanity);
					else {
						// Else all may have been sent before the next mishap can come.
						far.line.break();
						await sender.tab.reload();
						await sender.openConversation(receiver.jid);
						far.line.mend();
					}
				}
				await expect.poll(() => unsent(sender), { timeout: 120_000 }).toEqual([]);
			} finally {
				stopCutting();
			}
			await receiver.message('that was all');
			// What broke off on its way to them is asked for again, as a person would.
			await receiver.tab.evaluate(() => {
				for (const retry of document.querySelectorAll<HTMLElement>('[data-testid=retry]'))
					retry.click();
			});
			const theirs = await figures(receiver, 10, 90_000);
			for (const page of [sender, receiver])
				expect(
					await page.tab.evaluate(() => document.querySelectorAll('[data-testid=message]').length),
				).toBe(11);
			for (const [index, { kind, meant, name }] of files.entries()) {
				expect(theirs[index]?.kind).toBe(kind);
				expect(await hashOf(receiver, theirs[index]?.id ?? ''), name).toBe(sha256(meant));
			}

			await profanity.type(`/msg ${sender.jid}`);
			const links: string[] = [];
			for (const index of files.keys()) links.push(await linkAt(receiver, index));
			const seen = new Set(profanity.log(sender.jid).match(/aesgcm:\S+/g));
			expect([...seen]).toEqual(links.filter((link) => seen.has(link)));
			// What a server that ends has archived, and not yet handed on, it does not see.
			expect(seen.size).toBeGreaterThan(7);
			for (const [index, { meant, name }] of files.entries()) {
				const saved = await profanity.download(links[index] ?? '', meant.length);
				expect(saved.equals(meant), name).toBe(true);
			}

			const disk = stored(far.folder);
			const lengths = new Set(disk.map(({ length }) => length));
			for (const { meant } of files) expect(lengths).toContain(meant.length + 16);
			const keys = links.map((link) => Buffer.from(link.slice(link.indexOf('#') + 1)));
			const plain = files.flatMap(({ bytes }) => pieces(bytes));
			for (const word of [...SECRETS, ...keys, ...plain])
				expect(
					disk.some((bytes) => bytes.includes(word)),
					word.toString('latin1'),
				).toBe(false);
		});
	});
