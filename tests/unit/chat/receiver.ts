import { createIncoming } from '../../../src/chat/messages/incoming.ts';
import type { IncomingEffects } from '../../../src/chat/messages/incoming-effects.ts';
import { makeStores } from '../../../src/chat/messages/stores.ts';
import type { Message } from '../../../src/chat/model/message.ts';
import type { IncomingMessage } from '../../../src/xmpp/message.ts';
import { Client, Server } from '../omemo/support.ts';

export const ME = 'me@a.example';
export const YOU = 'you@b.example';
export const EVE = 'eve@c.example';

/** Somebody to whom messages come, and a device of somebody who writes to them. */
export class Receiver {
	readonly server = new Server();
	readonly me = new Client(this.server, ME);
	readonly you = new Client(this.server, YOU);
	readonly stores = makeStores(this.me.vault.chat, ME);
	readonly happened: string[] = [];
	readonly heard: string[] = [];
	/** whose messages are not kept: there are too many unknown people */
	readonly refused = new Set<string>();
	mayBounce = true;
	readonly #process: (message: IncomingMessage) => Promise<void>;
	#id = 0;

	constructor() {
		const { happened, heard, refused, stores } = this;
		const effects: IncomingEffects = {
			keep: async (message, _, more) =>
				stores.write([...(await stores.messages.put(message)), ...more]),
			takes: (peer) => !refused.has(peer),
			bounced: async ({ id }, condition) => {
				if (this.mayBounce) happened.push(`bounced ${id} ${condition}`);
				return this.mayBounce;
			},
			reached: () => undefined,
			confirmed: async (id) => void happened.push(`confirmed ${id}`),
			readElsewhere: async (peer) => void happened.push(`read ${peer}`),
			deviceWrote: (_, full, device) => void heard.push(`${full} ${device}`),
			typing: (peer, types) => types && happened.push(`typing ${peer}`),
			receipt: (to, id) => happened.push(`receipt ${to} ${id}`),
			answer: (jid) => happened.push(`answer ${jid}`),
			broken: (jid) => happened.push(`broken ${jid}`),
		};
		this.#process = createIncoming({ account: ME, stores, omemo: this.me.omemo, effects });
	}

	async start(): Promise<this> {
		await this.me.start();
		await this.you.start();
		return this;
	}

	receive(message: Partial<IncomingMessage>): Promise<void> {
		this.#id += 1;
		const { from = message.isOwn ? ME : YOU } = message;
		return this.#process({
			from,
			fromFull: `${from}/x`,
			to: ME,
			isOwn: from === ME,
			peer: from === ME ? YOU : from,
			isError: false,
			id: `id${this.#id}`,
			time: this.#id,
			isDelayed: false,
			wantsReceipt: false,
			isMarkable: false,
			...message,
		});
	}

	all(peer = YOU): Promise<Message[]> {
		return this.stores.messages.page(peer, { limit: 1000 });
	}
}
