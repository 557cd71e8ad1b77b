import { createSignal } from 'solid-js';

/** The event by which Chromium offers to install the app (https://wicg.github.io/manifest-incubations/). */
interface InstallOffer extends Event {
	prompt(): Promise<unknown>;
}

const [offer, setOffer] = createSignal<InstallOffer>();

/** Asks the browser to install the app; undefined where it does not offer that. */
export const installOffer = offer;

/** Keeps the browser's offer, which comes once, for when it is wanted; to be called at the start. */
export function keepInstallOffer(): void {
	addEventListener('beforeinstallprompt', (event) => {
		event.preventDefault();
		setOffer(() => event as InstallOffer);
	});
	addEventListener('appinstalled', () => setOffer(undefined));
}

export function isInstalled(): boolean {
	return matchMedia('(display-mode: standalone)').matches;
}

/** Where one adds to the home screen by hand: only there has the browser this word. */
export function isOnIos(): boolean {
	return 'standalone' in navigator;
}
