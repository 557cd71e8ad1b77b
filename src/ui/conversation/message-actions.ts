import { isUnseen } from '../../chat/messages/own-message.ts';
import { isFile } from '../../chat/model/attachment.ts';
import type { Message } from '../../chat/model/message.ts';

/** The actions that a message allows. */
export interface MessageActions {
	/** it was said, and can be answered and reacted to */
	readonly canAnswer: boolean;
	readonly canCopy: boolean;
	readonly canEdit: boolean;
	readonly canDelete: boolean;
	/** it waits, and nobody has seen it: it can be taken back without a trace */
	readonly canCancel: boolean;
	readonly canForward: boolean;
	/** it is a file that lies somewhere: its address can be copied */
	readonly hasLink: boolean;
}

export function actionsOf(message: Message): MessageActions {
	const { isOwn, text, isRetracted = false, state: delivery } = message;
	const isAFile = isFile(message);
	const isSaid = !isRetracted && text !== undefined && delivery !== 'failed';
	const canCancel = isOwn && isSaid && delivery === 'waiting' && isUnseen(message);
	return {
		canAnswer: isSaid,
		canCopy: !isRetracted && text !== undefined && !isAFile,
		canEdit: isOwn && !isRetracted && text !== undefined && !isAFile,
		canDelete: isOwn && isSaid && !canCancel,
		canCancel,
		canForward: !isRetracted && text !== undefined,
		hasLink: isSaid && isAFile,
	};
}

export function canAnything(actions: MessageActions): boolean {
	return Object.values(actions).some(Boolean);
}
