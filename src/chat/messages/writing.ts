import type { Mutex } from '../../core/async/mutex.ts';
import type { ChatWrite } from '../../vault/chat-rows.ts';
import {
	withoutChange,
	withoutContent,
	withReactions,
	withText,
} from '../model/changed-message.ts';
import { nameGivenBy } from '../model/file-naming.ts';
import type { Message, MessageFields } from '../model/message.ts';
import { accountSender } from '../model/sender.ts';
import { answeredBy, answering, answerTo, ownText } from './answers.ts';
import type { Outbox } from './outbox.ts';
import type { OutboxEntry, OutgoingContent } from './outbox-entry.ts';
import { entryOf, isUnseen, newMessage } from './own-message.ts';
import { createSayingAgain } from './saying-again.ts';
import type { Stores } from './stores.ts';

/** Sends messages, and changes earlier ones. Each call stores its change before it resolves; it is sent as soon as it can be. */
export interface Writing {
	send(peer: string, text: string, replyTo?: Message): Promise<void>;
	/** Changes a text of ours (XEP-0308); one that has not left yet, before anybody sees it. */
	correct(message: Message, text: string): Promise<void>;
	/** All that we feel about a message; the servers can see it (XEP-0444 section 2). */
	react(message: Message, emojis: readonly string[]): Promise<void>;
	/** Takes a message of ours back (XEP-0424). */
	retract(message: Message): Promise<void>;
	/** Tries a message again that failed, or now what waits. */
	retry(message: Message): Promise<void>;
	/**
	 * Takes back what waits: a message as if it had never been, a change of one as if it had not been made. What may have
	 * left is deleted for everyone.
	 */
	cancel(message: Message): Promise<void>;
}

/** What the messenger asks for besides, in its turn. */
export interface Bounces {
	/** A message of ours came back for a reason that may pass. Resolves with whether it waits to be sent again. */
	bounced(message: Message, waitsFor: string): Promise<boolean>;
}

