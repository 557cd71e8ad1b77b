import type { Bytes } from '../core/bytes.ts';
import { usedTime } from '../core/clock.ts';
import type { Keyring } from './keyring.ts';
import type { MediaRecord, SealedText } from './media-record.ts';
import { removePreviews } from './preview-rows.ts';
import type { Table } from './table.ts';

/** Bytes that all of them may take: some five hundred. */
const LIMIT = 64 * 2 ** 20;
/** What is left of that once some had to make room. */
const SHARE_KEPT = 0.9;

/** Small copies of verified pictures, each sealed with its owner's key and bound to its item. */
export interface Previews {
	/** undefined, too, for what cannot be opened any more */
	get(id: string): Promise<Bytes | undefined>;
	/**
	 * Keeps one as long as its item is there; where no key can be kept, nothing is. The least recently used items' make room.
	 * Throws MediaError `storage-full` or `storage-unavailable`.
	 */
	put(id: string, bytes: Bytes): Promise<void>;
	remove(id: string): Promise<void>;
	clear(): Promise<void>;
}

/** `media`: the records, where it is written down how much each takes. */
export function createPreviews(parts: {
	readonly table: Table<SealedText>;
	readonly media: Table<MediaRecord>;
	readonly keyring: Pick<Keyring, 'of' | 'open'>;
	readonly limit?: number;
}): Previews {
	const { table, media, keyring, limit = LIMIT } = parts;
	/** bytes in all, but for what was removed since they were counted */
	let held: number | undefined;
	// A sealed link has the bare id, and must not pass for a picture.
	const boundTo = (id: string) => `preview ${id}`;
	/** Counts, and where there is too much drops what was used least recently; `keep` stays. */
	async function tidy(keep: string): Promise<void> {
		const records = (await media.all()).filter(({ preview = 0 }) => preview > 0);
		const count = () => records.reduce((sum, { preview = 0 }) => sum + preview, 0);
		held = count();
		if (held <= limit) return;
		const now = Date.now();
		records.sort((a, b) => usedTime(b.usedAt, now) - usedTime(a.usedAt, now));
		const dropped: string[] = [];
		while (records.length > 1 && count() > limit * SHARE_KEPT) {
			const [oldest] = records.splice(records.at(-1)?.id === keep ? -2 : -1, 1);
			if (oldest !== undefined) dropped.push(oldest.id);
		}
		await removePreviews(table, dropped);
		for (const id of dropped)
			await media.update(id, (before) => before && { ...before, preview: 0 });
		held = count();
	}

	return {
		async get(id) {
			const sealed = await table.get(id);
			if (sealed === undefined) return undefined;
			const { owner } = (await media.get(id)) ?? {};
			return keyring.open(owner, boundTo(id), sealed);
		},
		async put(id, bytes) {
			const { owner } = (await media.get(id)) ?? {};
			const sealed = await (await keyring.of(owner))?.sealBytes(boundTo(id), bytes);
			if (sealed === undefined) return;
			await table.write([{ key: id, value: sealed }], 'relaxed');
			const record = await media.update(
				id,
				(before) => before && { ...before, preview: bytes.length },
			);
			// The item went meanwhile, and its preview with it before this one came.
			if (record === undefined) return removePreviews(table, [id]);
			held = (held ?? limit) + bytes.length;
			if (held > limit) await tidy(id);
		},
		remove: (id) => removePreviews(table, [id]),
		clear: () => table.removeAll(),
	};
}
