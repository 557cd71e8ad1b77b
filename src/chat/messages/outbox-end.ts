import { asNeverSent, withReactions } from '../model/changed-message.ts';
import type { MessageFields } from '../model/message.ts';
import { emojisBy } from '../model/reactions.ts';
import { accountSender } from '../model/sender.ts';
import type { OutboxContext } from './outbox-context.ts';
import type { OutboxQueue, QueueItem } from './outbox-queue.ts';
import type { Stores } from './stores.ts';
import type { StreamSuspects } from './stream-suspects.ts';

/** An entry is done with, and its message, if it has one, is what `change` says. To be called in the messenger's turn. */
export type EndEntry = (item: QueueItem, change: Partial<MessageFields>) => Promise<void>;

export function createOutboxEnd({
	account,
	stores,
	queue,
	suspects,
	context,
}: {
	/** bare */
	account: string;
	stores: Stores;
	queue: OutboxQueue;
	suspects: Pick<StreamSuspects, 'clear'>;
	context: Pick<OutboxContext, 'keep'>;
}): EndEntry {
	return async (item: QueueItem, change: Partial<MessageFields>): Promise<void> => {
		const entry = await stores.outbox.get(item.key);
		const message =
			item.messageKey === undefined ? undefined : await stores.messages.get(item.messageKey);
		const removal = stores.outbox.remove(item.key);
		const isFailed = change.state === 'failed';
		const content = entry?.content;
		const isFirst = content?.kind === 'text' && content.replaces === undefined;
		// Whether a message has come says nothing of a reaction to it, nor the other way round.
		const all = queue.ofMessage(item.peer, item.messageKey ?? '');
		const isLast = all.every((one) => one === item || one.isReaction);
		const isShown = all.findLast(({ isReaction }) => isReaction) === item;
		// What was changed may be delivered as it was before.
		const isOpen = message?.state === 'waiting' || (isFailed && entry?.before !== undefined);
		if (isShown && isFailed && message !== undefined) {
			// Nobody has seen it: it must not look as if they had.
			const felt = emojisBy(entry?.before?.reactions, account);
			await context.keep(withReactions(message, accountSender(account), felt), false, [removal]);
		} else if (isFailed && isFirst && isOpen && message !== undefined) {
			// What was done to it meanwhile would be done to a message that nobody has.
			const behind = all.filter((one) => one !== item && !one.hasLeft);
			for (const one of behind) one.isTaken = true;
			try {
				const removals = behind.map(({ key }) => stores.outbox.remove(key));
				await context.keep(asNeverSent(message, change), false, [removal, ...removals]);
			} catch (thrown) {
				for (const one of behind) one.isTaken = false;
				throw thrown;
			}
			for (const one of behind) queue.remove(one);
		} else if (message !== undefined && !item.isReaction && isOpen && (isLast || isFailed)) {
			const { waitsFor: _, leftOut: __, ...rest } = message;
			const leftOut = entry?.leftOut === undefined ? {} : { leftOut: entry.leftOut };
			await context.keep({ ...rest, ...leftOut, ...change }, false, [removal]);
		} else await stores.write([removal]);
		queue.remove(item);
		suspects.clear(item.id);
	};
}
