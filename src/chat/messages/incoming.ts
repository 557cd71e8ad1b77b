import type { OmemoElement } from '../../core/omemo-element.ts';
import type { Omemo } from '../../omemo/omemo.ts';
import { OmemoError } from '../../omemo/omemo-error.ts';
import { isTrusted } from '../../omemo/trust.ts';
import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import type { Unreadable } from '../../xmpp/read-unreadable.ts';
import { isPassing, XmppError } from '../../xmpp/xmpp-error.ts';
import {
	canKeepEarlier,
	withoutContent,
	withReactions,
	withReceipt,
	withText,
} from '../model/changed-message.ts';
import type { ChatMessage, MessageFields, Receipt } from '../model/chat-message.ts';
import { accountSender } from '../model/sender.ts';
import { fieldsOf } from './interpret.ts';
import { allNames, givenNames } from './message-names.ts';
import { reactionIn, type Said, saidIn } from './message-text.ts';
import { createRepetitions, digestOf } from './repetition.ts';
import { type Side, senderOf, sideOf } from './side.ts';
import type { Stores } from './stores.ts';

/** What follows from a message that came, besides what is kept of it. */
export interface IncomingEffects {
	/** Keeps and shows a message, new or changed, together with other writes. */
	keep(message: MessageFields, isNew: boolean, more: readonly ChatWrite[]): Promise<void>;
	/** Whether a message of somebody may be kept: of unknown people only so many, and only what has a content. */
	takes(peer: string, isContent: boolean): boolean;
	/** The server has a message of ours with this id. */
	confirmed(id: string): Promise<void>;
	/** A message of ours came back for a reason that may pass. Resolves with whether it is sent again later. */
	bounced(message: ChatMessage, condition: string): Promise<boolean>;
	/** Something of ours came through to somebody. */
	reached(peer: string): void;
	/** Our other device, or we in another tab, have read this conversation. */
	readElsewhere(peer: string): Promise<void>;
	typing(peer: string, types: boolean): void;
	/** A device of somebody else has written just now, from this full address. */
	heard(jid: string, full: string, device: number): void;
	/** Tells the sender that it has come. */
	receipt(to: string, id: string): void;
	/** A device began a session with us and waits for an answer. */
	answer(jid: string, device: number): void;
	/** Nothing from this device can be decrypted any more. */
	broken(jid: string, device: number): void;
}

/** What is not encrypted, and cannot be read here all the same. */
const NOT_ENCRYPTED: readonly Unreadable[] = ['call', 'invitation', 'file', 'not-encrypted'];

