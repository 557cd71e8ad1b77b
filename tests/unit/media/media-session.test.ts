import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MediaErrorCode } from '../../../src/core/errors.ts';
import { LIMITS } from '../../../src/media/limits.ts';
import { plaintextStream } from '../../../src/media/plaintext-stream.ts';
import {
	type HostBehaviour,
	startUploadHost,
	type UploadHost,
} from '../../../tools/upload-host.ts';
import { type Opened, openOn, readAll, TEST_LIMITS, videoLike } from './support.ts';

const S = LIMITS.segment;
let host: UploadHost;
beforeAll(async () => {
	host = await startUploadHost();
});
afterAll(() => host.close());
beforeEach(() => host.clearLog());

describe('an honest host', () => {
	for (const size of [0, 1, 15, 16, 17, S - 1, S, S + 1, S + 16, 3 * S + 5])
		for (const iv of [12, 16])
			it(`gives ${size} bytes with an IV of ${iv}, verified`, async () => {
				const plaintext = videoLike(Math.max(size, 12)).subarray(0, size);
				const { session } = await openOn(host, plaintext, {}, iv);
				expect((await session.head()).size).toBe(size);
				await session.verify();
				expect(session.status().state).toBe('verified');
				expect((await readAll(session, 0, size)).equals(plaintext)).toBe(true);
				expect(host.requests.length).toBe(1);
			});

	it('is asked for each byte once, and for none afterwards', async () => {
		const plaintext = videoLike(6 * S + 777);
		const { session, again } = await openOn(host, plaintext);
		await session.head();
		expect((await readAll(session, 0, plaintext.length)).equals(plaintext)).toBe(true);
		await session.verify();
		expect(host.requests.reduce((sum, { sent }) => sum + sent, 0)).toBe(plaintext.length + 16);
		host.clearLog();
		const later = await again();
		expect((await readAll(later, 5, plaintext.length)).equals(plaintext.subarray(5))).toBe(true);
		expect(host.requests).toEqual([]);
	});

	it('is asked once for a seek, whose reader lags behind the stream', async () => {
		const plaintext = videoLike(12 * S);
		const { session } = await openOn(host, plaintext);
		await session.head();
		host.clearLog();
		const bytes = await readAll(session, 8 * S + 32_768, 11 * S);
		expect(bytes.equals(plaintext.subarray(8 * S + 32_768, 11 * S))).toBe(true);
		expect(host.requests.map(({ range }) => range)).toEqual([`bytes=${8 * S + 32_768}-`]);
	});

	it('is asked for a long file in parts, so that no more than one piles up', async () => {
		const plaintext = videoLike(12 * 2 ** 20 + 5);
		const { session, again } = await openOn(host, plaintext);
		await session.verify();
		expect(session.status().state).toBe('verified');
		expect(host.requests[0]?.range).toBe('bytes=0-');
		expect(host.requests.at(-1)?.range).toMatch(/^bytes=\d+-$/);
		const middle = host.requests.slice(1, -1).map(({ range }) => {
			const [start = 0, end = 0] = (range ?? '').slice(6).split('-').map(Number);
			return end + 1 - start;
		});
		expect(middle).toEqual([2, 4, 4].map((mib) => mib * 2 ** 20));
		expect(host.requests.at(-1)?.sent).toBeLessThanOrEqual(LIMITS.range + 16);
		expect((await readAll(session, 0, plaintext.length)).equals(plaintext)).toBe(true);

		host.clearLog();
		const other = await again();
		await other.read(5, new AbortController().signal);
		expect(host.requests).toEqual([]);
	});

	it('is asked for nothing more on behalf of a reader that went elsewhere', async () => {
		const plaintext = videoLike(12 * 2 ** 20);
		const { session, path } = await openOn(host, plaintext, { stallAfter: 65_536 });
		await session.head(new AbortController().signal);
		const leaving = new AbortController();
		const { signal } = leaving;
		await session.read(0, signal);
		const waiting = session.read(65_536, signal);
		leaving.abort();
		host.behave(path, {});
		const seek = readAll(session, 8 * 2 ** 20, 8 * 2 ** 20 + 65_536);
		await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
		expect((await seek).length).toBe(65_536);
		expect(host.requests.map(({ range }) => range)).toEqual([
			'bytes=0-',
			`bytes=${8 * 2 ** 20}-${9 * 2 ** 20 - 1}`,
		]);
	});

	it('is taken as it is if it answers a part with all there is', async () => {
		const plaintext = videoLike(12 * 2 ** 20);
		const { session, path } = await openOn(host, plaintext);
		await session.head();
		host.behave(path, { ranges: 'prosody' });
		const at = 8 * 2 ** 20;
		const bytes = await readAll(session, at, at + 3 * S);
		expect(bytes.equals(plaintext.subarray(at, at + 3 * S))).toBe(true);
		expect(host.requests.map(({ range }) => range)).toEqual([
			'bytes=0-',
			`bytes=${at}-${at + LIMITS.firstRange - 1}`,
			`bytes=${at}-`,
		]);
		expect(session.status().sequential).toBe(false);
		await session.verify();
		expect(session.status().state).toBe('verified');
	});

	it('is asked once for an index at the end that is read twice', async () => {
		const plaintext = videoLike(12 * S + 70_000);
		const { session } = await openOn(host, plaintext);
		await session.head();
		host.clearLog();
		const at = 12 * S + 32_768;
		for (const start of [at, at + 5, at + 1000]) {
			const bytes = await readAll(session, start, plaintext.length);
			expect(bytes.equals(plaintext.subarray(start))).toBe(true);
		}
		expect(host.requests.map(({ range }) => range)).toEqual([`bytes=${at}-`]);
		await session.verify();
		expect(session.status().state).toBe('verified');
	});

	it('gives the right bytes for any reads in any order, by several readers', async () => {
		const plaintext = videoLike(5 * S + 333);
		const range = fc.tuple(fc.nat(plaintext.length - 1), fc.integer({ min: 1, max: 2 * S }));
		await fc.assert(
			fc.asyncProperty(fc.array(range, { minLength: 1, maxLength: 6 }), async (ranges) => {
				const { session } = await openOn(host, plaintext);
				await session.head();
				await Promise.all(
					ranges.map(async ([start, length]) => {
						const end = Math.min(plaintext.length, start + length);
						const bytes = await readAll(session, start, end);
						expect(bytes.equals(plaintext.subarray(start, end))).toBe(true);
					}),
				);
				await session.verify();
				expect(session.status().state).toBe('verified');
				session.close();
			}),
			{ numRuns: 25 },
		);
	});
});

