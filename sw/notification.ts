import { scope } from './scope.ts';

/** A notice was pressed: leads to the app, where it is open or anew. */
export async function toApp(notice: Notification): Promise<void> {
	notice.close();
	const [page] = await scope.clients.matchAll({ type: 'window' });
	await (page === undefined ? scope.clients.openWindow('./') : page.focus());
}
