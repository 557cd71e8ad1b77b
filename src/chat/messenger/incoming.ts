import { withoutRange } from '../../core/quote.ts';
import type { Omemo } from '../../omemo/omemo.ts';
import { OmemoError } from '../../omemo/omemo-error.ts';
import type { ChatWrite } from '../../vault/chat-rows.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import { withoutContent, withReactions, withText } from './changed-message.ts';
import type { ChatMessage, DeliveryState } from './chat-message.ts';
import type { MessageRows } from './message-rows.ts';

/** What follows from a message that came, besides what is kept of it. */
export interface IncomingEffects {
	/** Keeps and shows a message, new or changed, together with other writes. */
	keep(message: ChatMessage, isNew: boolean, more: readonly ChatWrite[]): Promise<void>;
	/** The server has a message of ours with this id. */
	confirmed(id: string): Promise<void>;
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

/** States only move forward: an old receipt must not undo a newer word. */
const ORDER: readonly DeliveryState[] = ['failed', 'waiting', 'sent', 'delivered', 'read'];

/** Deals with messages one after the other, whether they come live, as carbons or from the archive. */
export function createIncoming({
	account,
	rows,
	omemo,
	effects,
}: {
	/** bare */
	account: string;
	rows: MessageRows;
	omemo: Omemo;
	effects: IncomingEffects;
}): (message: IncomingMessage) => Promise<void> {
	// What a power cut undoes of it is fetched again: the position in the archive goes back with it.
	const write = (changes: readonly ChatWrite[]) => rows.write(changes, 'relaxed');
	const keep = (message: ChatMessage, more: readonly ChatWrite[], isNew = true) =>
		effects.keep(message, isNew, more);

	/** What is to be remembered of where it was found. */
	async function archived({ archiveId }: IncomingMessage): Promise<ChatWrite[]> {
		return archiveId === undefined ? [] : [await rows.putArchived(archiveId)];
	}

	async function chatMessage(message: IncomingMessage, id: string): Promise<ChatMessage> {
		const { peer, isOwn, time, isMarkable } = message;
		return {
			key: await rows.keyFor(peer, time),
			peer,
			isOwn,
			id,
			time,
			isEncrypted: message.encrypted !== undefined,
			...(isOwn ? { state: 'sent' as const } : {}),
			...(isMarkable ? { isMarkable } : {}),
			...(message.archiveId === undefined ? {} : { archiveId: message.archiveId }),
		};
	}

	/** The text of a message, without what it says again of the one that it answers. */
	function content(message: IncomingMessage, whole: string): Partial<ChatMessage> {
		const { replyTo: id, replyFallback } = message;
		if (id === undefined) return { text: whole };
		const text = replyFallback === undefined ? whole : withoutRange(whole, replyFallback);
		return { text, replyTo: { id, isQuoted: text !== whole } };
	}

	/** Keeps a text: as a new message, or in the place of the one by the same sender that it corrects. */
	async function keepText(
		message: IncomingMessage,
		written: ChatMessage,
		more: readonly ChatWrite[],
	): Promise<void> {
		const { replaces, peer, isOwn } = message;
		const before = replaces === undefined ? undefined : await rows.named(peer, isOwn, replaces);
		// Never from encrypted to plain: what was sealed for its reader stays as it was.
		if (before === undefined || (before.isEncrypted && !written.isEncrypted))
			return keep(written, more);
		// Found by its own name from now on, too: some correct the correction.
		const name = await rows.putName(before, written.id);
		await keep(withText(before, written.text), [...more, name], false);
	}

	/** What somebody feels about a message of theirs or ours. */
	async function react(message: IncomingMessage): Promise<void> {
		const { peer, isOwn, reactions } = message;
		const more = await archived(message);
		if (reactions === undefined) return;
		const { id, emojis } = reactions;
		const target = (await rows.named(peer, true, id)) ?? (await rows.named(peer, false, id));
		if (target === undefined || target.isRetracted === true) await write(more);
		else await keep(withReactions(target, isOwn ? 'own' : 'theirs', emojis), more, false);
	}

	/** Takes a message back for its sender; nobody else's. */
	async function retract(message: IncomingMessage, id: string): Promise<void> {
		const more = await archived(message);
		const target = await rows.named(message.peer, message.isOwn, id);
		if (target === undefined) {
			// It may be paged in from the archive later.
			const { peer, isOwn } = message;
			more.push(await rows.putEarlyChange(peer, isOwn, id, { isRetracted: true }));
			await write(more);
		} else await keep(withoutContent(target), more, false);
	}

	async function advance(peer: string, id: string, state: DeliveryState, problem?: string) {
		// Found by the address that it was sent to: nobody else can confirm it.
		const message = await rows.named(peer, true, id);
		if (message?.state === undefined) return;
		if (state !== 'failed' && ORDER.indexOf(message.state) >= ORDER.indexOf(state)) return;
		if (state === 'failed' && (message.state === 'delivered' || message.state === 'read')) return;
		await keep({ ...message, state, ...(problem === undefined ? {} : { problem }) }, [], false);
	}

	/** All that came before what was read was read, too; what has failed, or waits, did not come. */
	async function advanceTo(peer: string, id: string) {
		const last = await rows.named(peer, true, id);
		if (last === undefined) return;
		const before = await rows.page(peer, { before: last.key, limit: 100 });
		const came = before.filter(({ state }) => state === 'sent' || state === 'delivered');
		for (const message of [...came, last])
			if (message.isOwn && message.state !== 'read' && message.state !== 'waiting')
				await advance(peer, message.id, 'read');
	}

	async function decrypt(message: IncomingMessage, id: string): Promise<void> {
		const { encrypted, from, isOwn } = message;
		if (encrypted === undefined) return;
		// What this device has sent itself, and knows no more: nobody can decrypt it.
		if (isOwn && encrypted.sid === omemo.deviceId) return write(await archived(message));
		const bare = await chatMessage(message, id);
		try {
			const waits = await omemo.decrypt(from, encrypted, async ({ text, device }, writes) => {
				const more = [...writes, ...(await archived(message))];
				if (text === undefined) await write(more);
				else await keepText(message, { ...bare, ...content(message, text), device }, more);
			});
			if (!isOwn && !message.isDelayed) effects.heard(from, message.fromFull, encrypted.sid);
			if (waits && encrypted.sid !== omemo.deviceId) effects.answer(from, encrypted.sid);
		} catch (thrown) {
			if (!(thrown instanceof OmemoError)) throw thrown;
			const more = await archived(message);
			if (thrown.code === 'duplicate' || encrypted.payload === undefined) await write(more);
			else await keep({ ...bare, problem: thrown.code }, more);
			if (thrown.code === 'session-broken') effects.broken(from, encrypted.sid);
		}
	}

	return async (message) => {
		const { archiveId, peer, isOwn, chatState } = message;
		if (peer === account && !isOwn) return;
		if (!isOwn && !message.isDelayed && chatState !== undefined)
			effects.typing(peer, chatState === 'composing');
		const id = message.originId ?? message.id ?? archiveId;
		const { isArchived, isNamed } = await rows.areKnown(archiveId, { peer, isOwn, id });
		if (isArchived) return;
		if (message.isError) {
			if (message.id !== undefined && !isOwn)
				await advance(peer, message.id, 'failed', message.errorCondition ?? 'refused');
			return;
		}
		if (message.receiptFor !== undefined && !isOwn)
			await advance(peer, message.receiptFor, 'delivered');
		if (message.displayedId !== undefined) {
			if (isOwn) await effects.readElsewhere(peer);
			else await advanceTo(peer, message.displayedId);
		}
		if (message.reactions !== undefined) return react(message);
		if (message.retracts !== undefined) return retract(message, message.retracts);
		const hasContent = message.encrypted !== undefined || message.body !== undefined;
		if (!hasContent || id === undefined) return write(await archived(message));
		const known = isNamed ? await rows.named(peer, isOwn, id) : undefined;
		if (known !== undefined) {
			const writes = await archived(message);
			if (archiveId !== undefined && known.archiveId === undefined)
				writes.push(...(await rows.put({ ...known, archiveId })));
			await write(writes);
			if (isOwn) await effects.confirmed(id);
			return;
		}
		if (!isOwn) effects.typing(peer, false);
		if (message.encrypted !== undefined) await decrypt(message, id);
		else {
			const { foreignEncryption, body = '' } = message;
			const bare = await chatMessage(message, id);
			const more = await archived(message);
			if (foreignEncryption === undefined)
				await keepText(message, { ...bare, ...content(message, body) }, more);
			else {
				const problem = `foreign:${foreignEncryption.slice(0, 40)}`;
				await keep({ ...bare, isEncrypted: true, problem }, more);
			}
		}
		if (message.wantsReceipt && !isOwn && message.id !== undefined)
			effects.receipt(message.from, message.id);
	};
}
