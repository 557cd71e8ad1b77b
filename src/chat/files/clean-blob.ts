import { loadOnce } from '../../core/async/load-once.ts';
import type { FilePart } from '../../core/formats/file-part.ts';
import { sourceOfBlob } from '../../media/keep-file.ts';

/** Few files are movies or sound. */
const loadPlans = loadOnce(async () => ({
	...(await import('../../core/formats/clean-media.ts')),
	...(await import('../../core/formats/tables/plan-table.ts')),
}));

/**
 * A movie or a sound without what it tells of its making, for the type that its first bytes say, and with an empty place for a table
 * of tags if it needs one; undefined for what cannot be cleaned. Nothing of it is copied.
 */
export async function cleanBlob(file: Blob, type: string): Promise<Blob | undefined> {
	const { planCleanMedia, planTable } = await loadPlans();
	const clean = assemble(file, await planCleanMedia(sourceOfBlob(file), type));
	if (clean === undefined) return undefined;
	return assemble(clean, await planTable(sourceOfBlob(clean), type)) ?? clean;
}

function assemble(file: Blob, parts: readonly FilePart[] | undefined): Blob | undefined {
	if (parts === undefined) return undefined;
	return new Blob(
		parts.map((part) => (part instanceof Uint8Array ? part : file.slice(part.start, part.end))),
	);
}
