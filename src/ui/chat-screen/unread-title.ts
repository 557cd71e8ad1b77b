import { createEffect, onCleanup } from 'solid-js';
import type { MessengerState } from '../../chat/messenger/messenger.ts';

const TITLE = 'Balcony';

/** How much is unread, in the tab's title and on the icon of the home screen. */
export function showUnread(state: Pick<MessengerState, 'conversations'>): void {
	const show = (count: number) => {
		document.title = count === 0 ? TITLE : `(${count}) ${TITLE}`;
		// Not everywhere, and never important.
		void navigator.setAppBadge?.(count).catch(() => undefined);
	};
	createEffect(() => show(state.conversations.reduce((sum, { unread }) => sum + unread, 0)));
	onCleanup(() => show(0));
}
