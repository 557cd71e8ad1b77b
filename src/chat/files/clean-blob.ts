import { loadOnce } from '../../core/async/load-once.ts';
import type { FilePart } from '../../core/formats/file-part.ts';
import { MAX_WITHOUT_TABLE } from '../../core/formats/tables/table-size.ts';
import { sourceOfBlob } from '../../media/keep-file.ts';

/** Few files are movies or sound. */
const loadPlans = loadOnce(async () => ({
	...(await import('../../core/formats/clean-media.ts')),
	...(await import('../../core/formats/tables/plan-table.ts')),
}));

/**
 * A movie or a sound without what it tells of its making, for the type that its first bytes say; undefined for what cannot be
 * cleaned. Nothing of it is copied.
 */
export async function cleanBlob(file: Blob, type: string): Promise<Blob | undefined> {
	const { planCleanMedia } = await loadPlans();
	return assemble(file, await planCleanMedia(sourceOfBlob(file), type));
}

/** A cleaned movie or sound with an empty place for a table of tags, if it needs one, can have one, and stays below `most` bytes. */
export async function withTablePlace(clean: Blob, type: string, most?: number): Promise<Blob> {
	if (clean.size <= MAX_WITHOUT_TABLE) return clean;
	const { planTable } = await loadPlans();
	const placed = assemble(clean, await planTable(sourceOfBlob(clean), type)) ?? clean;
	return placed.size <= (most ?? placed.size) ? placed : clean;
}

function assemble(file: Blob, parts: readonly FilePart[] | undefined): Blob | undefined {
	if (parts === undefined) return undefined;
	return new Blob(
		parts.map((part) => (part instanceof Uint8Array ? part : file.slice(part.start, part.end))),
	);
}
