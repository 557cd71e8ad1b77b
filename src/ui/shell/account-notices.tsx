import { createSignal, Show } from 'solid-js';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { Icon } from '../parts/icon.tsx';
import { WORDS } from './words.ts';

/** New messages can't be kept: until there is room, nothing more is received. */
export function StorageNotice(props: { state: MessengerState; onStorage: () => void }) {
	return (
		<Show when={props.state.storage === 'full'}>
			<p class="notice bad" data-testid="storage-full">
				<Icon name="altered" size={18} />
				<span class="notice-text">{WORDS.storageFull}</span>
				<span class="notice-buttons">
					<button
						type="button"
						class="notice-button"
						data-testid="free-space"
						onClick={() => props.onStorage()}
					>
						{WORDS.freeSpace}
					</button>
				</span>
			</p>
		</Show>
	);
}

/** What comes waits for a part of the app that could not be loaded, as after an update. */
export function ReloadNotice(props: { state: MessengerState }) {
	return (
		<Show when={props.state.needsReload}>
			<p class="notice bad" data-testid="needs-reload">
				<Icon name="altered" size={18} />
				<span class="notice-text">{WORDS.needsReload}</span>
				<span class="notice-buttons">
					<button type="button" class="notice-button" onClick={() => location.reload()}>
						{WORDS.reload}
					</button>
				</span>
			</p>
		</Show>
	);
}

/** The archive gave up in the middle. Not an alarm: new messages still arrive. */
export function ArchiveNotice(props: { state: MessengerState }) {
	const [isRead, setRead] = createSignal(false);
	return (
		<Show when={props.state.missing.includes('archive-stuck') && !isRead()}>
			<p class="notice" data-testid="archive-stuck">
				<span class="notice-text">{WORDS.archiveStuck}</span>
				<span class="notice-buttons">
					<button type="button" class="notice-button" onClick={() => setRead(true)}>
						{WORDS.ok}
					</button>
				</span>
			</p>
		</Show>
	);
}
