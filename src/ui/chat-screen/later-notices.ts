import { getOwner, onCleanup, runWithOwner } from 'solid-js';
import type { MessengerState } from '../../chat/model/messenger-state.ts';
import { loadOnce } from '../../core/async/load-once.ts';
import { nameOf } from '../parts/name-of.ts';
import { NOTICE_WORDS } from './words.ts';

const loadNotices = loadOnce(() => import('../../chat/notify/notices.ts'));

/** `notifyOfMessages`, once its code is loaded; there are no notifications of messages that come before that. */
export function notifyLater(state: MessengerState, open: (jid: string) => void): void {
	const owner = getOwner();
	let isOver = false;
	onCleanup(() => {
		isOver = true;
	});
	const words = { ...NOTICE_WORDS, nameOf: (jid: string) => nameOf(state, jid) };
	loadNotices().then(
		({ notifyOfMessages }) => {
			if (!isOver) runWithOwner(owner, () => notifyOfMessages(state, words, open));
		},
		() => undefined,
	);
}

/** Takes away what is left in sight of an account that is left, also by pages that have gone. */
export async function closeNotices(): Promise<void> {
	await (await loadNotices()).closeNotices();
}
