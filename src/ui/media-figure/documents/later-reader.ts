import { later } from '../../parts/later.tsx';

export const DocumentReader = later(
	'over',
	async () => (await import('./document-reader.tsx')).DocumentReader,
);
