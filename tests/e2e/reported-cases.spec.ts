import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildPageScript } from '../bench/page-script.ts';
import { box, buildMovie, fullBox, u32, videoEntry } from '../unit/core/movie-support.ts';
import { noise } from '../unit/core/support.ts';
import { test as base, expect } from './fixtures.ts';

type Call = (name: string, ...parameters: readonly unknown[]) => Promise<unknown>;

/** Calls a function of ours by its name in the browser: what is a letter, and where one ends, engines decide themselves. */
const test = base.extend<{ call: Call }>({
	call: async ({ session }, use) => {
		const script = await buildPageScript('tests/e2e/reported/reported-page.ts');
		const server = http.createServer(({ url }, response) => {
			const isScript = url === '/page.js';
			response.setHeader('Content-Type', `text/${isScript ? 'javascript' : 'html'}; charset=utf-8`);
			response.end(isScript ? script : '<!doctype html><script src="/page.js"></script>');
		});
		server.listen(0);
		await once(server, 'listening');
		const tab = await session.newTab();
		await tab.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
		await use((name, ...parameters) =>
			tab.evaluate(
				(wanted, ...given) =>
					(
						globalThis as unknown as { reported: Record<string, (...all: unknown[]) => unknown> }
					).reported[wanted]?.(...given),
				name,
				...parameters,
			),
		);
		server.closeAllConnections();
		server.close();
	},
});

const key = 'a1'.repeat(32);
const dashed = key.replace(/.{8}(?!$)/g, '$&-');

test('codes and links of others name the same devices, and rooms are no contacts', async ({
	call,
}) => {
	const named = { address: 'user@example.org', devices: [{ id: 1032437584, fingerprint: key }] };
	for (const fingerprint of [key, dashed, key.toUpperCase(), `05${key}`])
		expect(
			await call('parseContactUri', `xmpp:user@example.org?omemo-sid-1032437584=${fingerprint}`),
		).toEqual(named);
	const two = `omemo-sid-1=${key}&omemo-sid-2=${key}`;
	expect(await call('parseContactUri', `xmpp:user@example.org?${two}`)).toMatchObject({
		devices: [{ id: 1 }, { id: 2 }],
	});
	for (const query of ['join', 'message;type=groupchat'])
		expect(await call('parseContactUri', `xmpp:room@muc.example.org?${query}`)).toMatchObject({
			isGroup: true,
		});
});

test('links keep the brackets that they opened, and letters beyond ASCII', async ({ call }) => {
	const wiki = 'https://en.wikipedia.org/wiki/Mercury_(planet)';
	for (const [text, ...links] of [
		[wiki, wiki],
		[`(${wiki})`, wiki],
		[`See ${wiki}.`, wiki],
		['https://example.org/a_(b)_(c).', 'https://example.org/a_(b)_(c)'],
		['[https://example.org/x[1]]', 'https://example.org/x[1]'],
		['(see https://example.org/a)', 'https://example.org/a'],
	] as const)
		expect(await call('links', text)).toEqual(links);
	expect(
		await call('hrefOf', `aesgcm://upload.example.org:5443/ab/Küche_می.jpg#${'0'.repeat(88)}`),
	).toBe('https://upload.example.org:5443/ab/K%C3%BCche_%D9%85%DB%8C.jpg');
});

test('names keep what people write, and are never cut through a character', async ({ call }) => {
	for (const name of ['می‌خواهم.pdf', '👩‍💻 notes.txt'])
		expect(await call('cleanFileName', name)).toBe(name);
	for (const name of ['Ana 👩‍💻', 'می‌خواهم', '❤️', '1️⃣'])
		expect(await call('cleanName', name)).toBe(name);
	expect(await call('cleanName', 'pay\u200dpal\u202e')).toBe('paypal');
	expect(await call('cleanName', `${'a'.repeat(99)}😀`)).toBe('a'.repeat(99));
	for (const end of ['😀', '👩‍💻', '🏳️‍🌈', '🇩🇪', 'e\u0301'])
		expect(await call('cutText', `${'x'.repeat(99)}${end}`, 100)).toBe('x'.repeat(99));
});

test('how a movie is seen stays: stereo, and what of a sphere', async ({ call }) => {
	const spatial = [
		box('vexu', box('eyes', fullBox('stri', 0, Uint8Array.of(3)))),
		box('hfov', u32(63_500)),
		fullBox('st3d', 0, Uint8Array.of(2)),
		box(
			'sv3d',
			fullBox('svhd', 0, 'GEHEIM Camera\0'),
			box('proj', fullBox('equi', 0, new Uint8Array(16))),
		),
	];
	const bytes = buildMovie({
		tracks: [{ id: 1, handler: 'vide', chunks: [[noise(400, 1)]], entry: videoEntry(...spatial) }],
	});
	const sent = Buffer.from(
		(await call('sentMovie', Buffer.from(bytes).toString('base64'))) as string,
		'base64',
	);
	for (const [index, part] of spatial.entries())
		if (index < 3) expect(sent.includes(Buffer.from(part)), `${index}`).toBe(true);
	for (const name of ['sv3d', 'proj', 'equi']) expect(sent.includes(name)).toBe(true);
	expect(sent.includes('GEHEIM')).toBe(false);
	expect(sent.includes(Buffer.from(noise(400, 1)))).toBe(true);
});
