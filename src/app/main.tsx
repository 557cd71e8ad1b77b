import { createSignal } from 'solid-js';
import { render } from 'solid-js/web';
import { makeSession } from '../chat/account/account-session.ts';
import { makeMediaLibrary } from '../chat/files/media-library.ts';
import '../ui/tokens.css';
import { keepInstallOffer } from '../ui/conversation-list/install.ts';
import { Root } from '../ui/root/root.tsx';
import { openVault } from '../vault/vault.ts';
import { registerServiceWorker } from './service-worker.ts';
import { installTrustedTypes } from './trusted-types.ts';

declare const __LOOPBACK__: boolean;

installTrustedTypes();
keepInstallOffer();
// Left, and shown again as it was: its locks and its connection are gone, and it was told of neither.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
// A text in the page's own address has been to a server: it is not read, and not kept.
if (location.search !== '' || location.hash !== '') history.replaceState(null, '', '/');

const [update, setUpdate] = createSignal<() => void>();
void registerServiceWorker((install) => setUpdate(() => install));

const root = document.getElementById('app');
if (root !== null) {
	const vault = await openVault();
	const library = makeMediaLibrary(vault);
	const session = makeSession(vault, __LOOPBACK__, library);
	render(() => <Root session={session} library={library} update={update} />, root);
}
