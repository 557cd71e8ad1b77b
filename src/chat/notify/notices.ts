import { createEffect, onCleanup, untrack } from 'solid-js';
import { redactAesgcmUris } from '../../core/links/aesgcm-uri.ts';
import type { MessengerState } from '../model/messenger-state.ts';
import { newsSince } from './news.ts';

/** Whether this browser can tell of anything outside its page, and was allowed to. */
export function notifyPermission(): NotificationPermission | undefined {
	return 'Notification' in globalThis ? Notification.permission : undefined;
}

/** Under which the one notice of all message requests is found; no address is like that. */
const REQUESTS = '';

/** How notices are put into words. */
export interface NoticeWords {
	/** what somebody is called */
	nameOf(peer: string): string;
	/** a message of which nothing may be told */
	readonly message: string;
	/** the notice of all message requests */
	readonly requestTitle: string;
	readonly requestText: string;
}

/**
 * Tells of new messages outside the page while nobody looks at it: one notice for each conversation, until it is read, and
 * one for all message requests, which says nothing of what unknown people chose. Pressing it opens the conversation.
 */
export function notifyOfMessages(
	state: MessengerState,
	words: NoticeWords,
	open: (jid: string) => void,
): void {
	/** how much was unread when it was last looked at */
	let known: ReadonlyMap<string, number> | undefined;
	const notices = new Map<string, { close(): void }>();
	const close = (peer: string) => {
		notices.get(peer)?.close();
		notices.delete(peer);
	};
	const tell = (name: string, peer: string, title: string, body: string) => {
		close(name);
		notices.set(
			name,
			show(title, body, () => open(peer)),
		);
	};
	createEffect(() => {
		// What was missed is told of once it is all there, not one by one.
		if (!state.loaded || state.catchingUp) return;
		const news = newsSince(known, state.conversations, notices.has(REQUESTS));
		known = new Map(state.conversations.map(({ peer, unread }) => [peer, unread]));
		if (news.isRequestGone) close(REQUESTS);
		for (const peer of news.read) close(peer);
		untrack(() => {
			const { notifications } = state.settings;
			if (notifications === 'off' || notifyPermission() !== 'granted') return;
			if (document.hasFocus()) return;
			if (news.request !== undefined)
				tell(REQUESTS, news.request, words.requestTitle, words.requestText);
			for (const { peer, lastText = '' } of news.messages) {
				const body = notifications === 'text' ? redactAesgcmUris(lastText) : words.message;
				tell(peer, peer, words.nameOf(peer), body);
			}
		});
	});
	onCleanup(() => {
		for (const peer of notices.keys()) close(peer);
	});
}

/** Takes away what is left in sight of an account that is left, also by pages that have gone. */
export async function closeNotices(): Promise<void> {
	const registration = await navigator.serviceWorker?.getRegistration();
	for (const notice of (await registration?.getNotifications?.()) ?? []) notice.close();
}

function show(title: string, body: string, press: () => void): { close(): void } {
	const options = { body, icon: new URL('icons/balcony-192.png', document.baseURI).href };
	try {
		const notice = new Notification(title, options);
		notice.onclick = () => {
			notice.close();
			focus();
			press();
		};
		return notice;
	} catch {
		// On phones only a worker may; its own way leads to the app (sw/notification.ts).
		const tag = crypto.randomUUID();
		const shown = navigator.serviceWorker?.ready.then(async (registration) => {
			await registration.showNotification(title, { ...options, tag });
			return registration;
		});
		shown?.catch(() => undefined);
		return {
			async close() {
				// One that is only on its way would stay.
				const registration = await shown?.catch(() => undefined);
				for (const notice of (await registration?.getNotifications({ tag })) ?? []) notice.close();
			},
		};
	}
}
