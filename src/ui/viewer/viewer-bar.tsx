import { Show } from 'solid-js';
import type { MediaItem } from '../../chat/files/media-item.ts';
import { isHidden } from '../media-figure/media-source.ts';
import { formatTime } from '../parts/format.ts';
import type { Slide } from './gallery.ts';
import { ViewerButton } from './viewer-button.tsx';
import { WORDS } from './words.ts';

/** Whose picture it is, and what can be done with it. */
export function ViewerBar(props: {
	slide: Slide | undefined;
	item: MediaItem | undefined;
	name: string;
	/** Shows the message that it is of. */
	onShow: (() => void) | undefined;
	onSave: (id: string) => unknown;
	onRemove: (id: string) => void;
	onClose: () => void;
}) {
	return (
		<header class="viewer-bar">
			<div class="viewer-title">
				<bdi class="viewer-from">{props.slide?.from}</bdi>
				<span class="viewer-facts">
					{formatTime(props.slide?.time ?? 0)}
					<Show when={props.name}>
						{' · '}
						<bdi>{props.name}</bdi>
					</Show>
				</span>
			</div>
			<Show when={props.onShow}>
				{(onShow) => (
					<ViewerButton
						icon="conversation"
						label={WORDS.show}
						testid="viewer-show"
						onPress={() => onShow()()}
					/>
				)}
			</Show>
			<Show when={props.item} keyed>
				{(found) => (
					<>
						<Show when={!isHidden(found)}>
							<ViewerButton
								icon="save"
								label={WORDS.save}
								testid="viewer-save"
								onPress={() => props.onSave(found.id)}
							/>
						</Show>
						<ViewerButton
							icon="remove"
							label={WORDS.remove}
							testid="viewer-remove"
							onPress={() => props.onRemove(found.id)}
						/>
					</>
				)}
			</Show>
			<ViewerButton
				icon="cancel"
				label={WORDS.close}
				testid="viewer-close"
				onPress={props.onClose}
			/>
		</header>
	);
}
