import { ShareError } from '../core/share-error.ts';
import { wordsOfAnswer } from '../core/text/words-of-answer.ts';
import { upstreamUrl } from './upstream-url.ts';

/** Where ciphertext goes, see UploadSlot. */
export interface PutTarget {
	readonly put: URL;
	readonly get: URL;
	readonly headers: Readonly<Record<string, string>>;
}

/** Sends ciphertext to its slot. Throws ShareError. */
export type PutCiphertext = (
	target: PutTarget,
	body: Blob,
	options: { signal: AbortSignal; onProgress(sent: number): void },
) => Promise<void>;

/** Milliseconds without a byte sent, or without the answer to the last one, after which the line counts as broken. */
const SILENCE = 45_000;
/** Milliseconds that a host may take to say how much it has: others wait behind it, and it need not say it. */
const LENGTH_TIME = 10_000;
const MAX_TEXT = 200;
/** Bytes of an answer that are waited for: none has so much to say. */
const MAX_ANSWER = 65_536;

/**
 * Uploads by XMLHttpRequest: the one way to tell how far it has come that all browsers have. Then asks how much is there,
 * because some answer well to less.
 */
export const putCiphertext: PutCiphertext = async (target, body, { signal, onProgress }) => {
	const host = target.put.host;
	const url = address(target.put);
	if (signal.aborted) throw new ShareError('cancelled');
	const { status, text } = await new Promise<{ status: number; text: string }>(
		(resolve, reject) => {
			const request = new XMLHttpRequest();
			let timer: ReturnType<typeof setTimeout> | undefined;
			const stop = () => request.abort();
			const end = (settle: () => void) => {
				clearTimeout(timer);
				signal.removeEventListener('abort', stop);
				settle();
			};
			const wait = () => {
				clearTimeout(timer);
				timer = setTimeout(stop, SILENCE);
			};
			try {
				request.open('PUT', url);
				request.setRequestHeader('Content-Type', 'application/octet-stream');
				for (const [name, value] of Object.entries(target.headers))
					request.setRequestHeader(name, value);
			} catch (thrown) {
				return reject(new ShareError('slot-invalid', { cause: thrown, detail: { host } }));
			}
			request.upload.onprogress = ({ loaded }) => {
				wait();
				onProgress(loaded);
			};
			request.onload = () =>
				end(() => resolve({ status: request.status, text: request.responseText }));
			request.onprogress = ({ loaded }) => {
				if (loaded <= MAX_ANSWER) return;
				end(() => resolve({ status: request.status, text: request.responseText }));
				request.abort();
			};
			request.onerror = () => end(() => reject(new ShareError('network', { detail: { host } })));
			request.onabort = () =>
				end(() =>
					reject(new ShareError(signal.aborted ? 'cancelled' : 'network', { detail: { host } })),
				);
			signal.addEventListener('abort', stop);
			wait();
			request.send(body);
		},
	);
	if (status < 200 || status > 299) throw refusal(status, text, host);
	await checkLength(target.get, body.size, signal);
};

function refusal(status: number, answer: string, host: string): ShareError {
	const text = wordsOfAnswer(answer, MAX_TEXT);
	const detail = { status, host, ...(text === '' ? {} : { text }) };
	if (status === 413) return new ShareError('too-large', { detail });
	if (status === 507) return new ShareError('upload-full', { detail });
	return new ShareError('upload-refused', { detail });
}

/** Throws ShareError `upload-incomplete` if the host says that it has another number of bytes; not every host says. */
async function checkLength(get: URL, size: number, signal: AbortSignal): Promise<void> {
	let length: string | null;
	const given = new AbortController();
	const stop = () => given.abort();
	signal.addEventListener('abort', stop);
	const timer = setTimeout(stop, LENGTH_TIME);
	try {
		const response = await fetch(address(get), {
			method: 'HEAD',
			credentials: 'omit',
			cache: 'no-store',
			referrerPolicy: 'no-referrer',
			signal: given.signal,
		});
		if (!response.ok || response.headers.has('Content-Encoding')) return;
		length = response.headers.get('Content-Length');
	} catch {
		if (signal.aborted) throw new ShareError('cancelled');
		return;
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', stop);
	}
	if (length !== null && Number(length) !== size) throw new ShareError('upload-incomplete');
}

function address(url: URL): string {
	try {
		return upstreamUrl(url.href);
	} catch (thrown) {
		throw new ShareError('slot-invalid', { cause: thrown, detail: { host: url.host } });
	}
}
