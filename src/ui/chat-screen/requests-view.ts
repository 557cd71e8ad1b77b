import { type Accessor, createEffect, createSignal } from 'solid-js';

/** The state of the history's entry of the message requests. */
const REQUESTS = 'requests';

/** Whether the list shows the message requests in place of the chats. */
export interface RequestsView {
	readonly isShown: Accessor<boolean>;
	open(): void;
	close(): void;
	/** The browser went back or on; `isListShown`: no conversation is open. */
	popped(isListShown: boolean): void;
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
	/** it has an entry in the history, which is the present one or before that */
	let isPushed = history.state === REQUESTS;
	const [isWanted, setWanted] = createSignal(isPushed);
	const leave = () => {
		isPushed = false;
		setWanted(false);
		left();
	};
	const close = () => {
		if (history.state === REQUESTS) history.back();
		else leave();
	};
	// Otherwise the next request would open it.
	createEffect(() => {
		if (isWanted() && isLoaded() && isEmpty()) close();
	});
	return {
		isShown: () => isWanted() && !isEmpty(),
		open() {
			isPushed = matchMedia('(max-width: 720px)').matches;
			if (isPushed) history.pushState(REQUESTS, '');
			setWanted(true);
		},
		close,
		popped(isListShown) {
			if (history.state !== REQUESTS) {
				if (isPushed && isListShown) leave();
			} else if (isEmpty()) history.back();
			else {
				isPushed = true;
				setWanted(true);
			}
		},
	};
}
