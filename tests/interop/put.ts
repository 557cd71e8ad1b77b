import { ShareError } from '../../src/core/share-error.ts';
import type { PutCiphertext } from '../../src/media/put-ciphertext.ts';
import { upstreamUrl } from '../../src/media/upstream-url.ts';

/** Uploads as a page does, in Node, which has no XMLHttpRequest; `before` may break it. */
export function nodePut(before: (size: number) => void = () => undefined): PutCiphertext {
	return async ({ put, headers }, body, { signal, onProgress }) => {
		before(body.size);
		const response = await fetch(upstreamUrl(put.href), {
			method: 'PUT',
			headers: { ...headers, 'Content-Type': 'application/octet-stream' },
			body,
			signal,
		}).catch((thrown: unknown) => {
			throw new ShareError(signal.aborted ? 'cancelled' : 'network', { cause: thrown });
		});
		if (!response.ok)
			throw new ShareError('upload-refused', { detail: { status: response.status } });
		onProgress(body.size);
	};
}
