import { focusConversation } from '../conversation/focus-conversation.ts';
import { focusAccount, focusList } from '../conversation-list/focus-list.ts';
import { focusBehind, isFocusLost } from '../parts/focus-return.ts';

/**
 * Where the focus goes once the element that opened a dialog may be gone: the dialog below it, or the note that has led to the
 * devices; else the chat, or the list.
 */
export function focusFallback(opener: unknown, hasConversation: boolean): void {
	if (opener instanceof HTMLElement) focusBehind(opener);
	if (!isFocusLost()) return;
	if (hasConversation) focusConversation();
	else focusList();
	if (isFocusLost()) focusAccount();
}
