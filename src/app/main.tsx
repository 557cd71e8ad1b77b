import { createSignal } from 'solid-js';
import { render } from 'solid-js/web';
import { makeMediaLibrary } from '../chat/media-library.ts';
import '../ui/tokens.css';
import { Shell } from '../ui/shell/shell.tsx';
import { openVault } from '../vault/vault.ts';
import { registerServiceWorker } from './service-worker.ts';
import { installTrustedTypes } from './trusted-types.ts';

installTrustedTypes();
// Whatever came in the page's own address has been to a server: it is not read, and not kept.
if (location.search !== '' || location.hash !== '') history.replaceState(null, '', '/');

const [update, setUpdate] = createSignal<() => void>();
void registerServiceWorker((install) => setUpdate(() => install));

const root = document.getElementById('app');
if (root !== null) {
	const library = makeMediaLibrary(await openVault());
	render(() => <Shell library={library} update={update} />, root);
}
