import { createSignal, Show } from 'solid-js';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { Icon } from '../parts/icon.tsx';

/** New messages can't be kept: until there is room, nothing more is received. */
export function StorageNotice(props: { state: MessengerState; onStorage: () => void }) {
	return (
		<Show when={props.state.storage === 'full'}>
			<p class="notice bad" data-testid="storage-full">
				<Icon name="altered" size={18} />
				<span class="notice-text">
					There's no room on this device. New messages can't be saved until you free some space.
				</span>
				<span class="notice-buttons">
					<button
						type="button"
						class="notice-button"
						data-testid="free-space"
						onClick={() => props.onStorage()}
					>
						Free space
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
				<span class="notice-text">
					Your server's message archive could not be read to the end. Some older messages may be
					missing.
				</span>
				<span class="notice-buttons">
					<button type="button" class="notice-button" onClick={() => setRead(true)}>
						OK
					</button>
				</span>
			</p>
		</Show>
	);
}
