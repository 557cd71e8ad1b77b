import { Show } from 'solid-js';
import { kindOf, type MediaItem } from '../../chat/media-item.ts';
import type { MediaLibrary } from '../../chat/media-library.ts';
import { isHidden } from '../media-figure/media-source.ts';
import { badge, stateText } from '../media-figure/state-text.ts';

/** What an item that is shown is doing, and what can be done about it; nothing where all is well. */
export function ViewerNote(props: { item: MediaItem; library: MediaLibrary }) {
	const note = (): { text: string; label?: string; work?: () => unknown } | undefined => {
		const { item, library } = props;
		const { id, status, save } = item;
		const text = stateText(item, kindOf(item));
		if (save?.step === 'too-large')
			return {
				text: 'This file does not fit on this device.',
				label: 'Save while loading',
				work: () => library.saveWhileLoading(id),
			};
		if (isHidden(item) || !item.active) return undefined;
		const isSaving = save?.step === 'checking' && status.state !== 'verified';
		if (status.verifying || isSaving)
			return { text, label: 'Cancel', work: () => library.cancel(id) };
		if (status.state === 'unverified')
			return { text: badge(item), label: 'Verify now', work: () => library.verify(id) };
		return status.state === 'loading' || save !== undefined ? { text } : undefined;
	};
	return (
		<Show when={note()}>
			{(found) => (
				<p class="viewer-note" data-testid="viewer-note">
					{found().text}
					<Show when={found().label}>
						<button type="button" class="notice-button" onClick={() => found().work?.()}>
							{found().label}
						</button>
					</Show>
				</p>
			)}
		</Show>
	);
}