export function createWriting({
	account,
	stores,
	outbox,
	serial,
	isPlaintext,
	keep,
	drop,
	now = Date.now,
}: {
	/** bare */
	account: string;
	stores: Stores;
	outbox: Outbox;
	/** what is read and written back is read and written by nobody else in between */
	serial: Mutex;
	/** what the user chose for a conversation */
	isPlaintext(peer: string): boolean;
	/** Keeps and shows a message that was changed, together with other writes. */
	keep(message: MessageFields, writes: readonly ChatWrite[]): Promise<void>;
	/** Removes a message as if it had never been, together with other writes. */
	drop(message: MessageFields, writes: readonly ChatWrite[]): Promise<void>;
	now?: () => number;
}): Writing & Bounces {
	const self = accountSender(account);
	const { sameAgain, again, rewrite } = createSayingAgain({ account, stores, outbox, serial });

	/**
	 * Does something with a caption whose file is not uploaded yet. It waits, and the outbox does not have it: it is not to be
	 * said that it was changed, since nobody has it. Resolves with whether the message is such a caption.
	 */
	function withCaption(
		{ key }: Message,
		work: (caption: Message) => Promise<void>,
	): Promise<boolean> {
		return serial(async () => {
			const message = await stores.messages.get(key);
			if (message?.state !== 'waiting' || message.share !== undefined) return false;
			if (!isUnseen(message)) return false;
			// The stores, since the outbox may not have read them yet.
			if ((await stores.outbox.all()).some(({ messageKey }) => messageKey === key)) return false;
			await work(message);
			return true;
		});
	}

	/** Changes a message, and says so under an id of its own. */
	async function change(
		before: Message,
		content: OutgoingContent,
		work: (message: Message) => MessageFields,
	): Promise<void> {
		await serial(async () => {
			const message = await stores.messages.get(before.key);
			if (message === undefined || message.isRetracted === true) return;
			const entry: OutboxEntry = {
				key: await stores.messages.keyFor(message.peer, now()),
				messageKey: message.key,
				peer: message.peer,
				id: crypto.randomUUID(),
				content,
				isEncrypted: message.isEncrypted || !isPlaintext(message.peer),
				before: message,
			};
			await outbox.add(entry, { message: work(message), isNew: false });
		});
	}

	/** The message that gives a file its name: it goes with it. */
	async function namingOf(file: Message): Promise<Message | undefined> {
		const [next] = await stores.messages.page(file.peer, { after: file.key, limit: 1 });
		return nameGivenBy(file, next) === undefined ? undefined : next;
	}

	async function cancel(before: Message): Promise<void> {
		const naming = await namingOf(before);
		if (naming?.state === 'waiting') await cancelOne(naming);
		await cancelOne(before);
	}

	async function cancelOne(before: Message): Promise<void> {
		if (await withCaption(before, (caption) => drop(caption, []))) return;
		const isTaken = await serial(async () => {
			const message = await stores.messages.get(before.key);
			if (message?.state !== 'waiting') return true;
			return outbox.takeBack(message, async (entries, writes) => {
				const before = entries.at(-1)?.before;
				if (before === undefined) return drop(message, writes);
				const undone = withoutChange(message, before, self);
				// It has come through meanwhile.
				const isSent = before.state === 'waiting' && !outbox.holds(message);
				await keep(isSent ? { ...undone, state: 'sent' } : undone, writes);
			});
		});
		// A change that has left may have been read: to take it back is another change, and never the end of the message.
		if (!isTaken && before.isCorrected !== true) await retractOne(before);
	}

	async function correct(message: Message, text: string): Promise<void> {
		// Nobody has seen it yet.
		if (message.state === 'failed' && message.isCorrected !== true) return again(message, text);
		if (await withCaption(message, (caption) => keep({ ...caption, text }, []))) return;
		if (message.state === 'waiting' && (await rewrite(message, text))) return;
		await change(
			message,
			{
				kind: 'text',
				text,
				replaces: message.id,
				...(await answeredBy(message, { stores, account })),
			},
			({ problem: _, ...before }) => ({
				...withText(before, { ...ownText(before, text), time: now() }),
				state: 'waiting',
			}),
		);
	}

	async function react(message: Message, emojis: readonly string[]): Promise<void> {
		const work = (before: Message) => withReactions(before, self, emojis);
		// Goes out behind the caption.
		if (await withCaption(message, (caption) => keep(work(caption), []))) return;
		await change(message, { kind: 'reactions', to: message.id, emojis }, work);
	}

	async function retract(message: Message): Promise<void> {
		const naming = await namingOf(message);
		await retractOne(message);
		if (naming !== undefined) await retractOne(naming);
	}

	async function retractOne(message: Message): Promise<void> {
		if (await withCaption(message, (caption) => drop(caption, []))) return;
		await change(message, { kind: 'retraction', of: message.id }, (before) => ({
			...withoutContent(before),
			state: 'waiting',
		}));
	}

	async function retryOne(message: Message): Promise<void> {
		if (message.state === 'waiting') await outbox.retry(message.peer);
		else if (message.isRetracted === true) {
			await serial(async () => {
				const { problem: _, ...before } = message;
				const { key, peer, isEncrypted } = before;
				const entry = { key, messageKey: key, peer, id: crypto.randomUUID(), isEncrypted };
				await outbox.add(
					{ ...entry, content: { kind: 'retraction', of: before.id } },
					{ message: { ...before, state: 'waiting' }, isNew: false },
				);
			});
			// Words of another device of ours are its own to send.
		} else if (message.device !== undefined) return;
		else if (message.isCorrected === true) await correct(message, message.text ?? '');
		else await again(message, message.text ?? '');
	}

	return {
		async bounced(message, waitsFor) {
			const { text, isCorrected = false, isRetracted = false } = message;
			// What was changed since had two stanzas, and only one of them came back.
			if (text === undefined || isCorrected || isRetracted) return false;
			const entry = await sameAgain(message, text);
			return outbox.bounced(entry, { ...message, state: 'waiting', waitsFor });
		},
		correct,
		retract,
		async send(peer, text, answer) {
			const isEncrypted = !isPlaintext(peer);
			await serial(async () => {
				// It may have been taken back while the answer was written.
				const target = answer && ((await stores.messages.get(answer.key)) ?? answer);
				const replyTo = target?.isRetracted === true ? undefined : target;
				const said = replyTo && { replyTo: answerTo(replyTo, isEncrypted, account) };
				const message = await newMessage({ stores, account }, peer, now(), {
					text,
					isEncrypted,
					...(replyTo && {
						replyTo: answering(replyTo, answerTo(replyTo, isEncrypted, account).quoted),
					}),
				});
				const entry = entryOf(message, text, said);
				await outbox.add(entry, { message, isNew: true });
			});
		},
		react,
		cancel,
		async retry(message) {
			const naming = await namingOf(message);
			await retryOne(message);
			if (naming?.state === 'failed') await retryOne(naming);
		},
	};
}
