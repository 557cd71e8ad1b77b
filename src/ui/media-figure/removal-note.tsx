import { onCleanup, Show } from 'solid-js';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import { WORDS } from './words.ts';
import './removal-note.css';

/** Says that a file was removed from this device, as long as it can be brought back. */
export function RemovalNote(props: {
	library: MediaLibrary;
	/** The button that was pressed is gone. */
	onUndone: () => void;
}) {
	const count = () => props.library.state.items.filter(({ isLeaving }) => isLeaving).length;
	const hold = (isHeld: boolean) => () => props.library.removing.hold(isHeld);
	// A note that is removed, as with its viewer, gets no event when the pointer or the focus leaves it.
	const onShown = () => onCleanup(hold(false));
	return (
		<div class="removal-note" role="status" data-testid="removal-note">
			<Show when={count() > 0}>
				<p
					ref={onShown}
					onPointerEnter={hold(true)}
					onPointerLeave={hold(false)}
					onFocusIn={hold(true)}
					onFocusOut={hold(false)}
				>
					{WORDS.removed(count())}
					<button
						type="button"
						data-testid="undo"
						onClick={() => {
							props.library.removing.undo();
							props.onUndone();
						}}
					>
						{WORDS.undo}
					</button>
				</p>
			</Show>
		</div>
	);
}
