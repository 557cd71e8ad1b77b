import type { ChatsArea } from '../../chat/account/messenger-areas.ts';

/** A text that was typed in a conversation and is kept nowhere else yet; `failure`: why, for people. */
export interface Typed {
	text?: string | undefined;
	failure?: string | undefined;
}

/** Keeps a draft; where the device has no room for it, it stays as long as the page does. */
export function saveTyped(typed: Typed, chats: ChatsArea, peer: string, text: string): void {
	typed.text = text;
	chats.setDraft(peer, text).then(
		() => {
			// Something else may have been typed meanwhile.
			if (typed.text === text) typed.text = undefined;
		},
		() => undefined,
	);
}
