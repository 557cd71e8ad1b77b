import { putCiphertext } from '../../../src/media/put-ciphertext.ts';

/** How an upload of so many bytes ends: `done`, or what is said of the failure. */
async function put(url: string, size: number, cancelAfter: number): Promise<unknown> {
	const target = new URL(url);
	target.protocol = 'https:';
	const abort = new AbortController();
	let sent = 0;
	try {
		await putCiphertext(
			{ put: target, get: target, headers: { Authorization: 'Bearer token' } },
			new Blob([new Uint8Array(size)]),
			{
				signal: abort.signal,
				onProgress(bytes) {
					sent = bytes;
					if (cancelAfter > 0 && sent >= cancelAfter) abort.abort();
				},
			},
		);
		return { code: 'done', sent };
	} catch (thrown) {
		const { code, detail } = thrown as { code: string; detail: { status?: number; text?: string } };
		return { code, status: detail.status, text: detail.text };
	}
}

Object.assign(globalThis, { put });
