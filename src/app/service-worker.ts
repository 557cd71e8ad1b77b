const WORKER = '/sw.js';

/**
 * Registers the worker. `onUpdate` gets what installs a waiting version, to be called with the user's consent;
 * the page then reloads once.
 */
export async function registerServiceWorker(
	onUpdate: (install: () => void) => void,
): Promise<void> {
	if (!('serviceWorker' in navigator)) return;
	try {
		// The first screen does not wait for it.
		const { Workbox } = await import('workbox-window');
		const workbox = new Workbox(WORKER);
		workbox.addEventListener('waiting', () =>
			onUpdate(() => {
				workbox.addEventListener('controlling', () => location.reload());
				workbox.messageSkipWaiting();
			}),
		);
		await workbox.register();
	} catch {
		// Private modes refuse workers: the page says so, and downloads files whole.
	}
}
