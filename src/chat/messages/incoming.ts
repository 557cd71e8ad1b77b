import type { OmemoElement } from '../../core/omemo-element.ts';
import type { Omemo } from '../../omemo/omemo.ts';
import { OmemoError } from '../../omemo/omemo-error.ts';
import type { IncomingMessage } from '../../xmpp/message.ts';
import type { Unreadable } from '../../xmpp/read-unreadable.ts';
import { conversationSender } from './conversation-sender.ts';
import { createIncomingChanges } from './incoming-changes.ts';
import type { IncomingEffects } from './incoming-effects.ts';
import { createIncomingReceipts } from './incoming-receipts.ts';
import { createIncomingTexts } from './incoming-texts.ts';
import { createIncomingWrites } from './incoming-writes.ts';
import { allNames, givenNames } from './message-names.ts';
import { createRepetitions } from './repetition.ts';
import type { Stores } from './stores.ts';

/** A message that is not encrypted and still cannot be read here. */
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
	const writes = createIncomingWrites(stores, effects);
	const { write, keep, archived, fields, sealed, repeat } = writes;
	const changes = createIncomingChanges(stores, writes);
	const { read, keepText, keepDecrypted } = createIncomingTexts(stores, writes, changes);
	const receipts = createIncomingReceipts(account, stores, writes, effects);
	const repetitions = createRepetitions(stores);

	async function decrypt(message: IncomingMessage, encrypted: OmemoElement): Promise<void> {
		const { from, isOwn } = message;
		// What this device has sent itself, and knows no more: nobody can decrypt it.
		if (isOwn && encrypted.sid === omemo.deviceId) return write(await archived(message));
		const bare = await fields(message);
		try {
			const waits = await omemo.decrypt(from, encrypted, async ({ text, device }, sessions) => {
				const more = [...sessions, ...(await archived(message))];
				if (text === undefined) return write(more);
				const said = await read(message, text);
				const known = await repetitions.byText(message, said.text);
				if (known !== undefined) await repeat(message, known, sessions);
				else await keepDecrypted(message, { ...bare, ...said, device }, more);
			});
			if (!isOwn && !message.isDelayed) effects.deviceWrote(from, message.fromFull, encrypted.sid);
			if (waits && encrypted.sid !== omemo.deviceId) effects.answer(from, encrypted.sid);
		} catch (thrown) {
			// Another try may help.
			if (!(thrown instanceof OmemoError) || thrown.code === 'unavailable') throw thrown;
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
				conversationSender(message),
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
			if (message.id !== undefined && !isOwn) await receipts.cameBack(message, message.id);
			return;
		}
		// What there is no room for leaves nothing behind: no row, no timer.
		if (!isOwn && !effects.takes(peer, hasContent(message))) return;
		if (!isOwn && !message.isDelayed && chatState !== undefined)
			effects.typing(peer, chatState === 'composing');
		if (message.receiptFor !== undefined && !isOwn) {
			effects.reached(peer);
			await receipts.advance(conversationSender(message), message.receiptFor, 'delivered');
		}
		if (message.displayedId !== undefined) {
			if (isOwn) await effects.readElsewhere(peer);
			else await receipts.advanceTo(conversationSender(message), message.displayedId);
		}
		if (encrypted?.payload === undefined) {
			if (message.reactions !== undefined) return changes.react(message, message.reactions);
			if (message.retracts !== undefined) return changes.retract(message, message.retracts);
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
		// Last: a message that fails before gets no receipt.
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
