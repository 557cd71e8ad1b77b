import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { Message, MessageFields } from '../model/message.ts';

/** Effects of an incoming message outside of the stores. */
export interface IncomingEffects {
	/** Keeps a message, new or changed, together with other writes, and shows it once it is on the disk. */
	keep(message: MessageFields, isNew: boolean, more: readonly ChatWrite[]): Promise<void>;
	/** Whether a message of somebody may be kept: of unknown people only so many, and only what has a content. */
	takes(peer: string, isContent: boolean): boolean;
	/** The server has a message of ours with this id. */
	confirmed(id: string): Promise<void>;
	/** A message of ours came back for a reason that may pass. Resolves with whether it is sent again later. */
	bounced(message: Message, condition: string): Promise<boolean>;
	/** Something of ours came through to somebody. */
	reached(peer: string): void;
	/** Our other device, or we in another tab, have read this conversation. */
	readElsewhere(peer: string): Promise<void>;
	typing(peer: string, types: boolean): void;
	/** A device of somebody else has written just now, from this full address. */
	deviceWrote(jid: string, full: string, device: number): void;
	/** Tells the sender that it has come, once it is on the disk. */
	receipt(to: string, id: string): void;
	/** A device began a session with us and waits for an answer. */
	answer(jid: string, device: number): void;
	/** Nothing from this device can be decrypted any more. */
	broken(jid: string, device: number): void;
}
