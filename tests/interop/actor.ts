import type { Message } from '../../src/chat/model/message.ts';
import { type BrittleVault, createBrittleVault } from './brittle-vault.ts';
import { type Person, until } from './person.ts';
import type { Home } from './use-server.ts';
import type { Wire } from './wire.ts';

/** Somebody whose line, disk and page fail, and who goes on talking. */
export class Actor {
	readonly person: Person;
	readonly vault: BrittleVault;
	readonly wire: Wire;
	/** how many messages were kept */
	said = 0;
	#restarting: Promise<void> | undefined;
	#killed: Promise<'killed'>;
	#kill: () => void = () => undefined;

	private constructor(person: Person, vault: BrittleVault, wire: Wire) {
		this.person = person;
		this.vault = vault;
		this.wire = wire;
		this.#killed = this.#arm();
	}

	static async join(home: Home, name: string): Promise<Actor> {
		const wire = await home.wire();
		const vault = createBrittleVault();
		return new Actor(await home.join(name, wire.server, vault.open()), vault, wire);
	}

	async own(to: Actor): Promise<Message[]> {
		return (await this.person.allMessages(to.person)).filter(({ isOwn }) => isOwn);
	}

	async came(from: Actor): Promise<Message[]> {
		return (await this.person.allMessages(from.person)).filter(({ isOwn }) => !isOwn);
	}

	/** Says it, again if it could not be kept; who is killed meanwhile looks whether it was when they are back. */
	async say(to: Actor, text: string): Promise<void> {
		await until(`"${text}" is kept`, async () => {
			await this.#restarting;
			const isKept = this.person.messenger.messages.send(to.person.account, text).then(
				() => true,
				() => false,
			);
			const outcome = await Promise.race([isKept, this.#killed]);
			if (outcome !== 'killed') return outcome;
			await this.#restarting;
			return (await this.own(to)).some((message) => message.text === text);
		});
		this.said += 1;
	}

	/** Does something that nobody needs: whether it could be kept or not. */
	async attempt(work: () => Promise<void>): Promise<void> {
		if (this.#restarting !== undefined) return;
		await Promise.race([work().catch(() => undefined), this.#killed]);
	}

	/** Ends the page, in peace or in the middle of whatever it does, and opens another. */
	async restart(isKill: boolean): Promise<void> {
		if (this.#restarting !== undefined) return this.#restarting;
		this.#restarting = (async () => {
			if (isKill) {
				this.vault.kill();
				this.wire.break();
			}
			await this.person.messenger.close();
			this.wire.mend();
			if (isKill) this.person.vault = this.vault.open();
			await this.person.begin();
		})();
		if (isKill) this.#kill();
		await this.#restarting;
		this.#killed = this.#arm();
		this.#restarting = undefined;
	}

	/** Nothing fails any more. */
	heal(): void {
		this.wire.pass = (xml) => xml;
		this.wire.mend();
		this.vault.mend();
	}

	#arm(): Promise<'killed'> {
		return new Promise((resolve) => {
			this.#kill = () => resolve('killed');
		});
	}
}
