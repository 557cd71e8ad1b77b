import type { Omemo } from '../../omemo/omemo.ts';
import type { Connection } from '../../xmpp/connection.ts';
import { XmppError } from '../../xmpp/xmpp-error.ts';
import type { Conversations } from '../messages/conversations.ts';
import { createOutbox, type Outbox } from '../messages/outbox.ts';
import { ReactionsNotAllowed } from '../messages/reactions-not-allowed.ts';
import { fitsRoughly } from '../messages/rough-size.ts';
import { type Bounces, createWriting } from '../messages/writing.ts';
import type { AccountContext } from './account-context.ts';
import type { MessagesArea } from './messenger-areas.ts';

/** Messages of ours: written, changed, and on their way. */
export interface MessagesPart extends Bounces {
	readonly area: MessagesArea;
	readonly outbox: Outbox;
}

export function makeMessagesPart(
	{ account, stores, serial, state, report }: AccountContext,
	{
		connection,
		omemo,
		conversations,
		mayAct,
	}: {
		connection: Pick<Connection, 'forgetSession' | 'send' | 'sizeOf' | 'stanzaLimit'>;
		omemo: Omemo;
		conversations: Conversations;
		/** there is a session, and nothing older is to go first */
		mayAct(): boolean;
	},
): MessagesPart {
	const outbox = createOutbox({
		account,
		stores,
		omemo,
		serial,
		context: {
			get isReady() {
				return mayAct();
			},
			get stanzaLimit() {
				return connection.stanzaLimit;
			},
			sizeOf: connection.sizeOf,
			send(stanza) {
				if (!mayAct()) throw new XmppError('offline');
				connection.send(stanza);
			},
			forgetSession: connection.forgetSession,
			keep: conversations.keep,
			report,
		},
	});
	const isPlaintext = (peer: string) => conversations.find(peer)?.isPlaintext ?? false;
	const { bounced, ...writing } = createWriting({
		account,
		stores,
		outbox,
		serial,
		isPlaintext,
		keep: (message, writes) => conversations.keep(message, false, writes),
		drop: conversations.drop,
	});

	return {
		area: {
			...writing,
			async react(message, emojis) {
				if (message.isEncrypted && !state.settings.reactsInClear) throw new ReactionsNotAllowed();
				await writing.react(message, emojis);
			},
			current: ({ key }) => stores.messages.get(key),
			async answered({ peer, replyTo }) {
				if (replyTo === undefined) return undefined;
				const { id, key } = replyTo;
				return key === undefined
					? stores.messages.namedByEither(peer, id)
					: stores.messages.get(key);
			},
			discard: ({ key }) =>
				serial(async () => {
					const message = await stores.messages.get(key);
					const { state: delivery, isCorrected, isRetracted } = message ?? {};
					// What was changed had been sent before.
					if (message && delivery === 'failed' && !isCorrected && !isRetracted)
						await conversations.drop(message);
				}),
			setTyping(peer, types) {
				if (state.contacts[peer] === undefined) return;
				const chatState = types ? ('composing' as const) : ('active' as const);
				if (state.connection === 'online')
					connection.send({ id: crypto.randomUUID(), to: peer, chatState, store: false });
			},
			fits: (peer, text) => fitsRoughly(text, !isPlaintext(peer), connection.stanzaLimit),
		},
		outbox,
		bounced,
	};
}
