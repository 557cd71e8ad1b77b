import type { Vault } from '../../src/vault/vault.ts';
import type { XmppServer } from '../../tools/xmpp-server.ts';
import { Person } from './person.ts';

/** People of one server, each of them new: nobody meets what another left behind. */
export class People {
	readonly #server: XmppServer;
	readonly #all: Person[] = [];

	constructor(server: XmppServer) {
		this.#server = server;
	}

	/** Makes an account, and signs in; `over`: the server as they reach it. */
	async join(name: string, over = this.#server, vault?: Vault): Promise<Person> {
		const user = `${name}${this.#all.length}`;
		await this.#server.register({ user, password: user });
		const person = new Person(over, user, user, vault);
		this.#all.push(person);
		return person.signIn();
	}

	async close(): Promise<void> {
		for (const { messenger } of this.#all) await messenger?.close();
	}
}
