import type { SegmentCipher } from '../core/crypto/gcm.ts';
import type { MediaRecord } from '../vault/media-record.ts';
import type { MediaPatch } from '../vault/media-records.ts';
import type { WorkerVault } from '../vault/worker-vault.ts';
import type { FileTable } from './find-table.ts';
import { type Cleared, type ItemEvent, type ItemState, reduceItem } from './item-state.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { Limits } from './limits.ts';
import type { SegmentBuffer } from './segment-buffer.ts';
import type { SegmentParts } from './segment-parts.ts';

export type ItemVault = Pick<
	WorkerVault,
	'durable' | 'media' | 'ledger' | 'segments' | 'previews' | 'settings'
>;

/** One item's state, and its record on the disk. */
export interface ItemStore {
	readonly state: ItemState;
	apply(event: ItemEvent): void;
	/** Changes the record here and on the disk. */
	patch(change: MediaPatch, cleared?: Cleared): Promise<void>;
	/** The verdict as any worker has written it down. */
	storedVerdict(): Promise<MediaRecord['verdict'] | undefined>;
}

/** An item and where its bytes are; its parts share it. */
export interface ItemContext {
	readonly id: string;
	readonly vault: ItemVault;
	readonly limits: Limits;
	readonly cipher: SegmentCipher;
	readonly item: ItemStore;
	readonly ledgerStore: LedgerStore;
	readonly buffer: SegmentBuffer;
	readonly parts: SegmentParts;
	/** the file's own table of tags, if it has one that is right */
	readonly table: FileTable | undefined;
	/** The status may have changed. */
	changed(): void;
}

export function makeItemStore(
	initial: ItemState,
	vault: Pick<WorkerVault, 'media'>,
	changed: () => void,
): ItemStore {
	let state = initial;
	const { id } = initial.record;
	return {
		get state() {
			return state;
		},
		apply(event) {
			state = reduceItem(state, event);
		},
		patch(change, cleared = []) {
			state = reduceItem(state, { kind: 'patched', change, cleared });
			changed();
			// A record that cannot be written costs a second look after the worker's death, nothing else.
			return vault.media.patch(id, change, cleared).catch(() => undefined);
		},
		async storedVerdict() {
			return (await vault.media.get(id).catch(() => undefined))?.verdict;
		},
	};
}
