import type { SealedText } from './media-record.ts';
import type { Table } from './table.ts';

/** Removes what is kept of the pictures of these items. */
export function removePreviews(table: Table<SealedText>, ids: readonly string[]): Promise<void> {
	return table.write(
		ids.map((key) => ({ key, value: undefined })),
		'relaxed',
	);
}
