import { createSignal, type JSX, Show } from 'solid-js';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { createOnline } from '../parts/create-online.ts';
import { Icon } from '../parts/icon.tsx';
import { WORDS } from './words.ts';

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
					<Icon name="offline" size={18} /> {WORDS.offline}
				</p>
			</Show>
			{props.children}
			<Show when={props.library.state.worker === 'absent'}>
				<p class="notice" data-testid="no-worker">
					{WORDS.noWorker}
				</p>
			</Show>
			<Show when={props.library.state.forgetful}>
				<p class="notice" data-testid="forgetful">
					{WORDS.forgetful}
				</p>
			</Show>
			<Show when={later() ? undefined : props.update()}>
				{(reload) => (
					<p class="notice update" data-testid="update">
						{WORDS.update}
						<span class="notice-buttons">
							<button type="button" class="notice-button" onClick={() => reload()()}>
								{WORDS.reload}
							</button>
							<button type="button" class="notice-button" onClick={() => setLater(true)}>
								{WORDS.later}
							</button>
						</span>
					</p>
				)}
			</Show>
		</div>
	);
}
