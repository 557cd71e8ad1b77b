import { cleanupOutdatedCaches, PrecacheController } from 'workbox-precaching';
import { MEDIA_PREFIX, parseMediaPath } from '../src/core/http/media-path.ts';
import { openWorkerVault } from '../src/vault/worker-vault.ts';
import { toApp } from './notification.ts';
import { createPageMessages } from './page-messages.ts';
import { createPages } from './pages.ts';
import { scope } from './scope.ts';
import { serveMedia } from './serve-media.ts';
import { SHARE_PATH, takeShare } from './share-target.ts';
import { createStreamedFiles } from './streamed-files.ts';

declare const self: { readonly __WB_MANIFEST: { url: string; revision: string | null }[] };

const vault = openWorkerVault();
const pages = createPages();
const files = createStreamedFiles(vault, pages);
const app = new PrecacheController();
const onPageMessage = createPageMessages(files, pages);
void vault.then(({ onErased }) => onErased(() => void onPageMessage({ kind: 'forget-all' })));

scope.addEventListener('fetch', (event) => {
	const url = new URL(event.request.url);
	if (url.origin !== scope.location.origin) return;
	if (url.pathname === SHARE_PATH && event.request.method === 'POST')
		return event.respondWith(takeShare(event.request, vault));
	if (!url.pathname.startsWith(MEDIA_PREFIX)) return serveApp(event, url);
	const id = parseMediaPath(url.pathname);
	event.respondWith(serveMedia(event.request, id, { vault, files }));
});

/** Answers with what came with this version, whatever is asked of it in the URL; the rest goes to the network. */
function serveApp(event: FetchEvent, { origin, pathname }: URL): void {
	const { request } = event;
	const cacheKey = app.getCacheKeyForURL(origin + pathname.replace(/\/$/, '/index.html'));
	if (request.method !== 'GET' || cacheKey === undefined) return;
	const integrity = app.getIntegrityForCacheKey(cacheKey);
	const params = { cacheKey, ...(integrity === undefined ? {} : { integrity }) };
	event.respondWith(app.strategy.handle({ event, request, params }));
}

scope.addEventListener('message', (event) => {
	// workbox-window's word for: the user agreed to the new version
	if ((event.data as { type?: unknown } | null)?.type === 'SKIP_WAITING')
		event.waitUntil(scope.skipWaiting());
	else event.waitUntil(onPageMessage(event.data));
});

scope.addEventListener('notificationclick', (event) => event.waitUntil(toApp(event.notification)));

scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));

cleanupOutdatedCaches();
app.precache(self.__WB_MANIFEST);
