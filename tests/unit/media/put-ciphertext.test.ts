import { afterEach, expect, it, vi } from 'vitest';
import { putCiphertext } from '../../../src/media/put-ciphertext.ts';

const at = new URL('https://upload.example/f');

/** An upload that the host answers well at once. */
class Request {
	upload = {};
	isAborted = false;
	onprogress: (event: { loaded: number }) => void = () => undefined;
	status = 201;
	responseText = '';
	onload: () => void = () => undefined;
	open() {}
	setRequestHeader() {}
	abort() {
		this.isAborted = true;
	}
	send() {
		this.onload();
	}
}

afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

it('a host that takes all and never says how much it has holds nothing up', async () => {
	vi.useFakeTimers();
	vi.stubGlobal('XMLHttpRequest', Request);
	vi.stubGlobal(
		'fetch',
		(_: string, { signal }: { signal: AbortSignal }) =>
			new Promise((_resolve, reject) => {
				signal.addEventListener('abort', () => reject(signal.reason));
			}),
	);
	const target = { put: at, get: at, headers: {} };
	const { signal } = new AbortController();
	let isDone = false;
	const put = putCiphertext(target, new Blob(['abc']), { signal, onProgress: () => undefined });
	void put.then(() => {
		isDone = true;
	});
	await vi.advanceTimersByTimeAsync(60_000);
	expect(isDone).toBe(true);
});

it('what a host says is waited for as long as it is short, and shown without its markup', async () => {
	const requests: Request[] = [];
	class Refusal extends Request {
		override status = 413;
		override responseText = '<'.repeat(100_000);
		override send() {
			requests.push(this);
			this.onprogress({ loaded: 1000 });
			this.onprogress({ loaded: 100_000 });
		}
	}
	vi.stubGlobal('XMLHttpRequest', Refusal);
	const { signal } = new AbortController();
	const put = putCiphertext({ put: at, get: at, headers: {} }, new Blob(['abc']), {
		signal,
		onProgress: () => undefined,
	});
	const text = '<'.repeat(200);
	await expect(put).rejects.toMatchObject({ code: 'too-large', detail: { status: 413, text } });
	expect(requests.map(({ isAborted }) => isAborted)).toEqual([true]);
});
