import { loadOnce } from '../../core/async/load-once.ts';
import { later } from '../parts/later.tsx';

const loadViewers = loadOnce(() => import('./viewers.ts'));

export const LaterViewer = later('over', async () => (await loadViewers()).Viewer);
export const LaterConversationViewer = later(
	'over',
	async () => (await loadViewers()).ConversationViewer,
);
