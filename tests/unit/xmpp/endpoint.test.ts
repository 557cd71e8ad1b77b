import { describe, expect, it } from 'vitest';
import { checkEndpoint, discoverWebSocket } from '../../../src/xmpp/endpoint.ts';

const REL = 'urn:xmpp:alt-connections:websocket';
const answers = (files: Record<string, string>) =>
	(async (url: string) => {
		const body = files[url.slice(url.lastIndexOf('/') + 1)];
		return new Response(body ?? '', { status: body === undefined ? 404 : 200 });
	}) as unknown as typeof fetch;

describe('the way to a server', () => {
	it('is found in JSON, or in XML', async () => {
		const json = JSON.stringify({ links: [null, { rel: 'x' }, { rel: REL, href: 'wss://j/x' }] });
		expect(await discoverWebSocket('a.example', answers({ 'host-meta.json': json }))).toBe(
			'wss://j/x',
		);
		const xml = `<XRD><Link rel='other' href='wss://no/'/><Link href="wss://x/?a=1&amp;b" rel="${REL}"/></XRD>`;
		expect(await discoverWebSocket('a.example', answers({ 'host-meta': xml }))).toBe(
			'wss://x/?a=1&b',
		);
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
		await expect(discoverWebSocket('a.example', answers(files))).rejects.toMatchObject({
			code: 'no-endpoint',
		});
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
