import { asMediaError } from '../src/core/errors.ts';
import { type PageMessage, parsePageMessage } from '../src/core/http/page-messages.ts';
import type { StreamedFile } from '../src/media/streamed-file.ts';
import type { Pages, StreamedFiles } from './streamed-files.ts';

/** Does what a page asks; resolves when it is done, and never rejects. What is not a message of ours is ignored. */
export function createPageMessages(files: StreamedFiles, pages: Pages) {
	const verifications = new Map<string, AbortController>();

	async function askedFor(id: string): Promise<StreamedFile> {
		const file = await files.get(id);
		await file.asked();
		return file;
	}

	async function verify(id: string, keep: boolean): Promise<void> {
		if (verifications.has(id)) return;
		const abort = new AbortController();
		verifications.set(id, abort);
		try {
			await (await askedFor(id)).verify(abort.signal, { keep });
		} finally {
			verifications.delete(id);
		}
	}

	async function act(message: PageMessage): Promise<void> {
		switch (message.kind) {
			case 'ping':
				return;
			case 'forget-all':
				for (const abort of verifications.values()) abort.abort();
				return files.forgetAll();
			case 'forget':
				verifications.get(message.id)?.abort();
				return files.forget(message.id);
			case 'cancel':
				verifications.get(message.id)?.abort();
				return;
			case 'verify':
				return verify(message.id, false);
			case 'keep':
				return verify(message.id, true);
			case 'prime':
				return (await files.get(message.id)).prime();
			case 'load':
				return (await askedFor(message.id)).prime();
			case 'retry':
				return (await askedFor(message.id)).retry();
			case 'watch': {
				const file = await files.get(message.id);
				pages.send({ kind: 'status', status: file.status() });
			}
		}
	}

	return async (data: unknown): Promise<void> => {
		let message: PageMessage;
		try {
			message = parsePageMessage(data);
		} catch {
			return;
		}
		try {
			await act(message);
		} catch (thrown) {
			const error = asMediaError(thrown);
			if ('id' in message && error.code !== 'cancelled') files.failed(message.id, error);
		}
	};
}
