import type { Credentials } from '../../src/chat/account/credentials.ts';
import { findEndpoint } from '../../src/chat/account/find-endpoint.ts';
import { type Messenger, makeMessenger } from '../../src/chat/account/messenger.ts';
import { makeStores } from '../../src/chat/messages/stores.ts';
import type { Message } from '../../src/chat/model/message.ts';
import { shownText } from '../../src/chat/model/shown-text.ts';
import type { PutCiphertext } from '../../src/media/put-ciphertext.ts';
import { createMemoryVault, type Vault } from '../../src/vault/vault.ts';
import type { XmppServer } from '../../tools/xmpp-server.ts';
import { nodePut } from './put.ts';
import { until } from './until.ts';

export { until } from './until.ts';

/** Somebody with a Balcony that has no screen. */
export class Person {
	readonly user: string;
	readonly jid: string;
	vault: Vault;
	messenger!: Messenger;
	/** how files are sent */
	put: PutCiphertext = nodePut();
	readonly #password: string;
	readonly #server: XmppServer;

	constructor(server: XmppServer, user: string, password = user, vault = createMemoryVault()) {
		this.user = user;
		this.jid = `${user}@localhost`;
		this.vault = vault;
		this.#password = password;
		this.#server = server;
	}

	async signIn(): Promise<this> {
		await this.begin();
		await this.online();
		return this;
	}

	/** Signs in without waiting for what comes of it. */
	async begin(): Promise<void> {
		const url = await findEndpoint(this.jid, this.#server.websocket, true);
		this.#make({ account: this.jid, password: this.#password, url });
	}

	/** As the session does: under the name that the server gives the account. */
	#make(credentials: Credentials): void {
		const messenger = makeMessenger(
			this.vault,
			credentials,
			{
				online: () => undefined,
				refused: () => undefined,
				bound: (account) => {
					if (this.messenger !== messenger || account === credentials.account) return;
					const renamed = { ...credentials, account, login: this.jid };
					void messenger.close().then(() => this.#make(renamed));
				},
			},
			{ put: this.put },
		);
		this.messenger = messenger;
	}

	/** Ends, and begins again over the same vault. */
	async restart(): Promise<void> {
		await this.messenger.close();
		await this.signIn();
	}

	online(): Promise<true> {
		return until(`${this.jid} online`, () => {
			const { connection, catchingUp } = this.messenger.state;
			return connection === 'online' && !catchingUp && this.hasPublished();
		});
	}

	/** bare, as the server writes it */
	get account(): string {
		return this.messenger.state.account;
	}

	/** Both are contacts of each other. */
	async befriend(other: Person): Promise<void> {
		await this.messenger.people.addContact(other.account);
		await until('a request', () => other.messenger.state.requests.includes(this.account));
		other.messenger.people.answerRequest(this.account, true);
		const areContacts = (one: Person, another: Person) =>
			one.messenger.state.contacts[another.account]?.subscription === 'both';
		await until('contacts', () => areContacts(this, other) && areContacts(other, this));
	}

	/** This device stands on the list that others see. */
	async hasPublished(): Promise<boolean> {
		const devices = await this.messenger.devices.of(this.account).catch(() => []);
		return devices.some(({ isThis, active }) => isThis && active);
	}

	async messages(peer: { readonly jid: string }): Promise<Message[]> {
		const timeline = this.messenger.chats.timeline();
		if (timeline?.peer !== peer.jid) await this.messenger.chats.open(peer.jid);
		await this.messenger.chats.timeline()?.newest();
		return [...(this.messenger.chats.timeline()?.state.messages ?? [])];
	}

	/** All of a conversation as it is kept. */
	allMessages(peer: { readonly jid: string }): Promise<Message[]> {
		return makeStores(this.vault.chat, this.account).messages.page(peer.jid, { limit: 1_000_000 });
	}

	/** What is shown of it says that; `timeout` in milliseconds. */
	async received(peer: { readonly jid: string }, text: string, timeout?: number): Promise<Message> {
		const look = async () =>
			(await this.messages(peer)).find((message) => !message.isOwn && shownText(message) === text);
		return until(`${this.jid} gets "${text}"`, look, timeout);
	}

	/** A message of ours that was just sent, as it is kept. */
	async own(peer: { readonly jid: string }, text: string): Promise<Message> {
		return until(`${this.jid}'s "${text}"`, async () =>
			(await this.messages(peer)).find((message) => message.isOwn && message.text === text),
		);
	}

	async delivered(
		peer: { readonly jid: string },
		text: string,
		...states: string[]
	): Promise<Message> {
		return until(`${this.jid}'s "${text}" is ${states.join(' or ')}`, async () =>
			(await this.messages(peer)).find(
				(message) => message.text === text && states.includes(message.state ?? ''),
			),
		);
	}
}
