import type { ChatMessage } from '../../src/chat/messenger/chat-message.ts';
import { createMessageRows } from '../../src/chat/messenger/message-rows.ts';
import { findEndpoint, type Messenger, makeMessenger } from '../../src/chat/messenger/messenger.ts';
import type { PutCiphertext } from '../../src/media/put-ciphertext.ts';
import { createMemoryVault, type Vault } from '../../src/vault/vault.ts';
import type { XmppServer } from '../../tools/xmpp-server.ts';
import { nodePut } from './put.ts';
import { until } from './until.ts';

export { until } from './until.ts';

/** Somebody with a Balcony that has no screen. */
export class Person {
	readonly jid: string;
	readonly vault: Vault;
	messenger!: Messenger;
	/** how files are sent */
	put: PutCiphertext = nodePut();
	readonly #password: string;
	readonly #server: XmppServer;

	constructor(server: XmppServer, user: string, password = user, vault = createMemoryVault()) {
		this.jid = `${user}@localhost`;
		this.vault = vault;
		this.#password = password;
		this.#server = server;
	}

	async signIn(): Promise<this> {
		const url = await findEndpoint(this.jid, this.#server.websocket, true);
		const credentials = { account: this.jid, password: this.#password, url };
		const told = { online: () => undefined, refused: () => undefined };
		this.messenger = makeMessenger(this.vault, credentials, told, this.put);
		await this.online();
		return this;
	}

	online(): Promise<true> {
		return until(`${this.jid} online`, () => {
			const { connection, catchingUp } = this.messenger.state;
			return connection === 'online' && !catchingUp && this.hasPublished();
		});
	}

	/** This device stands on the list that others see. */
	async hasPublished(): Promise<boolean> {
		const devices = await this.messenger.devices(this.jid).catch(() => []);
		return devices.some(({ isThis, active }) => isThis && active);
	}

	async messages(peer: { readonly jid: string }): Promise<ChatMessage[]> {
		const timeline = this.messenger.timeline();
		if (timeline?.peer !== peer.jid) await this.messenger.open(peer.jid);
		await this.messenger.timeline()?.newest();
		return [...(this.messenger.timeline()?.state.messages ?? [])];
	}

	/** All of a conversation as it is kept. */
	allMessages(peer: { readonly jid: string }): Promise<ChatMessage[]> {
		return createMessageRows(this.vault.chat, this.jid).page(peer.jid, { limit: 1_000_000 });
	}

	async received(peer: { readonly jid: string }, text: string): Promise<ChatMessage> {
		return until(`${this.jid} gets "${text}"`, async () =>
			(await this.messages(peer)).find((message) => !message.isOwn && message.text === text),
		);
	}

	async delivered(
		peer: { readonly jid: string },
		text: string,
		...states: string[]
	): Promise<ChatMessage> {
		return until(`${this.jid}'s "${text}" is ${states.join(' or ')}`, async () =>
			(await this.messages(peer)).find(
				(message) => message.text === text && states.includes(message.state ?? ''),
			),
		);
	}
}