/** Deals with messages one after the other, whether they come live, as carbons or from the archive. */
export function createIncoming({
	account,
	stores,
	omemo,
	effects,
}: {
	/** bare */
	account: string;
	stores: Stores;
	omemo: Omemo;
	effects: IncomingEffects;
}): (message: IncomingMessage) => Promise<void> {
	// What a power cut undoes of it is fetched again: the position in the archive goes back with it.
	const write = (changes: readonly ChatWrite[]) => stores.write(changes, 'relaxed');
	async function keep(message: MessageFields, more: readonly ChatWrite[], isNew = true) {
		await effects.keep(message, isNew, more);
		// Who writes on another device has read there what came before.
		if (isNew && message.isOwn) await effects.readElsewhere(message.peer);
	}
	const repetitions = createRepetitions(stores);

	/** What is to be remembered of where it was found. */
	async function archived({ archiveId }: IncomingMessage): Promise<ChatWrite[]> {
		return archiveId === undefined ? [] : [await stores.archive.putArchived(archiveId)];
	}

	const fields = async (message: IncomingMessage) =>
		fieldsOf(message, await stores.messages.keyFor(message.peer, message.time));

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
				: await stores.messages.named(sideOf(message), replaces, isAlike);
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
		const target = await stores.messages.named(sideOf(message), retracts);
		const before = await corrected(message, written);
		if (target !== undefined && target.key === before?.key) return keepText(message, written, more);
		await keepText(message, written, [...more, ...(await retraction(message, target))]);
		if (target !== undefined) await keep(withoutContent(target), [], false);
	}

	/** A stanza with this encrypted content has become the message with that key, or a part of it. */
	async function sealed(message: IncomingMessage, key: string): Promise<ChatWrite[]> {
		const digest = digestOf(message.encrypted);
		return digest === undefined
			? []
			: [await stores.messages.putEncryptedAs(sideOf(message), digest, key)];
	}

	/** What came once more only adds how our archive calls it. */
	async function repeat(
		message: IncomingMessage,
		known: MessageFields,
		writes: readonly ChatWrite[] = [],
	): Promise<void> {
		const more = [...writes, ...(await archived(message))];
		const { archiveId, isOwn } = message;
		const names = givenNames(message);
		// A reaction or a correction is a part of another message, which has a place of its own in the archive.
		const isItself =
			names === undefined || allNames(names).some((id) => allNames(known).includes(id));
		const isNamed = archiveId === undefined || known.archiveId !== undefined || !isItself;
		await write(
			isNamed ? more : [...(await stores.messages.put({ ...known, archiveId })), ...more],
		);
		if (!isOwn) return;
		for (const id of allNames(names ?? known)) await effects.confirmed(id);
	}

	/** What somebody feels about a message of theirs or ours. */
	async function react(
		message: IncomingMessage,
		{
			id,
			emojis,
			sealed: said,
		}: NonNullable<IncomingMessage['reactions']> & { readonly sealed?: readonly string[] },
		writes: readonly ChatWrite[] = [],
	): Promise<void> {
		const more = [...writes, ...(await archived(message))];
		const target = await stores.messages.namedByEither(message.peer, id);
		if (target === undefined || target.isRetracted === true) await write(more);
		else await keep(withReactions(target, senderOf(message), emojis, said), more, false);
	}

	/** Writes that take a message back; one that is not here may be paged in from the archive later. */
	async function retraction(
		message: IncomingMessage,
		target: MessageFields | undefined,
	): Promise<ChatWrite[]> {
		return target === undefined
			? [
					await stores.archive.putEarlyChange(sideOf(message), message.retracts ?? '', {
						isRetracted: true,
					}),
				]
			: stores.messages.put(withoutContent(target));
	}

	/** Takes a message back for its sender; nobody else's. */
	async function retract(message: IncomingMessage, id: string): Promise<void> {
		const target = await stores.messages.named(sideOf(message), id);
		const more = [...(await archived(message)), ...(await retraction(message, target))];
		if (target === undefined) await write(more);
		else await keep(withoutContent(target), more, false);
	}

	/** Our side of the conversation: what others say of a message of ours is found there alone. */
	const ours = (peer: string) => ({ peer, sender: accountSender(account) });

	/** Somebody has received or read a message of ours. */
	async function advance(by: Side, id: string, state: Receipt['state']): Promise<void> {
		const message = await stores.messages.named(ours(by.peer), id);
		const after = message && withReceipt(message, by.sender, state);
		if (after !== undefined) await keep(after, [], false);
	}

	/** A message of ours did not come through; whether it did before, or not, somebody has it then. */
	async function fail(peer: string, id: string, problem: string): Promise<void> {
		const message = await stores.messages.named(ours(peer), id);
		if (message?.state === undefined || ['delivered', 'read'].includes(message.state)) return;
		await keep({ ...message, state: 'failed', problem }, [], false);
	}

	/** A message of ours came back: it waits for what may pass, and fails otherwise. */
	async function cameBack({ peer, errorCondition, errorType }: IncomingMessage, id: string) {
		const condition = errorCondition ?? 'refused';
		const error = new XmppError('refused', {
			condition,
			...(errorType === undefined ? {} : { type: errorType }),
		});
		const sent = await stores.messages.named(ours(peer), id);
		// What another device of ours said is not sent again by this one, whoever says that it came back.
		if (sent?.device !== undefined) return;
		if (sent?.id === id && sent.state === 'sent' && isPassing(error))
			if (await effects.bounced(sent, condition)) return;
		await fail(peer, id, condition);
	}

	/**
	 * All that came before what was read was read, too; what has failed, or waits, did not come. What they name has come,
	 * whether our server has acknowledged it yet or not.
	 */
	async function advanceTo(by: Side, id: string) {
		const { peer } = by;
		const last = await stores.messages.named(ours(peer), id);
		if (last === undefined) return;
		const before = await stores.messages.page(peer, { before: last.key, limit: 100 });
		const came = before.filter(({ state }) => state === 'sent' || state === 'delivered');
		for (const message of [...came, last]) if (message.isOwn) await advance(by, message.id, 'read');
	}

	async function decrypt(message: IncomingMessage, encrypted: OmemoElement): Promise<void> {
		const { from, isOwn } = message;
		// What this device has sent itself, and knows no more: nobody can decrypt it.
		if (isOwn && encrypted.sid === omemo.deviceId) return write(await archived(message));
		const bare = await fields(message);
		try {
			const waits = await omemo.decrypt(from, encrypted, async ({ text, device }, writes) => {
				const more = [...writes, ...(await archived(message))];
				if (text === undefined) return write(more);
				const said = await read(message, text);
				const known = await repetitions.byText(message, said.text);
				if (known !== undefined) await repeat(message, known, writes);
				else await keepDecrypted(message, { ...bare, ...said, device }, more);
			});
			if (!isOwn && !message.isDelayed) effects.heard(from, message.fromFull, encrypted.sid);
			if (waits && encrypted.sid !== omemo.deviceId) effects.answer(from, encrypted.sid);
		} catch (thrown) {
			if (!(thrown instanceof OmemoError)) throw thrown;
			const known =
				thrown.code === 'duplicate'
					? ((await repetitions.byContent(message)) ?? (await repetitions.old(message)))
					: undefined;
			const more = await archived(message);
			if (known !== undefined) await repeat(message, known);
			else if (encrypted.payload === undefined) await write(more);
			else {
				const seal = await sealed(message, bare.key);
				await keep({ ...bare, problem: thrown.code }, [...more, ...seal]);
			}
			if (thrown.code === 'session-broken') effects.broken(from, encrypted.sid);
		}
	}

	async function takePlain(message: IncomingMessage, body: string): Promise<void> {
		const said = await read(message, body);
		const known = await repetitions.byText(message, said.text);
		if (known !== undefined) return repeat(message, known);
		const bare = await fields(message);
		await keepText(message, { ...bare, ...said }, await archived(message));
	}

	/** A line says what it was that cannot be read. */
	async function takeUnreadable(message: IncomingMessage, what: Unreadable): Promise<void> {
		const problem = `unreadable:${what}`;
		for (const id of allNames(givenNames(message) ?? { id: '' })) {
			const known = await stores.messages.named(
				sideOf(message),
				id,
				(before) => before.problem === problem,
			);
			if (known !== undefined) return repeat(message, known);
		}
		const isEncrypted = !NOT_ENCRYPTED.includes(what);
		await keep({ ...(await fields(message)), isEncrypted, problem }, await archived(message));
	}

	return async (message) => {
		const { archiveId, peer, isOwn, chatState, encrypted } = message;
		if (peer === account && !isOwn) return;
		if (archiveId !== undefined && (await stores.archive.isArchived(archiveId))) return;
		if (message.isError) {
			if (message.id !== undefined && !isOwn) await cameBack(message, message.id);
			return;
		}
		// What there is no room for leaves nothing behind: no row, no timer.
		if (!isOwn && !effects.takes(peer, hasContent(message))) return;
		if (!isOwn && !message.isDelayed && chatState !== undefined)
			effects.typing(peer, chatState === 'composing');
		if (message.receiptFor !== undefined && !isOwn) {
			effects.reached(peer);
			await advance(sideOf(message), message.receiptFor, 'delivered');
		}
		if (message.displayedId !== undefined) {
			if (isOwn) await effects.readElsewhere(peer);
			else await advanceTo(sideOf(message), message.displayedId);
		}
		if (encrypted?.payload === undefined) {
			if (message.reactions !== undefined) return react(message, message.reactions);
			if (message.retracts !== undefined) return retract(message, message.retracts);
		}
		const { unreadable } = message;
		const isCallOfOurs = isOwn && unreadable === 'call';
		if ((encrypted === undefined && (unreadable ?? message.body) === undefined) || isCallOfOurs)
			return write(await archived(message));
		const known = await repetitions.sealed(message);
		if (known !== undefined) return repeat(message, known);
		if (!isOwn) effects.typing(peer, false);
		if (encrypted !== undefined) await decrypt(message, encrypted);
		else if (unreadable !== undefined) await takeUnreadable(message, unreadable);
		else await takePlain(message, message.body ?? '');
		// Only now: it says that the message is here to stay.
		if (message.wantsReceipt && !isOwn && message.id !== undefined)
			effects.receipt(message.from, message.id);
	};
}

/** It becomes a message of the conversation, or a word that there is one that cannot be read. */
function hasContent(message: IncomingMessage): boolean {
	const { reactions, retracts, body, encrypted, unreadable } = message;
	if (encrypted?.payload !== undefined) return true;
	if (encrypted !== undefined || reactions !== undefined || retracts !== undefined) return false;
	// Who calls and is not known leaves no trace.
	return body !== undefined || (unreadable !== undefined && unreadable !== 'call');
}