describe('a host with manners of its own', () => {
	const manners: Record<string, HostBehaviour> = {
		'ignores Range': { ranges: 'ignored' },
		'is Prosody 0.12': { ranges: 'prosody', expose: true },
		'miscounts Content-Range': { contentRange: 'wrong', expose: true },
		'hides Content-Range': { contentRange: 'absent' },
		'tells no length': { contentLength: 'absent', contentRange: 'absent' },
		'tells no length and ignores Range': { contentLength: 'absent', ranges: 'ignored' },
		'zips what it sends': { gzip: 'always', ranges: 'ignored', expose: true },
		'zips and hides it': { gzip: 'always', ranges: 'ignored' },
		'is busy twice': { status: 503, times: 2 },
		'cuts three times': { cutAfter: [10, 70_000, 600_000] },
	};
	for (const [what, behaviour] of Object.entries(manners))
		it(`that ${what} gives the right bytes`, async () => {
			const plaintext = Buffer.alloc(5 * S + 91);
			videoLike(12).copy(plaintext);
			const { session } = await openOn(host, plaintext, structuredClone(behaviour));
			await session.verify();
			expect(session.status().state).toBe('verified');
			const end = plaintext.length;
			expect((await readAll(session, 4 * S, end)).equals(plaintext.subarray(4 * S))).toBe(true);
		});

	it('is told apart: what ignores Range is sequential', async () => {
		const plaintext = videoLike(12 * S);
		const { session } = await openOn(host, plaintext, { ranges: 'ignored' });
		await session.head();
		const at = 11 * S + 3;
		expect((await readAll(session, at, at + 9)).equals(plaintext.subarray(at, at + 9))).toBe(true);
		expect(session.status().sequential).toBe(true);
	});
});

