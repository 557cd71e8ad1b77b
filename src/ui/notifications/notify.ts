import { createEffect, onCleanup, untrack } from 'solid-js';
import type { MessengerState } from '../../chat/account/messenger.ts';
import type { Conversation } from '../../chat/model/conversation.ts';
import { redactAesgcmUris } from '../../core/links/aesgcm-uri.ts';
import { nameOf } from '../parts/name-of.ts';

/** Whether this browser can tell of anything outside its page, and was allowed to. */
export function notifyPermission(): NotificationPermission | undefined {
	return 'Notification' in globalThis ? Notification.permission : undefined;
}

/** Under which the one notice of all message requests is found; no address is like that. */
const REQUESTS = '';

/**
 * Tells of new messages outside the page while nobody looks at it: one notice for each conversation, until it is read, and
 * one for all message requests, which says nothing of what unknown people chose. Pressing it opens the conversation.
 */
export function notifyOfMessages(state: MessengerState, open: (jid: string) => void): void {
	/** how much was unread when it was last looked at */
	let known: ReadonlyMap<string, number> | undefined;
	const notices = new Map<string, { close(): void }>();
	const close = (peer: string) => {
		notices.get(peer)?.close();
		notices.delete(peer);
	};
	createEffect(() => {
		// What was missed is told of once it is all there, not one by one.
		if (!state.loaded || state.catchingUp) return;
		const before = known;
		known = new Map(state.conversations.map(({ peer, unread }) => [peer, unread]));
		const isQuiet = ({ isRequest, unread }: Conversation) => isRequest !== true || unread === 0;
		if (state.conversations.every(isQuiet)) close(REQUESTS);
		for (const { peer, unread, lastText = '', isRequest } of state.conversations) {
			if (unread === 0) close(peer);
			if (before === undefined || unread <= (before.get(peer) ?? 0)) continue;
			// A stranger may write much, and from many addresses.
			if (isRequest === true && (before.has(peer) || notices.has(REQUESTS))) continue;
			untrack(() => {
				const { notifications } = state.settings;
				if (notifications === 'off' || notifyPermission() !== 'granted') return;
				if (document.hasFocus()) return;
				const press = () => open(peer);
				if (isRequest === true) {
					const body = 'From a person you may not know';
					notices.set(REQUESTS, show('New message request', body, press));
					return;
				}
				const body = notifications === 'text' ? redactAesgcmUris(lastText) : 'New message';
				close(peer);
				notices.set(peer, show(nameOf(state, peer), body, press));
			});
		}
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
