import { describe, expect, it } from 'vitest';
import { checkEndpoint, discoverWebSocket } from '../../../src/xmpp/endpoint.ts';
import { readJsonHostMeta, readXmlHostMeta } from '../../../src/xmpp/extensions/host-meta.ts';
import { countWork } from '../count-work.ts';

const REL = 'urn:xmpp:alt-connections:websocket';
const answers = (files: Record<string, string>) =>
	(async (url: string) => {
		const body = files[url.slice(url.lastIndexOf('/') + 1)];
		return new Response(body ?? '', { status: body === undefined ? 404 : 200 });
	}) as unknown as typeof fetch;

describe('the way to a server', () => {
	it('is found in JSON, or in XML', async () => {
		const json = JSON.stringify({ links: [null, { rel: 'x' }, { rel: REL, href: 'wss://j/x' }] });
		expect(await discoverWebSocket('https://a.example', answers({ 'host-meta.json': json }))).toBe(
			'wss://j/x',
		);
		const xml = `<XRD><Link rel='other' href='wss://no/'/><Link href="wss://x/?a=1&amp;b" rel="${REL}"/></XRD>`;
		expect(await discoverWebSocket('https://a.example', answers({ 'host-meta': xml }))).toBe(
			'wss://x/?a=1&b',
		);
	});

	it('is found without TLS only by what came without TLS', async () => {
		const json = JSON.stringify({ links: [{ rel: REL, href: 'ws://localhost:1/x' }] });
		const files = answers({ 'host-meta.json': json });
		expect(await discoverWebSocket('http://localhost:2', files)).toBe('ws://localhost:1/x');
		await expect(discoverWebSocket('https://localhost:2', files)).rejects.toMatchObject({
			code: 'no-endpoint',
		});
	});

	it.each([
		['nothing', {}],
		['no JSON', { 'host-meta.json': '<html>' }],
		['no links', { 'host-meta.json': '{"links": 5}' }],
		[
			'a link that is not secure',
			{ 'host-meta.json': `{"links":[{"rel":"${REL}","href":"ws://x/"}]}` },
		],
	])('is not found in %s', async (_, files: Record<string, string>) => {
		await expect(discoverWebSocket('https://a.example', answers(files))).rejects.toMatchObject({
			code: 'no-endpoint',
		});
	});

	it.each([
		[
			'in a document with a declaration',
			`<?xml version='1.0'?>\n<XRD><Link rel='${REL}' href='wss://x/'/></XRD>`,
		],
		['behind a comment', `<XRD><!-- > --><Link rel="${REL}" href="wss://x/"/></XRD>`],
		[
			'with a prefix',
			`<x:XRD xmlns:x="u"><x:Link href = "wss://x/" rel = "${REL}"></x:Link></x:XRD>`,
		],
		[
			'behind others',
			`<XRD><Link rel="${REL}" href="ws://a/"/><Link rel="${REL}" href="wss://u:p@a/"/><Link rel="${REL}" href="wss://a b/"/><Link rel="${REL}" href="wss://a/#b"/><Link rel="${REL}" href="wss://x/"/></XRD>`,
		],
		['with > in an attribute', `<XRD><Link title="a>b" rel="${REL}" href="wss://x/"/></XRD>`],
	])('is found in XML %s', async (_, xml) => {
		expect(await discoverWebSocket('https://a.example', answers({ 'host-meta': xml }))).toBe(
			'wss://x/',
		);
	});

	it.each([
		['that is not well-formed', `<XRD><Link rel="${REL}" href="wss://x/"></XRD>`],
		['that has no end', `<XRD><Link rel="${REL}" href="wss://x/"/>`],
		['in a comment', `<XRD><!-- <Link rel="${REL}" href="wss://x/"/> --></XRD>`],
		['in text', `<XRD><![CDATA[<Link rel="${REL}" href="wss://x/"/>]]></XRD>`],
		['in another attribute', `<XRD><Link title='rel="${REL}" href="wss://x/"'/></XRD>`],
		['in another element', `<XRD><a><Link rel="${REL}" href="wss://x/"/></a></XRD>`],
		[
			'with entities of its own',
			`<!DOCTYPE a [<!ENTITY b "c">]><XRD><Link rel="${REL}" href="wss://x/"/></XRD>`,
		],
		['of an attribute that is none', '<XRD><Link __proto__="x" constructor="y"/></XRD>'],
		['of nothing', ''],
	])('is not found in XML %s', async (_, xml) => {
		await expect(
			discoverWebSocket('https://a.example', answers({ 'host-meta': xml })),
		).rejects.toMatchObject({ code: 'no-endpoint' });
	});

	it('is looked for in what is short, however much comes', async () => {
		let pulled = 0;
		const endless = () =>
			new ReadableStream({
				pull(controller) {
					pulled += 1;
					if (pulled > 1000) return controller.close();
					return controller.enqueue(new TextEncoder().encode(`<Link${' '.repeat(10_000)}`));
				},
			});
		const hostile = (async () => new Response(endless())) as unknown as typeof fetch;
		await expect(discoverWebSocket('https://a.example', hostile)).rejects.toMatchObject({
			code: 'no-endpoint',
		});
		expect(pulled).toBeLessThan(25);
	});

	it.each([
		'<',
		'<Link ',
		'<Link rel="',
		'<XRD>',
		'<a b="&',
		'&',
		'<!--',
		'<![CDATA[',
		'"',
		'[',
		'{"links":[',
	])('is looked for in 60,000 characters of %j once', (fragment) => {
		const text = fragment.repeat(60_000 / fragment.length);
		for (const read of [readXmlHostMeta, readJsonHostMeta])
			for (const whole of [text, `<XRD>${text}`, `<XRD><Link ${text}`]) {
				let found: unknown;
				const work = countWork(() => {
					found = read(whole);
				});
				expect(found).toBeUndefined();
				expect(work / whole.length).toBeLessThan(30);
			}
	});

	it('is wss, or ws on loopback in development', () => {
		expect(checkEndpoint('wss://h.example/x', false)).toBe('wss://h.example/x');
		expect(checkEndpoint('ws://localhost:5280/x', true)).toBe('ws://localhost:5280/x');
		for (const [url, loopback] of [
			['ws://localhost:5280/x', false],
			['ws://h.example/x', true],
			['http://localhost/', true],
		] as const)
			expect(() => checkEndpoint(url, loopback)).toThrow(
				expect.objectContaining({ code: 'endpoint-insecure' }),
			);
		expect(() => checkEndpoint('nonsense', true)).toThrow(
			expect.objectContaining({ code: 'no-endpoint' }),
		);
	});
});
