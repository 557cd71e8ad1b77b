import { isTrusted } from '../../omemo/trust.ts';
import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import { canKeepEarlier, withoutContent, withText } from '../model/changed-message.ts';
import type { MessageFields } from '../model/message.ts';
import { conversationSender } from './conversation-sender.ts';
import type { IncomingChanges } from './incoming-changes.ts';
import type { IncomingWrites } from './incoming-writes.ts';
import { reactionIn, type Said, saidIn } from './message-text.ts';
import type { Stores } from './stores.ts';

/** Texts of incoming messages. */
export interface IncomingTexts {
	/** What a message says, with the message before it that it answers in mind. */
	read(message: IncomingMessage, whole: string): Promise<Said>;
	/** Keeps a text: as a new message, or in the place of the one that it corrects. */
	keepText(
		message: IncomingMessage,
		written: MessageFields,
		more: readonly ChatWrite[],
	): Promise<void>;
	/**
	 * Keeps what came out of a message. That it is a reaction, or takes something back, is said outside of the encryption, by
	 * whomever: a text that does not say so itself is shown all the same.
	 */
	keepDecrypted(
		message: IncomingMessage,
		written: MessageFields,
		more: readonly ChatWrite[],
	): Promise<void>;
}

export function createIncomingTexts(
	stores: Stores,
	{ keep, sealed }: IncomingWrites,
	{ react, retraction }: IncomingChanges,
): IncomingTexts {
	/** What a message says, with the message before it that it answers in mind. */
	async function read(message: IncomingMessage, whole: string): Promise<Said> {
		const { replyTo, peer } = message;
		if (replyTo === undefined) return saidIn(message, whole);
		return saidIn(message, whole, await stores.messages.namedByEither(peer, replyTo));
	}

	/** The same for what corrects `before`, and need not say once more what that answers. */
	async function readAgain(
		message: IncomingMessage,
		whole: string,
		{ replyTo }: MessageFields,
	): Promise<Said> {
		if (message.replyTo !== undefined || replyTo === undefined) return read(message, whole);
		const { id, key = '' } = replyTo;
		return saidIn({ ...message, replyTo: id }, whole, await stores.messages.get(key));
	}

	/** The message in whose place a text stands; undefined if it stands for itself. */
	async function corrected(
		message: IncomingMessage,
		written: MessageFields,
	): Promise<MessageFields | undefined> {
		// Anybody on the way can use the name again, in the clear.
		const isAlike = ({ isEncrypted }: MessageFields) => isEncrypted === written.isEncrypted;
		const { replaces } = message;
		const named =
			replaces === undefined
				? undefined
				: await stores.messages.named(conversationSender(message), replaces, isAlike);
		return named !== undefined && mayReplace(named, written) ? named : undefined;
	}

	/** Keeps a text: as a new message, or in the place of the one that it corrects. */
	async function keepText(
		message: IncomingMessage,
		written: MessageFields,
		more: readonly ChatWrite[],
	): Promise<void> {
		const { replaces: id } = message;
		const { text = '', time, archiveId } = written;
		const before = await corrected(message, written);
		const said = { text, time, isArchived: archiveId !== undefined };
		if (before === undefined || id === undefined || !canKeepEarlier(before)) {
			const seal = await sealed(message, written.key);
			// Anybody on the way can say of all messages that they correct one: after so many, another goes on.
			const goesOn = before !== undefined && id !== undefined;
			const names = goesOn ? await stores.messages.names.putOther(written, { id }, said) : [];
			return keep(written, [...more, ...seal, ...names]);
		}
		// Found by its own names from now on, too: some correct the correction.
		const names = await stores.messages.names.putOther(before, written, said);
		const seal = await sealed(message, before.key);
		const { replyTo } = await readAgain(message, text, before);
		const correction = { ...written, ...(written.isEncrypted && replyTo ? { replyTo } : {}) };
		await keep(withText(before, correction), [...more, ...names, ...seal], false);
	}

	/**
	 * Keeps what came out of a message. That it is a reaction, or takes something back, is said outside of the encryption, by
	 * whomever: a text that does not say so itself is shown all the same.
	 */
	async function keepDecrypted(
		message: IncomingMessage,
		written: MessageFields,
		more: readonly ChatWrite[],
	): Promise<void> {
		const { reactions, retracts, peer } = message;
		if (reactions !== undefined) {
			const target = await stores.messages.namedByEither(peer, reactions.id);
			const emojis = target && reactionIn(written.text ?? '', reactions.emojis, target);
			if (target !== undefined && emojis !== undefined)
				return react(message, { ...reactions, sealed: emojis }, [
					...more,
					...(await sealed(message, target.key)),
				]);
		}
		if (retracts === undefined) return keepText(message, written, more);
		// No client is known that encrypts with it what is not to be shown. It means what was there before.
		const target = await stores.messages.named(conversationSender(message), retracts);
		const before = await corrected(message, written);
		if (target !== undefined && target.key === before?.key) return keepText(message, written, more);
		await keepText(message, written, [...more, ...(await retraction(message, target))]);
		if (target !== undefined) await keep(withoutContent(target), [], false);
	}

	return { read, keepText, keepDecrypted };
}

/** Whether a text takes the place of an earlier one by the same sender, which it says that it corrects. */
function mayReplace(before: MessageFields, { isEncrypted, device }: MessageFields): boolean {
	// Anybody on the way can say that it corrects what was taken back.
	if (before.isRetracted === true) return false;
	// What waits here may be sent again: nobody else's words go out with it.
	if (before.state === 'waiting' || before.state === 'failed') return false;
	// Never from encrypted to plain: what was sealed for its reader stays as it was.
	if (!isEncrypted) return !before.isEncrypted;
	if (device === undefined) return false;
	return before.device?.fingerprint === device.fingerprint || isTrusted(device.trust);
}
