import type { ChatMessage } from '../../chat/messenger/chat-message.ts';

/** What can be done with a message. */
export interface MessageActions {
	/** it was said, and can be answered and reacted to */
	readonly canAnswer: boolean;
	readonly canCopy: boolean;
	readonly canEdit: boolean;
	readonly canDelete: boolean;
	readonly canForward: boolean;
	/** it is a file that lies somewhere: its address can be copied */
	readonly hasLink: boolean;
}

export function actionsOf(message: ChatMessage, isFile: boolean): MessageActions {
	const { isOwn, text, isRetracted = false, state: delivery } = message;
	const isSaid = !isRetracted && text !== undefined && delivery !== 'failed';
	return {
		canAnswer: isSaid,
		canCopy: !isRetracted && text !== undefined && !isFile,
		canEdit: isOwn && !isRetracted && text !== undefined && !isFile,
		canDelete: isOwn && isSaid,
		canForward: !isRetracted && text !== undefined,
		hasLink: isSaid && isFile,
	};
}

export function canAnything(actions: MessageActions): boolean {
	return Object.values(actions).some(Boolean);
}
