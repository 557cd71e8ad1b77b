import { asMediaError, MediaError } from '../../core/errors.ts';
import { savePath } from '../../core/http/media-path.ts';
import type { SaveMode } from '../../vault/save-tokens.ts';
import type { Vault } from '../../vault/vault.ts';
import { isComplete } from './media-item.ts';
import type { MediaItems } from './media-items.ts';
import type { PageDownloads } from './page-downloads.ts';
import { navigateHidden, saveBlob } from './save-media.ts';

/** Saving files to the device. */
export interface MediaSaving {
	/** Verifies, then saves; `name`: as its sender calls it, if that is known better than by its address. */
	save(id: string, name?: string): Promise<void>;
	/** Saves while loading; the last part waits for the tag. */
	saveWhileLoading(id: string, name?: string): Promise<void>;
}

export function createMediaSaving({
	vault,
	items,
	downloads,
	keep,
}: {
	vault: Pick<Vault, 'durable' | 'media' | 'saves'>;
	items: MediaItems;
	downloads: Pick<PageDownloads, 'start'>;
	/** has the worker verify and keep all of it */
	keep(id: string): void;
}): MediaSaving & {
	/** The status of an item has changed, or it is gone. */
	statusChanged(id: string): void;
} {
	const waiting = new Map<string, () => void>();

	/** Resolves once the item is verified and kept, and rejects with what keeps it from being so. */
	function verified(id: string): Promise<void> {
		return new Promise((resolve, reject) => {
			const look = () => {
				const status = items.find(id)?.status;
				const done = status !== undefined && isComplete(status);
				const error =
					status === undefined ? 'cancelled' : status.verifying ? undefined : status.error;
				const stopped = started && status?.verifying === false;
				started ||= status?.verifying === true;
				if (!done && error === undefined && !stopped) return;
				waiting.delete(id);
				if (done) resolve();
				else reject(new MediaError(error ?? 'cancelled'));
			};
			let started = false;
			waiting.set(id, look);
			keep(id);
			const known = items.find(id)?.status;
			if (known !== undefined && isComplete(known)) look();
		});
	}

	/** From now on it is called so: whoever answers the save reads it. */
	async function call(id: string, name: string | undefined): Promise<void> {
		if (name === undefined || items.find(id)?.name === name) return;
		items.change(id, { name });
		if (vault.durable) await vault.media.patch(id, { name }).catch(() => undefined);
	}

	async function start(id: string, mode: SaveMode): Promise<void> {
		navigateHidden(savePath(id, await vault.saves.issue(id, mode)));
		items.change(id, { save: { step: 'started' } });
	}

	return {
		statusChanged: (id) => waiting.get(id)?.(),
		async save(id, name) {
			await call(id, name);
			const item = items.find(id);
			if (item?.save?.step === 'checking') return;
			if (item?.local !== undefined) return saveBlob(item.local, item.name);
			// The worker could not find the token for a save: this page does it.
			if (!vault.durable) {
				const local = (await downloads.start(id)) ? items.find(id)?.local : undefined;
				if (local !== undefined) saveBlob(local, items.find(id)?.name ?? 'file');
				return;
			}
			items.change(id, { save: { step: 'checking' } });
			try {
				await verified(id);
				await start(id, 'verified');
			} catch (thrown) {
				const { code } = asMediaError(thrown);
				const step = code === 'storage-full' ? 'too-large' : 'failed';
				items.change(id, { save: code === 'cancelled' ? undefined : { step } });
			}
		},
		async saveWhileLoading(id, name) {
			await call(id, name);
			await start(id, 'streamed');
		},
	};
}
