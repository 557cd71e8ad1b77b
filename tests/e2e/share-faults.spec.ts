import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startProsody } from '../../tools/prosody.ts';
import { freePort, type XmppServer } from '../../tools/xmpp-server.ts';
import { type CuttingLine, startCuttingLine } from '../interop/cutting-line.ts';
import { waitFor } from './browser/browser.ts';
import { acquaint, test as base, expect, signedIn } from './chat-fixtures.ts';
import type { MessengerPage } from './messenger-page.ts';
import { sample } from './samples.ts';
import { choose, figures, hashOf, sendTray, sha256 } from './sharing-page.ts';

/** Bytes a second of the sender's line, and milliseconds between two cuts of it. */
const RATE = 300_000;
const CUT_INTERVAL = 2000;

interface Line {
	readonly line: CuttingLine;
	readonly server: XmppServer;
	readonly folder: string;
}

/** A server of its own behind a slow line that can be cut, for all but Bob's conversation. */
const test = base.extend<{ far: Line; sender: MessengerPage; receiver: MessengerPage }>({
	// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
	far: async ({}, use) => {
		const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
		const httpPort = await freePort();
		const line = await startCuttingLine(httpPort, RATE);
		const server = await startProsody({ folder, httpPort, uploadPort: line.port });
		await use({ line, server, folder });
		await server.close();
		await line.close();
		rmSync(folder, { recursive: true, force: true });
	},
	sender: async ({ session, app, far }, use) => {
		const websocket = far.server.websocket.replace(/:\d+/, `:${far.line.port}`);
		const server = { ...far.server, websocket };
		await use(await signedIn(session, app.origin, server, 'alice'));
	},
	receiver: async ({ bobs, app, far, sender }, use) => {
		expect(sender).toBeDefined();
		await use(await signedIn(bobs, app.origin, far.server, 'bob'));
	},
});

/** A photo that tells where it was taken. */
async function located(): Promise<Buffer> {
	const jpeg = await sample('balcony.jpg');
	const words = Buffer.from('SECRET GPS 52.52 N 13.40 E');
	const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, words.length + 2]), words]);
	return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]);
}

/** All that lies on the server's disk. */
function stored(folder: string): Buffer[] {
	return readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile())
		.map((entry) => readFileSync(path.join(entry.parentPath, entry.name)));
}

test('ten files over a line that drops every few seconds all arrive, once, in order', async ({
	sender,
	receiver,
	far,
}) => {
	test.setTimeout(240_000);
	await acquaint(sender, receiver);
	await receiver.openConversation(sender.jid);
	const photo = await located();
	const files = Array.from({ length: 10 }, (_, index) =>
		index % 3 === 0
			? { name: `SECRET ${index}.jpg`, bytes: photo }
			: { name: `SECRET ${index}.bin`, bytes: randomBytes(80_000 + 20_000 * index) },
	);
	await choose(sender, ...files);
	await sender.tab.evaluate(() =>
		document.querySelector<HTMLElement>('[data-testid=photo-quality] [value=original]')?.click(),
	);
	const cutting = setInterval(() => far.line.cut(), CUT_INTERVAL);
	try {
		await sendTray(sender, 'that was all');
		await sender.message('that was all', 'sent', 'delivered', 'read').catch(() => undefined);
		await waitFor(
			receiver.tab,
			() => document.querySelectorAll('[data-testid=message]').length === 11,
			[],
			180_000,
		);
	} finally {
		clearInterval(cutting);
	}
	await receiver.message('that was all');
	// What broke off on its way to them is asked for again, as a person would.
	await receiver.tab.evaluate(() => {
		for (const retry of document.querySelectorAll<HTMLElement>('[data-testid=retry]'))
			retry.click();
	});
	const theirs = await figures(receiver, 10, 90_000);
	for (const [index, { bytes, name }] of files.entries()) {
		const hash = await hashOf(receiver, theirs[index]?.id ?? '');
		if (name.endsWith('.bin')) expect(hash).toBe(sha256(bytes));
		else expect(theirs[index]?.kind).toBe('image');
	}
	const disk = stored(path.join(far.folder, 'data'));
	expect(disk.some(({ length }) => length > 100_000)).toBe(true);
	for (const bytes of disk)
		for (const word of ['SECRET', 'GPS', 'Exif', 'JFIF'])
			expect(bytes.includes(word, 0, 'latin1')).toBe(false);
});

test('what is under way goes on after a reload, and is said once', async ({
	sender,
	receiver,
	far,
}) => {
	test.setTimeout(120_000);
	await acquaint(sender, receiver);
	const bytes = [randomBytes(800_000), randomBytes(50_000)];
	await choose(sender, ...bytes.map((one, index) => ({ name: `${index}.bin`, bytes: one })));
	await sendTray(sender);
	await waitFor(
		sender.tab,
		() =>
			document.querySelector('[data-step=uploading]') !== null &&
			document.querySelector('[data-step=keeping]') === null,
		[],
	);
	await sender.tab.screenshot('test-results/share-uploading.png');
	await sender.tab.reload();
	far.line.cut();
	await sender.openConversation(receiver.jid);
	await receiver.openConversation(sender.jid);
	const theirs = await figures(receiver, 2, 60_000);
	for (const [index, one] of bytes.entries())
		expect(await hashOf(receiver, theirs[index]?.id ?? '')).toBe(sha256(one));
	await waitFor(
		sender.tab,
		() => document.querySelectorAll('[data-testid=message]:not([data-state=waiting])').length === 2,
		[],
	);
	expect(await sender.texts()).toEqual([]);
});
