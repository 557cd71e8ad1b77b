// Salted Challenge Response Authentication Mechanism, RFC 5802 and RFC 7677

import { type Agent, SASL } from 'stanza';

/** Rounds of the password's hash: fewer are guessed too fast, more keep the page busy for minutes. */
const ITERATIONS = { least: 4096, most: 500_000 };
const MECHANISMS = { 'SCRAM-SHA-256': 300, 'SCRAM-SHA-1': 200 };

/**
 * Leaves only SCRAM, and signs in only to a server that proves that it knows the password, too (RFC 5802 section 5):
 * stanza takes its word. Who cannot is answered as one that refused the password. Channel binding is out of a page's reach.
 */
export function requireScram(agent: Agent): void {
	let current: CheckedScram | undefined;
	for (const { name } of [...agent.sasl['mechanisms']]) agent.sasl.disable(name);
	for (const [name, priority] of Object.entries(MECHANISMS)) {
		const mechanism = class extends CheckedScram {
			constructor(own: string) {
				super(own);
				current = this;
			}
		};
		agent.sasl.register(name, mechanism, priority);
	}
	agent.prependListener('sasl', (sasl) => {
		if (sasl.type !== 'challenge' && sasl.type !== 'success') return;
		const value = sasl.value ?? new Uint8Array(0);
		const isRight =
			sasl.type === 'success' ? current?.proves(value) : current?.accepts(value, ITERATIONS);
		if (isRight === true) return;
		if (sasl.type === 'challenge') agent.send('sasl', { type: 'abort' });
		// Nobody is signed in: what stanza does for a failure is what is right here.
		Object.assign(sasl, { type: 'failure' });
	});
}

class CheckedScram extends SASL.SCRAM {
	#ownNonce = '';
	#isAnswered = false;

	override createResponse(...args: Parameters<SASL.SCRAM['createResponse']>) {
		const response = super.createResponse(...args);
		const text = new TextDecoder().decode(response ?? new Uint8Array(0));
		if (this.#ownNonce === '') this.#ownNonce = attribute(text, 'r') ?? '';
		else this.#isAnswered = true;
		return response;
	}

	/** Whether a server's first message goes on from ours, and asks for what is safe (section 7). */
	accepts(challenge: Uint8Array, { least, most }: typeof ITERATIONS): boolean {
		if (this.#isAnswered) return false;
		const text = new TextDecoder().decode(challenge);
		const nonce = attribute(text, 'r') ?? '';
		const iterations = Number(attribute(text, 'i'));
		const goesOn = nonce.startsWith(this.#ownNonce) && nonce.length > this.#ownNonce.length;
		return goesOn && Number.isInteger(iterations) && iterations >= least && iterations <= most;
	}

	/** Whether a server's last message holds the signature that only who knows the password can make. */
	proves(success: Uint8Array): boolean {
		if (!this.#isAnswered) return false;
		this.processSuccess(success as Parameters<SASL.SCRAM['processSuccess']>[0]);
		return this.finalize().mutuallyAuthenticated === true;
	}
}

/** The value of an attribute of a SCRAM message, as in `r=nonce,s=salt,i=4096`. */
function attribute(message: string, name: string): string | undefined {
	return message
		.split(',')
		.find((part) => part.startsWith(`${name}=`))
		?.slice(name.length + 1);
}
