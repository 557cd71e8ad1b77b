import type { Bytes } from '../core/bytes.ts';
import { asMediaError, MediaError } from '../core/errors.ts';
import { parseContentRange } from '../core/http/byte-range.ts';
import { refusal } from './upstream-refusal.ts';
import { isUpstreamUrl, upstreamUrl } from './upstream-url.ts';

/** One answer of the upload host. Offsets and lengths count ciphertext, the tag included. */
export interface Upstream {
	/** where its body begins: as asked, or 0 if the server ignores Range */
	readonly start: number;
	/** where its body ends, if less than the rest was asked for, and granted */
	readonly end: number | undefined;
	/** where its body ends by its Content-Length, which may be that of a zipped one */
	readonly announced: number | undefined;
	/** length of the whole file; undefined where the server does not say */
	readonly total: number | undefined;
	/** the server answered a Range */
	readonly ranged: boolean;
	/** the browser refused what the server answers to a Range, so it was asked for all of it */
	readonly plain: boolean;
	readonly etag: string | undefined;
	/** The next bytes, or undefined at the end. Throws MediaError `timeout`, `network` or `cancelled`. */
	read(): Promise<Bytes | undefined>;
	cancel(): void;
}

/**
 * Asks for a file from `offset` to `end` (exclusive), or to its end. Throws MediaError, see upstream-refusal.ts.
 * With a Range: it makes servers send the file as it is, not zipped. Some zip it all the same, and Chromium takes no
 * zipped answer to a Range: then, or if `plain`, it asks for the whole file without one. Unless it `follows`, an answer
 * that leads elsewhere is `unasked`: once it was followed, another host has learnt where and when somebody reads.
 */
export async function openUpstream(
	url: string,
	offset: number,
	{
		end,
		idle,
		plain = false,
		follows = true,
		fetch = globalThis.fetch,
	}: {
		end?: number | undefined;
		idle: number;
		plain?: boolean;
		follows?: boolean;
		fetch?: typeof globalThis.fetch;
	},
): Promise<Upstream> {
	const target = upstreamUrl(url);
	const host = new URL(url).hostname;
	const abort = new AbortController();
	let cancelled = false;

	const guarded = async <T>(work: Promise<T>): Promise<T> => {
		// A race, because aborting alone does not settle every engine's reads.
		let timer: ReturnType<typeof setTimeout> | undefined;
		const silence = new Promise<never>((_, reject) => {
			timer = setTimeout(() => {
				reject(new MediaError('timeout', { detail: { host } }));
				abort.abort();
			}, idle);
		});
		try {
			return await Promise.race([work, silence]);
		} catch (thrown) {
			if (cancelled) throw new MediaError('cancelled');
			if (thrown instanceof MediaError) throw thrown;
			throw new MediaError('network', { detail: { host } });
		} finally {
			clearTimeout(timer);
		}
	};

	const ask = (options: RequestInit) => guarded(fetch(target, options));
	const whole: RequestInit = {
		credentials: 'omit',
		referrerPolicy: 'no-referrer',
		cache: 'no-store',
		redirect: follows ? 'follow' : 'manual',
		signal: abort.signal,
	};
	const part: RequestInit = {
		...whole,
		headers: { Range: `bytes=${offset}-${end === undefined ? '' : end - 1}` },
	};
	let isPlain = plain;
	let response: Response;
	try {
		response = await ask(isPlain ? whole : part);
	} catch (thrown) {
		const error = asMediaError(thrown);
		if (error.code !== 'network') throw error;
		const reason = await diagnose(target, host, { idle, follows, fetch });
		if (reason !== undefined || isPlain) throw reason ?? error;
		// It may only have been cut.
		response = await ask(part).catch((again) => {
			if (asMediaError(again).code !== 'network') throw again;
			isPlain = true;
			return ask(whole);
		});
	}
	if (!follows && isRedirect(response)) {
		abort.abort();
		throw new MediaError('unasked', { detail: { host, redirected: true } });
	}
	if (response.url !== '' && !isUpstreamUrl(response.url)) {
		abort.abort();
		throw new MediaError('redirect', { detail: { host } });
	}
	const refused = refusal(response, offset, host);
	if (refused !== undefined) {
		abort.abort();
		throw refused;
	}

	const ranged = response.status === 206 && !isPlain;
	const start = ranged ? offset : 0;
	// What is zipped, in secret, has another length.
	const length = isPlain ? undefined : bodyLength(response);
	const reader = response.body?.getReader();
	return {
		start,
		end: ranged ? end : undefined,
		announced: length === undefined ? undefined : start + length,
		total: isPlain ? undefined : totalLength(response, offset, ranged && end !== undefined),
		ranged,
		plain: isPlain,
		etag: response.headers.get('ETag') ?? undefined,
		async read() {
			if (reader === undefined) return undefined;
			const { done, value } = await guarded(reader.read());
			return done ? undefined : (value as Bytes);
		},
		cancel() {
			cancelled = true;
			reader?.cancel().catch(() => undefined);
			abort.abort();
		},
	};
}

/** Browsers hide where it leads, and its status. */
function isRedirect({ type, status }: Response): boolean {
	return type === 'opaqueredirect' || (status >= 300 && status < 400);
}

/** Trusts the status and Content-Length before Content-Range, which some servers hide and some miscount. */
function totalLength(response: Response, offset: number, isPart: boolean): number | undefined {
	const length = bodyLength(response);
	if (response.status !== 206) return length;
	const range = parseContentRange(response.headers.get('Content-Range'));
	if (length === undefined || isPart) return range?.start === offset ? range.total : undefined;
	const isShorterThanAsked =
		range?.start === offset && range.end - range.start === length && range.end < range.total;
	return isShorterThanAsked ? range.total : offset + length;
}

/** Content-Length, where it can be that of the body as we get it. */
function bodyLength({ headers }: Response): number | undefined {
	const encoding = headers.get('Content-Encoding') ?? 'identity';
	const text = headers.get('Content-Length') ?? '';
	return encoding === 'identity' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/**
 * A failed fetch says nothing more: two probes tell a forbidden redirect and missing CORS from no answer at all, for which
 * none of them waits longer than `idle`. undefined: the file may be read, so it is the answer to a Range that could not be.
 */
async function diagnose(
	target: string,
	host: string,
	{ idle, follows, fetch }: { idle: number; follows: boolean; fetch: typeof globalThis.fetch },
): Promise<MediaError | undefined> {
	const probe = async (options: RequestInit): Promise<Response | undefined> => {
		const abort = new AbortController();
		const timer = setTimeout(() => abort.abort(), idle);
		const common = {
			credentials: 'omit',
			referrerPolicy: 'no-referrer',
			cache: 'no-store',
			signal: abort.signal,
		} as const;
		return fetch(target, { ...common, ...options, method: 'HEAD' })
			.catch(() => undefined)
			.finally(() => clearTimeout(timer));
	};
	const readable = await probe({ redirect: 'manual' });
	if (readable !== undefined && isRedirect(readable))
		return new MediaError(follows ? 'redirect' : 'unasked', {
			detail: { host, redirected: true },
		});
	if (readable !== undefined) return undefined;
	// A request of this kind cannot but follow.
	if (follows && (await probe({ mode: 'no-cors' })) !== undefined)
		return new MediaError('cors', { detail: { host } });
	return new MediaError('network', { detail: { host } });
}
