import { onCleanup, Show } from 'solid-js';
import type { MediaLibrary } from '../../chat/files/media-library.ts';
import './removal-note.css';

/** Says that a file was removed from this device, as long as it can be brought back. */
export function RemovalNote(props: {
	library: MediaLibrary;
	/** The button that was pressed is gone. */
	onUndone: () => void;
}) {
	const count = () => props.library.state.items.filter(({ isLeaving }) => isLeaving).length;
	const hold = (isHeld: boolean) => () => props.library.removing.hold(isHeld);
	// A note that goes, as with the viewer that it is in, is not told that the pointer or the focus has left it.
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
					{count() === 1 ? 'Removed from this device' : `${count()} files removed from this device`}
					<button
						type="button"
						data-testid="undo"
						onClick={() => {
							props.library.removing.undo();
							props.onUndone();
						}}
					>
						Undo
					</button>
				</p>
			</Show>
		</div>
	);
}
