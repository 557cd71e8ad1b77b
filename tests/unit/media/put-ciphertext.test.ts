import { afterEach, expect, it, vi } from 'vitest';
import { putCiphertext } from '../../../src/media/put-ciphertext.ts';

const at = new URL('https://upload.example/f');

/** An upload that the host answers well at once. */
class Request {
	upload = {};
	status = 201;
	responseText = '';
	onload: () => void = () => undefined;
	open() {}
	setRequestHeader() {}
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
