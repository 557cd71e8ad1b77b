import { type Accessor, createEffect, createSignal } from 'solid-js';
import { createStepWhile, wasOpen } from '../parts/way-back.ts';

/** As it is known after a reload. */
const REQUESTS = 'requests';

/** Whether the list shows the message requests in place of the chats. */
export interface RequestsView {
	readonly isShown: Accessor<boolean>;
	open(): void;
	close(): void;
}

/**
 * On a phone it is a page of its own, which the phone's way back leads out of. Beside a conversation it is only another
 * list: the way back is that of the conversation then.
 */
export function createRequestsView({
	isLoaded,
	isEmpty,
	left,
}: {
	isLoaded: Accessor<boolean>;
	isEmpty: Accessor<boolean>;
	/** The chats are there again. */
	left(): void;
}): RequestsView {
	const [isWanted, setWanted] = createSignal(wasOpen(REQUESTS));
	const [isPage, setPage] = createSignal(isWanted());
	const close = () => {
		setWanted(false);
		left();
	};
	createStepWhile(REQUESTS, () => isWanted() && isPage(), close);
	// Otherwise the next request would open it.
	createEffect(() => {
		if (isWanted() && isLoaded() && isEmpty()) close();
	});
	return {
		isShown: () => isWanted() && !isEmpty(),
		open() {
			setPage(matchMedia('(max-width: 720px)').matches);
			setWanted(true);
		},
		close,
	};
}
