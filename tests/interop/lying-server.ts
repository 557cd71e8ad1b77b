import type { Person } from './person.ts';
import { messageXml, type RawClient, startRawClient } from './raw-client.ts';
import { until } from './until.ts';
import type { Home } from './use-server.ts';
import type { Wire } from './wire.ts';

/**
 * What a server can do to one of its people: say anything in the name of others, hold back what they say, and answer what
 * it likes. Lies take the place of true stanzas, so that both sides go on counting alike (XEP-0198).
 */
export class LyingServer {
	/** Alters a stanza; undefined holds it back for good. */
	alter: (xml: string, from: 'client' | 'server') => string | undefined = (xml) => xml;
	readonly #wire: Wire;
	readonly #victim: Person;
	readonly #carrier: RawClient;
	/** by the id of the stanza that they take the place of */
	readonly #lies = new Map<string, string>();
	#count = 0;
	#isHeld: (xml: string) => boolean = () => false;
	readonly #held: (() => void)[] = [];

	private constructor(wire: Wire, victim: Person, carrier: RawClient) {
		this.#wire = wire;
		this.#victim = victim;
		this.#carrier = carrier;
		wire.pass = (xml, from, line) => {
			const id = /^<message\b[^>]*\bid=["'](lie-\d+)["']/.exec(xml)?.[1];
			const lie = from === 'server' && id !== undefined ? this.#lies.get(id) : undefined;
			if (lie !== undefined) {
				this.#lies.delete(id ?? '');
				return lie;
			}
			if (from === 'server' && this.#isHeld(xml)) {
				this.#held.push(() => line.tell(xml));
				return undefined;
			}
			return this.alter(xml, from);
		};
	}

	/** `user`: an account that nobody hears of. */
	static async over(home: Home, wire: Wire, victim: Person, user: string): Promise<LyingServer> {
		await home.server.register({ user, password: user });
		return new LyingServer(wire, victim, await startRawClient(home.server, user));
	}

	/** Says something to the victim. */
	async say(xml: string): Promise<void> {
		this.#count += 1;
		const id = `lie-${this.#count}`;
		this.#lies.set(id, xml);
		const hint = '<no-store xmlns="urn:xmpp:hints"/><body>-</body>';
		this.#carrier.send(messageXml(this.#victim.jid, hint, `id="${id}"`));
		await until(id, () => !this.#lies.has(id));
	}

	/** Says something as a message of somebody's. */
	async sayAs(person: Person, content: string): Promise<void> {
		const id = crypto.randomUUID();
		const own = `from="${person.jid}/lie" id="${id}"`;
		await this.say(messageXml(this.#victim.jid, content, own));
	}

	/** Says that somebody has published another list of devices (XEP-0163). */
	async sayList(person: Person, ids: readonly number[]): Promise<void> {
		const namespace = 'eu.siacs.conversations.axolotl';
		const devices = ids.map((id) => `<device id="${id}"/>`).join('');
		await this.say(
			`<message xmlns="jabber:client" from="${person.jid}" to="${this.#victim.jid}" type="headline" id="${crypto.randomUUID()}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="${namespace}.devicelist"><item id="current"><list xmlns="${namespace}">${devices}</list></item></items></event></message>`,
		);
	}

	/** Holds back what somebody says from now on, until `release`. */
	hold(person: Person): void {
		this.#isHeld = (xml) =>
			xml.startsWith('<message') && xml.includes(`${person.jid}/`) && xml.includes('<payload');
	}

	/** Resolves when so many stanzas are held back. */
	async holds(count: number): Promise<void> {
		await until(`${count} held back`, () => this.#held.length >= count);
	}

	/** Hands out what was held back, in its order. */
	release(): void {
		this.#isHeld = () => false;
		for (const tell of this.#held.splice(0)) tell();
	}

	/** The last stanza of those that passed which fits. */
	async passed(from: 'client' | 'server', test: (xml: string) => boolean): Promise<string> {
		return until(
			'a stanza',
			() => this.#wire.log.findLast((one) => one.from === from && test(one.xml))?.xml,
		);
	}

	close(): void {
		this.#carrier.close();
	}
}
