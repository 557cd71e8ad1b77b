// Salted Challenge Response Authentication Mechanism, RFC 5802 and RFC 7677

import { type Agent, SASL } from 'stanza';
import { mendHmac } from './stanza-mends.ts';

/** Rounds of the password's hash: fewer are guessed too fast, more keep the page busy for minutes. */
const ITERATIONS = { least: 4096, most: 500_000 };
const MECHANISMS = { 'SCRAM-SHA-512': 400, 'SCRAM-SHA-256': 300, 'SCRAM-SHA-1': 200 };
/** A server's first message (section 7): a nonce, a salt, rounds; extensions that may be passed over. */
const FIRST = /^r=([\x21\x23-\x2b\x2d-\x7e]+),s=([^,]+),i=([1-9]\d*)(?:,[A-LN-Za-ln-z]=[^,]*)*$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

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
		if (sasl.type === 'success' ? current?.proves(value) : current?.accepts(value)) return;
		if (sasl.type === 'challenge') agent.send('sasl', { type: 'abort' });
		// Nobody is signed in: what stanza does for a failure is what is right here.
		Object.assign(sasl, { type: 'failure' });
	});
}

/** Whether a server offers ways to sign in, and none of them is ours (RFC 6120 section 6.3.3). */
export function offersNoScram({
	sasl,
}: {
	readonly sasl?: { readonly mechanisms?: unknown };
}): boolean {
	const offered = sasl?.mechanisms;
	return Array.isArray(offered) && !offered.some((name) => Object.hasOwn(MECHANISMS, String(name)));
}

class CheckedScram extends SASL.SCRAM {
	#ownNonce = '';
	#isAsked = false;
	#isAnswered = false;
	#isOver = false;

	constructor(name: string) {
		super(name);
		mendHmac(this, name);
	}

	override createResponse(...args: Parameters<SASL.SCRAM['createResponse']>) {
		const response = super.createResponse(...args);
		const text = new TextDecoder().decode(response ?? new Uint8Array(0));
		if (this.#ownNonce === '') this.#ownNonce = /,r=([^,]+)/.exec(text)?.[1] ?? '';
		else this.#isAnswered = true;
		return response;
	}

	/** Whether a server's first message goes on from ours, and asks for what is safe. */
	accepts(challenge: Uint8Array): boolean {
		if (this.#ownNonce === '' || this.#isAsked) return false;
		this.#isAsked = true;
		const [, nonce = '', salt = '', rounds] = FIRST.exec(new TextDecoder().decode(challenge)) ?? [];
		const iterations = Number(rounds);
		const goesOn = nonce.startsWith(this.#ownNonce) && nonce.length > this.#ownNonce.length;
		const isSafe = iterations >= ITERATIONS.least && iterations <= ITERATIONS.most;
		return goesOn && isSafe && BASE64.test(salt);
	}

	/** Whether a server's last message holds the signature that only who knows the password can make. */
	proves(success: Uint8Array): boolean {
		if (!this.#isAnswered || this.#isOver) return false;
		this.#isOver = true;
		// With an error beside it, it is none (section 5.1).
		if (!/^v=[^,]+(?:,|$)/.test(new TextDecoder().decode(success))) return false;
		this.processSuccess(success as Parameters<SASL.SCRAM['processSuccess']>[0]);
		return this.finalize().mutuallyAuthenticated === true;
	}
}
