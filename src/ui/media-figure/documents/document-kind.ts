import type { MediaItem } from '../../../chat/files/media-item.ts';
import { isHidden } from '../media-source.ts';

/** How a document can be read here. */
export type DocumentKind = 'pdf' | 'text';

/** Bytes of the largest one that is read: all of it is held in memory. */
const MOST: Record<DocumentKind, number> = { pdf: 64 * 2 ** 20, text: 16 * 2 ** 20 };
/** What the first bytes of a file are called, see media-type.ts. Markup is shown as it is written. */
const KINDS: Partial<Record<string, DocumentKind>> = {
	'PDF document': 'pdf',
	Text: 'text',
	'XML document': 'text',
	'HTML page': 'text',
};

/** How a file can be read here, by its first bytes and its size; undefined if it cannot. */
export function documentKindOf(item: MediaItem): DocumentKind | undefined {
	const { label, size = 0 } = item.status;
	const kind = isHidden(item) ? undefined : KINDS[label ?? ''];
	return kind !== undefined && size <= MOST[kind] ? kind : undefined;
}
