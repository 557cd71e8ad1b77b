import { createEffect, onCleanup } from 'solid-js';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { tabTitle } from './words.ts';

/** Shows how much is unread in the tab's title and on the icon of the home screen; unknown people do not count. */
export function showUnread(state: Pick<MessengerState, 'conversations'>): void {
	const show = (count: number) => {
		document.title = tabTitle(count);
		// Not everywhere, and never important.
		void navigator.setAppBadge?.(count).catch(() => undefined);
	};
	createEffect(() => {
		const chats = state.conversations.filter(({ isRequest }) => isRequest !== true);
		show(chats.reduce((sum, { unread }) => sum + unread, 0));
	});
	onCleanup(() => show(0));
}
