import { MediaError } from '../../core/errors.ts';
import type { PageMessage } from '../../core/http/page-messages.ts';
import { parseAesgcmUri } from '../../core/links/aesgcm-uri.ts';
import type { FileLink } from '../../core/links/media-message.ts';
import type { MediaRecord } from '../../vault/media-record.ts';
import type { Vault } from '../../vault/vault.ts';
import type { LoadLimits } from './load-limits.ts';
import { itemOf, type MediaItem } from './media-item.ts';
import type { MediaItems } from './media-items.ts';
import { ownFileItem } from './own-file-item.ts';

/** Taking files into the library. */
export interface MediaOpening {
	/**
	 * Opens a link for an account or LINKS; its id. With a `limit`, in bytes, its size is asked for first, and what is larger
	 * waits until it is activated. Throws MediaError `uri-invalid`.
	 */
	open(link: FileLink, owner: string, limit?: number): Promise<string>;
	/**
	 * Shows an item of the vault to its account, from its file as long as there is one; false if it is no more, or not of that
	 * account. To be called for what a message of the account names: an old record that has no owner is that account's then.
	 */
	adopt(id: string, account: string, file?: Blob): Promise<boolean>;
}

export function createMediaOpening({
	vault,
	items,
	records,
	limits,
	settings,
	isShown,
	isRemoved,
	erasures,
	send,
}: {
	vault: Pick<Vault, 'media'>;
	items: MediaItems;
	records: Map<string, MediaRecord>;
	limits: Pick<LoadLimits, 'set'>;
	settings: { askToPersist(): Promise<void> };
	/** Whether files of that owner may be shown now. */
	isShown(owner: string | undefined): boolean;
	/** It was removed since the page began. */
	isRemoved(id: string): boolean;
	/** How often everything was erased. */
	erasures(): number;
	send(message: PageMessage): void;
}): MediaOpening {
	const { state } = items;
	return {
		async open({ uri, thumbnail }, owner, limit) {
			const before = erasures();
			const record = await vault.media.add(parseAesgcmUri(uri), owner, limit);
			// It was erased while it was written down.
			if (before !== erasures()) {
				await vault.media.remove(record.id);
				throw new MediaError('cancelled');
			}
			records.set(record.id, record);
			// Its account is left: it is shown the next time.
			if (!isShown(owner)) return record.id;
			if (limit !== undefined) limits.set(record.id, limit);
			send({ kind: 'prime', id: record.id });
			const isMeasured = limit !== undefined && state.worker !== 'absent';
			items.add({ ...itemOf(record, owner, limit === undefined, thumbnail), isMeasured });
			void settings.askToPersist().catch(() => undefined);
			return record.id;
		},
		async adopt(id, owner, file) {
			const known = items.find(id);
			if (known !== undefined) return known.owner === owner;
			const record = await vault.media.get(id);
			if (record === undefined || (record.owner ?? owner) !== owner) return false;
			// Without room for it, it is written down the next time.
			if (record.owner === undefined) await vault.media.own(id, owner).catch(() => undefined);
			// Ours, while they are on their way; what was opened earlier waits until it is asked for, or is here already.
			const item = itemOf(record, owner, record.url === '');
			/** Others may have been shown it meanwhile, or its account was left. */
			const show = (made: MediaItem) => {
				if (!isShown(owner) || isRemoved(id)) return false;
				if (items.find(id) === undefined) items.add(made);
				return true;
			};
			if (file === undefined) {
				const isTaken = show(item);
				if (isTaken && record.url !== '') send({ kind: 'watch', id });
				return isTaken;
			}
			const own = await ownFileItem(item, file);
			// It is gone, or has changed: its message will say so.
			if (own === undefined) return false;
			const isTaken = show(own);
			if (items.find(id)?.local !== own.local) URL.revokeObjectURL(own.local);
			return isTaken;
		},
	};
}
