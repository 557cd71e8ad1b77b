import { describe, expect, it } from 'vitest';
import { parseAesgcmUri } from '../../../src/core/links/aesgcm-uri.ts';
import { plaintextStream } from '../../../src/media/plaintext-stream.ts';
import { openStreamedFile, type StreamedFile } from '../../../src/media/streamed-file.ts';
import { LINKS } from '../../../src/vault/media-record.ts';
import type { SegmentStore } from '../../../src/vault/segment-store.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';
import { aesgcmUri, encryptFile } from '../../../tools/encrypt-file.ts';
import { TEST_LIMITS, videoLike } from './support.ts';

const CHUNK = 16_384;

/** Answers the n-th GET, from `start`, for a file's ciphertext. */
type Host = (ciphertext: Uint8Array, start: number, n: number) => Response;

/** An item on a host that is free to answer anything. */
async function openFrom(
	plaintext: Uint8Array,
	host: Host,
	{ unasked, put }: { unasked?: number; put?: SegmentStore['put'] } = {},
): Promise<StreamedFile> {
	const encrypted = await encryptFile(plaintext);
	const uri = aesgcmUri('https://host.example/file', encrypted);
	const memory = createMemoryVault();
	const segments = { ...memory.segments, ...(put && { put }) };
	const vault = { ...memory, segments, durable: true };
	const record = await vault.media.add(parseAesgcmUri(uri), LINKS, unasked);
	let asked = 0;
	const fetch = async (_: unknown, { method, headers }: RequestInit = {}): Promise<Response> => {
		if (method === 'HEAD') return new Response(null);
		const range = /^bytes=(\d+)-/.exec(new Headers(headers).get('Range') ?? '');
		asked += 1;
		return host(encrypted.bytes, Number(range?.[1] ?? 0), asked);
	};
	return openStreamedFile({ record, vault, changed: () => undefined, limits: TEST_LIMITS, fetch });
}

/** An answer that comes bit by bit; `breaks` where it would end. */
function answer(
	bytes: Uint8Array,
	status: number,
	{ length = bytes.length, breaks = false, count = (_: number): void => undefined } = {},
): Response {
	let at = 0;
	const body = new ReadableStream<Uint8Array>(
		{
			pull(controller) {
				count(CHUNK);
				if (at < bytes.length) controller.enqueue(bytes.slice(at, at + CHUNK));
				else if (breaks) controller.error(new TypeError('cut'));
				else controller.close();
				at += CHUNK;
			},
		},
		{ highWaterMark: 0 },
	);
	return new Response(body, { status, headers: { 'Content-Length': `${length}` } });
}

it('a picture is judged by the bytes that were verified, not by those that came first', async () => {
	// A PNG of 12000 by 12000 pixels, in whose text there is a small JPEG.
	const png = '89504e470d0a1a0a0000000d4948445200002ee000002ee00802000000ffffffff';
	const text = '0000001274455874ffc000110800100010030122000211010311ffda';
	const picture = new Uint8Array(5000);
	picture.set(Buffer.from(png + text, 'hex'));
	const session = await openFrom(picture, (ciphertext, _start, n) => {
		if (n > 1) return answer(ciphertext, 200);
		const head = ciphertext.slice(0, 700);
		for (const [at, byte] of [0xff, 0xd8, 0xff].entries())
			head[at] = (head[at] ?? 0) ^ (picture[at] ?? 0) ^ byte;
		return answer(head, 206, { length: ciphertext.length, breaks: true });
	});
	expect(await session.head()).toMatchObject({ type: 'image/jpeg' });
	await session.verify();
	expect(session.status()).toMatchObject({
		state: 'verified',
		type: 'application/octet-stream',
		label: 'Image of 144 megapixels',
	});
});

it('a file that is longer than was said is not saved as if its part were all', async () => {
	const file = videoLike(3_000_000);
	const session = await openFrom(file, (ciphertext, start, n) => {
		const rest = ciphertext.slice(start);
		return answer(rest, start > 0 ? 206 : 200, n === 1 ? { length: 2_000_000 } : {});
	});
	const { size } = await session.head();
	expect(size).toBeLessThan(file.length);
	const saving = new Response(plaintextStream(session, { start: 0, end: size, heldBack: true }));
	await expect(saving.arrayBuffer()).rejects.toMatchObject({ code: 'changed' });
	expect(session.status()).toMatchObject({ state: 'verified', size: file.length });
});

