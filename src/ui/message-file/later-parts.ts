import { later } from '../parts/later.tsx';

/** How far a file of ours has come. */
export const SharingLine = later(
	'line',
	async () => (await import('../share/share-progress.tsx')).SharingLine,
);
