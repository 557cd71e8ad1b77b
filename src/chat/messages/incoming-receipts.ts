import type { IncomingMessage } from '../../xmpp/message.ts';
import { isPassing, XmppError } from '../../xmpp/xmpp-error.ts';
import { withReceipt } from '../model/changed-message.ts';
import type { Receipt } from '../model/message.ts';
import { accountSender } from '../model/sender.ts';
import type { ConversationSender } from './conversation-sender.ts';
import type { IncomingEffects } from './incoming-effects.ts';
import type { IncomingWrites } from './incoming-writes.ts';
import type { Stores } from './stores.ts';

/** Receipts, read markers and errors for messages of ours. */
export interface IncomingReceipts {
	/** Somebody has received or read a message of ours. */
	advance(by: ConversationSender, id: string, state: Receipt['state']): Promise<void>;
	/**
	 * All that came before what was read was read, too; what has failed, or waits, did not come. What they name has come,
	 * whether our server has acknowledged it yet or not.
	 */
	advanceTo(by: ConversationSender, id: string): Promise<void>;
	/** A message of ours came back: it waits for what may pass, and fails otherwise. */
	cameBack(message: IncomingMessage, id: string): Promise<void>;
}

export function createIncomingReceipts(
	account: string,
	stores: Stores,
	{ keep }: Pick<IncomingWrites, 'keep'>,
	effects: Pick<IncomingEffects, 'bounced'>,
): IncomingReceipts {
	/** Our side of the conversation: what others say of a message of ours is found there alone. */
	const ours = (peer: string) => ({ peer, sender: accountSender(account) });

	/** Somebody has received or read a message of ours. */
	async function advance(
		by: ConversationSender,
		id: string,
		state: Receipt['state'],
	): Promise<void> {
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
	async function advanceTo(by: ConversationSender, id: string) {
		const { peer } = by;
		const last = await stores.messages.named(ours(peer), id);
		if (last === undefined) return;
		const before = await stores.messages.page(peer, { before: last.key, limit: 100 });
		const came = before.filter(({ state }) => state === 'sent' || state === 'delivered');
		for (const message of [...came, last]) if (message.isOwn) await advance(by, message.id, 'read');
	}

	return { advance, advanceTo, cameBack };
}