it('a host that tells no length sends no faster than its bytes are counted and kept', async () => {
	const file = videoLike(20_000_000);
	let sent = 0;
	const count = (bytes: number) => {
		sent += bytes;
	};
	let isFull: () => void = () => undefined;
	const full = new Promise<void>((resolve) => {
		isFull = resolve;
	});
	let stored = 0;
	const session = await openFrom(
		file,
		(ciphertext) => {
			const response = answer(ciphertext, 200, { count });
			response.headers.delete('Content-Length');
			return response;
		},
		{
			// A disk that has stopped.
			put: () => {
				stored += 1;
				if (stored === 4) isFull();
				return new Promise(() => undefined);
			},
		},
	);
	const ends = new AbortController();
	const verifying = session.verify(ends.signal);
	await full;
	// All that is on its way arrives.
	for (let turns = 0; turns < 2000; turns++) await new Promise(setImmediate);
	expect(sent).toBeLessThan(2 * TEST_LIMITS.range);
	ends.abort();
	await expect(verifying).rejects.toMatchObject({ code: 'cancelled' });
});

it('two answers that end in different places keep nobody waiting', async () => {
	const S = TEST_LIMITS.segment;
	const file = videoLike(12 * S);
	const ends: (() => void)[] = [];
	const session = await openFrom(file, (ciphertext, start, n) => {
		const rest = ciphertext.slice(start);
		if (n === 1 || n > 3) return answer(rest, start > 0 ? 206 : 200);
		// Less than a block and the tag, then as if that were all.
		const body = new ReadableStream<Uint8Array>({
			start(controller) {
				controller.enqueue(rest.slice(0, 31));
				ends.push(() => controller.close());
			},
		});
		return new Response(body, { status: 206, headers: { 'Content-Length': `${rest.length}` } });
	});
	await session.head();
	const { signal } = new AbortController();
	const offsets = [6 * S, 11 * S];
	const reads = offsets.map((at) => session.read(at, signal));
	await expect.poll(() => ends.length).toBe(2);
	for (const end of ends) end();
	const [one, two] = await Promise.all(reads);
	expect(one?.slice(0, 16)).toEqual(new Uint8Array(file.subarray(6 * S, 6 * S + 16)));
	expect(two?.slice(0, 16)).toEqual(new Uint8Array(file.subarray(11 * S, 11 * S + 16)));
});

describe('what loads although nobody has asked for it', () => {
	const FILE = videoLike(3_000_000);
	const LIMIT = 1_000_000;
	const HOSTS: Record<string, (count: (bytes: number) => void) => Host> = {
		'tells no length': (count) => (ciphertext, start) => {
			const response = answer(ciphertext, 200, { count });
			response.headers.delete('Content-Length');
			return start > 0 ? new Response(null, { status: 416 }) : response;
		},
		'announces less than it sends': (count) => (ciphertext) =>
			answer(ciphertext, 200, { length: 500_000, count }),
	};
	for (const [what, make] of Object.entries(HOSTS))
		it(`is no more than was allowed, where a host ${what}`, async () => {
			let sent = 0;
			const host = make((bytes) => {
				sent += bytes;
			});
			const session = await openFrom(FILE, host, { unasked: LIMIT });
			await expect(session.verify()).rejects.toMatchObject({ code: 'unasked' });
			expect(session.status()).toMatchObject({ state: 'idle', error: 'unasked' });
			expect(sent).toBeLessThan(2 * LIMIT);
			const before = sent;
			await expect(session.head()).rejects.toMatchObject({ code: 'unasked' });
			await expect(session.verify()).rejects.toMatchObject({ code: 'unasked' });
			expect(sent).toBe(before);
			await session.asked();
			await session.verify();
			expect(session.status().state).toBe('verified');
		});

	it('is asked about where its host leads elsewhere, once', async () => {
		let asked = 0;
		const host: Host = (ciphertext, _start, n) => {
			asked = n;
			return n > 1 ? answer(ciphertext, 200) : Response.redirect('https://other.example/', 302);
		};
		const session = await openFrom(FILE, host, { unasked: LIMIT });
		await expect(session.head()).rejects.toMatchObject({ code: 'unasked' });
		await expect(session.prime()).rejects.toMatchObject({ code: 'unasked' });
		expect(session.status()).toMatchObject({ state: 'idle', detail: { redirected: true } });
		expect(asked).toBe(1);
		await session.asked();
		expect((await session.head()).size).toBe(FILE.length);
	});
});