describe('a host that refuses or fails', () => {
	const refusals: [HostBehaviour, MediaErrorCode, string, number][] = [
		[{ status: 403 }, 'forbidden', 'failed', 1],
		[{ status: 404 }, 'expired', 'expired', 1],
		[{ status: 410 }, 'expired', 'expired', 1],
		[{ status: 416 }, 'too-short', 'failed', 1],
		[{ status: 418 }, 'server', 'failed', 1],
		[{ status: 500 }, 'server', 'failed', 4],
		[{ status: 429 }, 'busy', 'failed', 4],
		[{ status: 429, retryAfter: 600 }, 'busy', 'failed', 1],
		[{ stallAfter: 0 }, 'timeout', 'failed', 4],
		[{ cutAfter: 8 }, 'network', 'failed', 4],
	];
	for (const [behaviour, code, state, requests] of refusals)
		it(`${JSON.stringify(behaviour)} is ${code}`, async () => {
			const { session } = await openOn(host, videoLike(2 * S), behaviour);
			await expect(session.verify()).rejects.toMatchObject({ code });
			expect(session.status()).toMatchObject({ state, error: code });
			expect(host.requests.filter(({ method }) => method === 'GET').length).toBe(requests);
		});

	it('that announces more than it has never lets it count as verified', async () => {
		const announced = { contentLength: 5e9, contentRange: 'absent' } as const;
		const { session } = await openOn(host, videoLike(S), announced);
		await expect(session.verify()).rejects.toMatchObject({ code: 'changed' });
		expect(session.status().state).toBe('failed');
	});

	it('that ends its answers early, and calmly, is not asked for ever', async () => {
		const { session, path } = await openOn(host, videoLike(5 * S));
		await session.head();
		await session.read(0, new AbortController().signal);
		host.clearLog();
		host.behave(path, { contentLength: 'absent', contentRange: 'absent', endAfter: 8 });
		await session.close();
		await expect(session.verify()).rejects.toMatchObject({ code: 'network' });
		expect(host.requests.filter(({ method }) => method === 'GET').length).toBe(4);
	});

	it('that is cut anywhere gives the right bytes in the end', async () => {
		const plaintext = videoLike(2 * S + 99);
		const cuts = fc.array(fc.nat(plaintext.length), { minLength: 1, maxLength: 3 });
		await fc.assert(
			fc.asyncProperty(cuts, async (cutAfter) => {
				const { session } = await openOn(host, plaintext, { cutAfter: [...cutAfter] });
				expect((await session.head()).size).toBe(plaintext.length);
				expect((await readAll(session, 0, plaintext.length)).equals(plaintext)).toBe(true);
				await session.verify();
				expect(session.status().state).toBe('verified');
			}),
			{ numRuns: 25 },
		);
	});

	it('that pauses in the last segment does not spoil a save that waits for the verdict', async () => {
		const plaintext = videoLike(5 * S + 100_000);
		const { session } = await openOn(host, plaintext, { stallAfter: 5 * S + 50_000 });
		const saved = await readAll(session, 0, (await session.head()).size, true);
		expect(saved.equals(plaintext)).toBe(true);
		expect(session.status().state).toBe('verified');
	});

	it('with fewer bytes than a tag has no file', async () => {
		const { session, path } = await openOn(host, videoLike(S));
		host.replace(path, new Uint8Array(15));
		await expect(session.verify()).rejects.toMatchObject({ code: 'too-short' });
	});

	it('can be tried again', async () => {
		const { session, path } = await openOn(host, videoLike(S), { status: 403 });
		await expect(session.verify()).rejects.toMatchObject({ code: 'forbidden' });
		host.behave(path, {});
		await session.retry();
		await session.verify();
		expect(session.status().state).toBe('verified');
	});
});

