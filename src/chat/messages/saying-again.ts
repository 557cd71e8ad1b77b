import type { Mutex } from '../../core/async/mutex.ts';
import type { Message } from '../model/message.ts';
import { answeredBy } from './answers.ts';
import type { Outbox } from './outbox.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import type { Stores } from './stores.ts';

/** Messages of ours that are said once more, or as they are now, before anybody has them. */
export interface SayingAgain {
	/** What the outbox needs to say a message once more, under its own name. */
	sameAgain(message: Message, text: string): Promise<OutboxEntry>;
	/** Says a message that never came through once more. */
	again(before: Message, text: string): Promise<void>;
	/** Changes what waits before it leaves. Resolves with whether it was in time. */
	rewrite(before: Message, text: string): Promise<boolean>;
}

export function createSayingAgain({
	account,
	stores,
	outbox,
	serial,
}: {
	/** bare */
	account: string;
	stores: Pick<Stores, 'messages'>;
	outbox: Pick<Outbox, 'add' | 'takeBack'>;
	serial: Mutex;
}): SayingAgain {
	/** What the outbox needs to say a message once more, under its own name. */
	async function sameAgain(message: Message, text: string): Promise<OutboxEntry> {
		const { key, peer, id, isEncrypted } = message;
		const content = {
			kind: 'text' as const,
			text,
			...(await answeredBy(message, { stores, account })),
		};
		return { key, messageKey: key, peer, id, content, isEncrypted };
	}

	/** Says a message that never came through once more. */
	async function again(before: Message, text: string): Promise<void> {
		await serial(async () => {
			const { problem: _, ...message } = (await stores.messages.get(before.key)) ?? before;
			if (message.state !== 'failed') return;
			await outbox.add(await sameAgain(message, text), {
				message: { ...message, text, state: 'waiting' },
				isNew: false,
			});
		});
	}

	/** Changes what waits before it leaves. Resolves with whether it was in time. */
	async function rewrite(before: Message, text: string): Promise<boolean> {
		return serial(async () => {
			const message = await stores.messages.get(before.key);
			if (message?.state !== 'waiting') return false;
			let isRewritten = false;
			await outbox.takeBack(message, async (entries, writes) => {
				const newest = entries.findIndex(({ content }) => content.kind === 'text');
				const [first, ...others] = entries.map((entry, index) => {
					if (index === newest) return { ...entry, content: { ...entry.content, text } };
					// What came after it was done to the text as it is now.
					const { before } = entry;
					return index < newest && before ? { ...entry, before: { ...before, text } } : entry;
				}) as [OutboxEntry, ...OutboxEntry[]];
				const { waitsFor: _, ...rest } = message;
				isRewritten = newest >= 0;
				const change = { message: isRewritten ? { ...rest, text } : message, isNew: false };
				// Those around it go out as they were.
				await outbox.add(first, change, { writes, entries: others });
			});
			return isRewritten;
		});
	}

	return { sameAgain, again, rewrite };
}
