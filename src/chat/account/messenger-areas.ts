import type { Bytes } from '../../core/bytes.ts';
import type { NamedDevice } from '../../core/links/contact-uri.ts';
import type { StagedShare } from '../../media/staged-share.ts';
import type { DeviceInfo } from '../../omemo/device-info.ts';
import type { Verification } from '../../omemo/peer.ts';
import type { Trust } from '../../omemo/trust.ts';
import type { ConversationMedia } from '../files/conversation-media.ts';
import type { Forwarding } from '../files/forwarding.ts';
import type { MessageFiles } from '../files/message-files.ts';
import type { MessageMedia } from '../files/opened-media.ts';
import type { Sharing } from '../files/sharing.ts';
import type { Timeline } from '../messages/timeline.ts';
import type { Writing } from '../messages/writing.ts';
import type { LoadRule } from '../model/conversation.ts';
import type { Message } from '../model/message.ts';

/** Sending, changing and reading messages. */
export interface MessagesArea extends Omit<Writing, 'bounced'> {
	/** A message as it is kept now. */
	current(message: Message): Promise<Message | undefined>;
	/** The message that another one answers, if it is here. */
	answered(message: Message): Promise<Message | undefined>;
	/** Removes a message that was never sent. */
	discard(message: Message): Promise<void>;
	setTyping(peer: string, types: boolean): void;
	/** Whether a text fits into one message; by its size once encrypted, which is estimated. */
	fits(peer: string, text: string): boolean;
}

/** The chats themselves, and the one that is open. `peer` is the address of a conversation: of the other side, or of the group. */
export interface ChatsArea {
	readonly timeline: () => Timeline | undefined;
	/** Shows a chat, or none. */
	open(peer: string | undefined): Promise<void>;
	/** The end of the one that is open is in sight, or not: it counts as read once somebody looks at that. */
	setAtEnd(isAtEnd: boolean): void;
	setDraft(peer: string, draft: string): Promise<void>;
	/** Takes somebody unknown into the list of chats. */
	accept(peer: string): Promise<void>;
	/** Removes a chat from this device, with its files. */
	remove(peer: string): Promise<void>;
	setPlaintext(peer: string, isPlaintext: boolean): Promise<void>;
	/** Chooses which files are downloaded automatically in a chat. */
	setLoading(peer: string, loads: LoadRule): Promise<void>;
}

/** Files that are sent, and those that messages are. */
export interface FilesArea
	extends Omit<Sharing, 'localFile'>,
		Forwarding,
		ConversationMedia,
		MessageFiles,
		Pick<MessageMedia, 'idOf'> {
	/** The name that was said behind a document. */
	nameOf(message: Message): Promise<string | undefined>;
	/** What another app handed over, to be sent to somebody. */
	staged(): Promise<StagedShare | undefined>;
	/** What another app handed over is for this account alone from now on, whoever signs in next. */
	claimStaged(): Promise<void>;
	dropStaged(): Promise<void>;
}

/** Contacts, and what we show them. */
export interface PeopleArea {
	addContact(jid: string, name?: string): Promise<void>;
	removeContact(jid: string): Promise<void>;
	/** Throws XmppError. */
	renameContact(jid: string, name: string): Promise<void>;
	/** Shows our contacts a picture of ours, or none any more. Throws XmppError, or TypeError for what is no picture. */
	setOwnAvatar(bytes: Bytes | undefined): Promise<void>;
	/** Throws XmppError. */
	setOwnName(name: string): Promise<void>;
	/** Throws XmppError. */
	setBlocked(jid: string, isBlocked: boolean): Promise<void>;
	answerRequest(jid: string, accept: boolean): void;
}

/** Devices that messages are encrypted for, and who trusts them. */
export interface DevicesArea {
	of(jid: string): Promise<DeviceInfo[]>;
	/** Fetches the keys of somebody's devices that are not known yet, or doubtful; of a stranger's, nothing. */
	learn(jid: string): Promise<void>;
	setTrust(jid: string, fingerprint: string, trust: Trust): Promise<void>;
	/** Takes devices as verified that a link or QR code names. */
	verify(jid: string, devices: readonly NamedDevice[]): Promise<Verification>;
	forget(jid: string, fingerprint: string): Promise<void>;
	/** Takes another device off our account. Throws XmppError. */
	dismiss(id: number): Promise<void>;
}
