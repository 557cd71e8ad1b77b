import { describe, expect, it } from 'vitest';
import { openUpstream } from '../../../src/media/upstream.ts';

const FILE = new Uint8Array(100).map((_, index) => index);
const URL_OF_FILE = 'https://host.example/file';

/** What was asked, and a fetch that refuses some of it as browsers do. */
function browser(refuses: (method: string, range: string | null) => boolean) {
	const asked: string[] = [];
	const fetch = async (_: unknown, options: RequestInit = {}): Promise<Response> => {
		const { method = 'GET', mode } = options;
		const range = new Headers(options.headers).get('Range');
		asked.push(`${method} ${range ?? 'all'}${mode === 'no-cors' ? ' no-cors' : ''}`);
		if (refuses(method, range)) throw new TypeError('Failed to fetch');
		if (method === 'HEAD') return new Response(null);
		return new Response(FILE, { headers: { 'Content-Length': '117' } });
	};
	return { asked, fetch };
}

async function bodyOf({ read }: { read(): Promise<Uint8Array | undefined> }): Promise<number[]> {
	const bytes: number[] = [];
	for (let chunk = await read(); chunk !== undefined; chunk = await read()) bytes.push(...chunk);
	return bytes;
}

describe('a host whose answers to a Range the browser refuses, because they are zipped', () => {
	it('is asked for all of it, and its length is not believed', async () => {
		const { asked, fetch } = browser((_, range) => range !== null);
		const upstream = await openUpstream(URL_OF_FILE, 16, { end: 32, idle: 1000, fetch });
		expect(upstream).toMatchObject({ start: 0, ranged: false, plain: true });
		const { end, total, announced } = upstream;
		expect({ end, total, announced }).toEqual({});
		expect(await bodyOf(upstream)).toEqual([...FILE]);
		expect(asked).toEqual(['GET bytes=16-31', 'HEAD all', 'GET bytes=16-31', 'GET all']);
	});

	it('is asked so at once where that is known', async () => {
		const { asked, fetch } = browser((_, range) => range !== null);
		const upstream = await openUpstream(URL_OF_FILE, 16, { idle: 1000, plain: true, fetch });
		expect(upstream).toMatchObject({ start: 0, plain: true });
		expect(asked).toEqual(['GET all']);
	});
});

it('a request that was cut is made again as it was', async () => {
	let refused = false;
	const { asked, fetch } = browser((method) => {
		const refuses = method === 'GET' && !refused;
		refused ||= refuses;
		return refuses;
	});
	const upstream = await openUpstream(URL_OF_FILE, 0, { idle: 1000, fetch });
	expect(upstream).toMatchObject({ plain: false, total: 117 });
	expect(asked).toEqual(['GET bytes=0-', 'HEAD all', 'GET bytes=0-']);
});

it('a host that cannot be reached is not asked for more', async () => {
	const { asked, fetch } = browser(() => true);
	await expect(openUpstream(URL_OF_FILE, 0, { idle: 1000, fetch })).rejects.toMatchObject({
		code: 'network',
	});
	expect(asked).toEqual(['GET bytes=0-', 'HEAD all', 'HEAD all no-cors']);
});

describe('a host that leads elsewhere', () => {
	/** A browser that shows of a redirect what the platform lets it. */
	function leading(refuses: (method: string) => boolean) {
		const asked: string[] = [];
		const fetch = async (_: unknown, options: RequestInit = {}): Promise<Response> => {
			const { method = 'GET', redirect } = options;
			asked.push(`${method} ${redirect}`);
			if (refuses(method)) throw new TypeError('Failed to fetch');
			if (redirect !== 'manual') return new Response(FILE);
			return new Response(null, { status: 302, headers: { Location: 'https://other.example/' } });
		};
		return { asked, fetch };
	}

	it('is followed only where somebody asked for it', async () => {
		const { asked, fetch } = leading(() => false);
		await openUpstream(URL_OF_FILE, 0, { idle: 1000, fetch });
		const unasked = openUpstream(URL_OF_FILE, 0, { idle: 1000, follows: false, fetch });
		await expect(unasked).rejects.toMatchObject({
			code: 'unasked',
			detail: { host: 'host.example', redirected: true },
		});
		expect(asked).toEqual(['GET follow', 'GET manual']);
	});

	it('is not followed either to find out why it did not answer', async () => {
		const { asked, fetch } = leading((method) => method === 'GET');
		const unasked = openUpstream(URL_OF_FILE, 0, { idle: 1000, follows: false, fetch });
		await expect(unasked).rejects.toMatchObject({ code: 'unasked' });
		const all = leading(() => true);
		const silent = openUpstream(URL_OF_FILE, 0, { idle: 1000, follows: false, fetch: all.fetch });
		await expect(silent).rejects.toMatchObject({ code: 'network' });
		expect([...asked, ...all.asked]).toEqual([
			...['GET manual', 'HEAD manual'],
			...['GET manual', 'HEAD manual'],
		]);
	});
});

it('a host that breaks off and then is silent to the second try has not answered in time', async () => {
	let gets = 0;
	const fetch = (_: unknown, { method, signal }: RequestInit = {}): Promise<Response> =>
		new Promise((resolve, reject) => {
			const fail = () => reject(new TypeError('Failed to fetch'));
			if (method === 'HEAD') return resolve(new Response());
			gets += 1;
			if (gets === 1 || signal?.aborted) fail();
			else signal?.addEventListener('abort', fail);
		});
	await expect(openUpstream(URL_OF_FILE, 0, { idle: 20, fetch })).rejects.toMatchObject({
		code: 'timeout',
	});
	expect(gets).toBe(2);
});

it('a host that breaks off and then never answers is not waited for', async () => {
	const fetch = (_: unknown, { method, signal }: RequestInit = {}): Promise<Response> =>
		new Promise((_resolve, reject) => {
			const fail = () => reject(new TypeError('Failed to fetch'));
			if (method === 'HEAD') signal?.addEventListener('abort', fail);
			else fail();
		});
	await expect(openUpstream(URL_OF_FILE, 0, { idle: 20, fetch })).rejects.toMatchObject({
		code: 'network',
	});
});