describe('an altered file', () => {
	it('is never verified, wherever a bit is flipped and in whatever order it was read', async () => {
		const plaintext = videoLike(3 * S + 50);
		const seeks = fc.array(fc.nat(plaintext.length - 1), { maxLength: 3 });
		await fc.assert(
			fc.asyncProperty(fc.nat(plaintext.length + 15), seeks, async (at, starts) => {
				const { session, vault, id } = await openOn(host, plaintext, { corrupt: { at } });
				const attempt = async () => {
					await session.head();
					for (const start of starts) await readAll(session, start, plaintext.length);
					await session.verify();
				};
				await expect(attempt()).rejects.toMatchObject({ code: 'tampered' });
				expect(session.status().state).toBe('tampered');
				await expect(session.head()).rejects.toMatchObject({ code: 'tampered' });
				expect(await vault.segments.list(id)).toEqual([]);
				// What was counted is forgotten, what was released is not.
				for (const row of await vault.ledger.load(id)) {
					expect(row.ghash).toBeUndefined();
					expect(starts.length).toBeGreaterThan(0);
				}
				expect(await vault.media.get(id)).toMatchObject({
					verdict: 'tampered',
					verifyFirst: true,
				});
			}),
			{ numRuns: 30 },
		);
	});

	it('that is cut short is not verified', async () => {
		const { session, path, vault, id } = await openOn(host, videoLike(2 * S));
		host.replace(path, new Uint8Array(S));
		await expect(session.verify()).rejects.toMatchObject({ code: 'tampered' });
		expect(await vault.segments.list(id)).toEqual([]);
	});

	it('is called altered only once nothing of it is kept', async () => {
		const plaintext = videoLike(6 * S);
		let opened: Opened | undefined;
		const kept: Promise<number[]>[] = [];
		const changed = () => {
			if (opened?.session.status().state === 'tampered')
				kept.push(opened.vault.segments.list(opened.id));
		};
		const behaviour = { corrupt: { at: 6 * S + 3 } };
		opened = await openOn(host, plaintext, behaviour, 12, { changed });
		await expect(opened.session.verify()).rejects.toMatchObject({ code: 'tampered' });
		expect(kept.length).toBeGreaterThan(0);
		for (const indices of await Promise.all(kept)) expect(indices).toEqual([]);
	});

	it('is purged once, also when several readers find it', async () => {
		const plaintext = videoLike(12 * S);
		const { session, path } = await openOn(host, plaintext, { etag: '"1"', expose: true });
		await session.head();
		host.behave(path, { etag: '"2"', expose: true });
		const { signal } = new AbortController();
		const reads = [11 * S, 11 * S + 20].map((at) => session.read(at, signal));
		const [one, two] = await Promise.all(reads);
		expect(one?.slice(0, 16)).toEqual(new Uint8Array(plaintext.subarray(11 * S, 11 * S + 16)));
		expect(two?.slice(0, 16)).toEqual(new Uint8Array(plaintext.subarray(11 * S + 20, 11 * S + 36)));
		await session.verify();
		expect(session.status().state).toBe('verified');
	});

	it('is never whole for who saves while it loads', async () => {
		const plaintext = videoLike(3 * S + 9);
		const { session } = await openOn(host, plaintext, { corrupt: { at: 3 * S + 9 } });
		const { size } = await session.head();
		const reader = plaintextStream(session, { start: 0, end: size, heldBack: true }).getReader();
		let read = 0;
		const all = async () => {
			for (;;) {
				const { done, value } = await reader.read();
				if (done) return;
				read += value.length;
			}
		};
		await expect(all()).rejects.toMatchObject({ code: 'tampered' });
		expect(read).toBe(3 * S);
	});

	it('is not released where it differs from what was released before the worker died', async () => {
		const plaintext = videoLike(5 * S);
		const { session, path, again } = await openOn(host, plaintext, { stallAfter: 100_000 });
		await session.head();
		expect((await session.read(0, new AbortController().signal)).length).toBeGreaterThan(0);
		session.close();
		host.behave(path, { corrupt: { at: 5000 } });
		const next = await again();
		await expect(next.read(0, new AbortController().signal)).rejects.toMatchObject({
			code: 'tampered',
		});
	});

	it('is told from what an earlier version wrote down of it', async () => {
		const plaintext = videoLike(5 * S + 9);
		const { session, vault, id, path, again } = await openOn(host, plaintext);
		await session.verify();
		// Rows had no lengths, and did not say whether a segment was released.
		const ghashes = (await vault.ledger.load(id)).map(({ ghash = new Uint8Array(0) }) => ghash);
		await vault.ledger.removeAll(id);
		await vault.ledger.countAll(id, ghashes);
		await vault.segments.removeAll(id);
		await vault.media.patch(id, { verdict: 'none' });
		const later = await again();
		host.clearLog();
		await later.verify();
		expect(later.status().state).toBe('verified');
		expect(host.requests).toEqual([]);
		host.behave(path, { corrupt: { at: 5 * S + 8 } });
		const last = await again();
		await expect(readAll(last, 5 * S, 5 * S + 9)).rejects.toMatchObject({ code: 'tampered' });
		host.behave(path, {});
		await last.retry();
		await last.verify();
		expect((await readAll(last, 0, plaintext.length)).equals(plaintext)).toBe(true);
	});

	it('is checked at once when it is tried again, also where no player asks for it', async () => {
		const plaintext = videoLike(5 * S);
		const { session, path } = await openOn(host, plaintext, { corrupt: { at: 100 } });
		await session.head();
		await readAll(session, 0, 1000);
		await expect(session.verify()).rejects.toMatchObject({ code: 'tampered' });
		host.behave(path, {});
		await session.retry();
		await expect(session.prime()).rejects.toMatchObject({
			code: 'tampered',
			detail: { played: true },
		});
		expect(session.status().state).toBe('tampered');
	});

	it('in the cache is fetched again', async () => {
		const plaintext = videoLike(4 * S);
		const { session, vault, id, again } = await openOn(host, plaintext);
		await session.verify();
		const kept = await vault.segments.get(id, 2);
		const damaged = Uint8Array.from(kept ?? []);
		damaged[7] = (damaged[7] ?? 0) ^ 1;
		await vault.segments.put(id, 2, damaged);
		await vault.segments.put(id, 1, new Uint8Array(S + 16));
		host.clearLog();
		const later = await again();
		expect((await readAll(later, 0, 4 * S)).equals(plaintext)).toBe(true);
		expect(host.requests.map(({ range }) => range)).toEqual([`bytes=${S}-`, `bytes=${2 * S}-`]);
	});

	it('that grew, or has another ETag, is tried once more, then given up', async () => {
		const etag = { etag: '"1"', expose: true };
		const plaintext = videoLike(12 * S);
		const { session, path } = await openOn(host, plaintext, etag);
		await session.head();
		await readAll(session, 0, 100);
		host.behave(path, { ...etag, etag: '"2"' });
		const far = await readAll(session, 11 * S, 11 * S + 16);
		expect(far.equals(plaintext.subarray(11 * S, 11 * S + 16))).toBe(true);
		await session.close();
		host.behave(path, { ...etag, etag: '"3"' });
		await expect(session.verify()).rejects.toMatchObject({ code: 'changed' });
		await session.retry();
		await session.verify();
		expect(session.status().state).toBe('verified');
	});

	it('has the same ETag, strong or weak', async () => {
		const plaintext = videoLike(12 * S);
		const { session, path } = await openOn(host, plaintext, { etag: '"1"', expose: true });
		await session.head();
		await readAll(session, 0, 100);
		host.behave(path, { etag: 'W/"1"', expose: true });
		await readAll(session, 11 * S, 11 * S + 16);
		await session.verify();
		expect(session.status().state).toBe('verified');
		expect(host.requests.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(14 * S);
	});
});

describe('a reader that goes away', () => {
	const limits = { ...TEST_LIMITS, linger: 30, idle: 5000 };

	it('takes its stream with it, unless another comes soon', async () => {
		const video = videoLike(8 * S);
		const { session } = await openOn(host, video, { stallAfter: S / 2 }, 12, { limits });
		await session.head();
		const abort = new AbortController();
		const reading = session.read(S / 2, abort.signal);
		abort.abort();
		await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
		expect(host.requests.map(({ open }) => open)).toEqual([true]);
		await expect.poll(() => host.requests.map(({ open }) => open)).toEqual([false]);
	});

	it('leaves no size behind where the server told none', async () => {
		const behaviour = { contentLength: 'absent', ranges: 'ignored', stallAfter: S } as const;
		const video = videoLike(3 * S);
		const { session, path, vault, id } = await openOn(host, video, behaviour, 12, { limits });
		const abort = new AbortController();
		const verifying = session.verify(abort.signal);
		await expect.poll(() => host.requests[0]?.sent).toBe(S);
		abort.abort();
		await expect(verifying).rejects.toMatchObject({ code: 'cancelled' });
		await expect.poll(() => host.requests[0]?.open).toBe(false);
		expect((await vault.media.get(id))?.size).toBeUndefined();
		host.behave(path, { contentLength: 'absent', ranges: 'ignored' });
		await session.verify();
		expect(session.status()).toMatchObject({ state: 'verified', size: 3 * S });
	});
});
