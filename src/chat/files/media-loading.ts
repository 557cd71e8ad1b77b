import type { PageMessage } from '../../core/http/page-messages.ts';
import type { MediaRecord } from '../../vault/media-record.ts';
import type { Vault } from '../../vault/vault.ts';
import type { LoadLimits } from './load-limits.ts';
import type { MediaItems } from './media-items.ts';
import type { PageDownloads } from './page-downloads.ts';

/** Loading the files that are shown. */
export interface MediaLoading {
	/** Lets an item load that was opened earlier. */
	activate(id: string): void;
	/** Somebody plays it, or seeks in it. */
	wanted(id: string): void;
	verify(id: string): void;
	cancel(id: string): void;
	retry(id: string): void;
	/** Downloads and verifies in the page, where no worker serves it. */
	downloadHere(id: string): Promise<void>;
}

export function createMediaLoading({
	vault,
	items,
	records,
	limits,
	downloads,
	send,
}: {
	vault: Pick<Vault, 'media'>;
	items: MediaItems;
	records: Map<string, MediaRecord>;
	limits: Pick<LoadLimits, 'drop'>;
	downloads: PageDownloads;
	send(message: PageMessage): void;
}): MediaLoading & {
	/** Somebody has asked for it: it loads whatever its size turns out to be. */
	ask(id: string): void;
} {
	function ask(id: string): void {
		limits.drop(id);
		items.change(id, { isUnasked: false, isMeasured: false });
		const known = records.get(id);
		if (known !== undefined) {
			const { unasked: _, ...record } = known;
			records.set(id, record);
		}
		// For a worker that is not there to hear of it.
		void vault.media.patch(id, {}, ['unasked']).catch(() => undefined);
	}

	function activate(id: string): void {
		ask(id);
		items.change(id, { active: true });
		send({ kind: 'load', id });
	}

	return {
		ask,
		activate,
		wanted(id) {
			if (items.find(id)?.isUnasked === true) activate(id);
		},
		verify(id) {
			ask(id);
			items.change(id, { active: true });
			send({ kind: 'verify', id });
		},
		cancel(id) {
			downloads.cancel(id);
			send({ kind: 'cancel', id });
		},
		retry(id) {
			ask(id);
			send({ kind: 'retry', id });
			send({ kind: 'prime', id });
			items.change(id, { active: true });
		},
		async downloadHere(id) {
			await downloads.start(id);
		},
	};
}
