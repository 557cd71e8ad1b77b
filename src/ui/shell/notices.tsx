import { createSignal, type JSX, Show } from 'solid-js';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { createOnline } from '../parts/create-online.ts';
import { Icon } from '../parts/icon.tsx';

/** Notices of the whole page: no network, no worker, nothing kept, a new version; and those of the account, if given. */
export function Notices(props: {
	library: MediaLibrary;
	update: () => (() => void) | undefined;
	children?: JSX.Element;
}) {
	const online = createOnline();
	const [later, setLater] = createSignal(false);
	return (
		<div class="notices" aria-live="polite">
			<Show when={!online()}>
				<p class="notice" data-testid="offline">
					<Icon name="offline" size={18} /> You're offline. What is saved on this device still
					opens.
				</p>
			</Show>
			{props.children}
			<Show when={props.library.state.worker === 'absent'}>
				<p class="notice" data-testid="no-worker">
					Files can't open here automatically yet. If this stays (after a hard reload, or in some
					private windows), reload the page, or download and verify files one by one.
				</p>
			</Show>
			<Show when={props.library.state.forgetful}>
				<p class="notice" data-testid="forgetful">
					This browser doesn't let Balcony store anything. Everything is gone when you close the
					page.
				</p>
			</Show>
			<Show when={later() ? undefined : props.update()}>
				{(reload) => (
					<p class="notice update" data-testid="update">
						A new version is ready.
						<span class="notice-buttons">
							<button type="button" class="notice-button" onClick={() => reload()()}>
								Reload
							</button>
							<button type="button" class="notice-button" onClick={() => setLater(true)}>
								Later
							</button>
						</span>
					</p>
				)}
			</Show>
		</div>
	);
}
