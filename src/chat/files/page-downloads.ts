import { loadOnce } from '../../core/async/load-once.ts';
import { asMediaError, type MediaErrorCode } from '../../core/errors.ts';
import type { MediaStatus } from '../../core/http/page-messages.ts';
import type { MediaRecord } from '../../vault/media-record.ts';
import type { Vault } from '../../vault/vault.ts';
import type { MediaItems } from './media-items.ts';

/** It is the worker's; a page needs it only where there is none. */
const loadEngine = loadOnce(() => import('../../media/download-whole.ts'));

/** Downloads that are made in the page, where no worker serves it. */
export interface PageDownloads {
	/** Downloads, checks and keeps a file; false if that was not possible. */
	start(id: string): Promise<boolean>;
	cancel(id: string): void;
}

export function createPageDownloads(
	vault: Vault,
	items: MediaItems,
	records: ReadonlyMap<string, MediaRecord>,
): PageDownloads {
	const downloads = new Map<string, AbortController>();
	return {
		async start(id) {
			const record = records.get(id) ?? (await vault.media.get(id));
			if (record === undefined || downloads.has(id)) return false;
			const abort = new AbortController();
			downloads.set(id, abort);
			const status = (patch: Partial<MediaStatus>) => {
				const before = items.find(id)?.status;
				if (before !== undefined) items.setStatus({ ...before, ...patch });
			};
			status({ state: 'loading', verifying: true });
			try {
				const { downloadInPage } = await loadEngine();
				const blob = await downloadInPage(record, {
					signal: abort.signal,
					origin: vault,
					onProgress: (counted, size) =>
						status({ counted, ...(size === undefined ? {} : { size }) }),
				});
				if (items.find(id) === undefined) return false;
				items.change(id, { local: URL.createObjectURL(blob), file: blob, active: true });
				const { size, type } = blob;
				status({ state: 'verified', verifying: false, type, size, complete: true });
				return true;
			} catch (thrown) {
				const { code, detail } = asMediaError(thrown);
				if (code === 'cancelled') status({ state: 'idle', verifying: false });
				else status({ state: stateOfError(code), verifying: false, error: code, detail });
				return false;
			} finally {
				downloads.delete(id);
			}
		},
		cancel: (id) => downloads.get(id)?.abort(),
	};
}

function stateOfError(code: MediaErrorCode): MediaStatus['state'] {
	if (code === 'tampered' || code === 'expired') return code;
	return code === 'host-refused' ? 'blocked' : 'failed';
}
