import { type Agent, createClient } from 'stanza';
import { beforeEach, describe, expect, it } from 'vitest';
import { requireScram } from '../../../src/xmpp/scram.ts';

// The examples of RFC 5802 section 5 and RFC 7677 section 3.
const EXAMPLES = [
	{
		mechanism: 'SCRAM-SHA-1',
		clientNonce: 'fyko+d2lbbFgONRv9qkxdawL',
		challenge: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
		success: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
	},
	{
		mechanism: 'SCRAM-SHA-256',
		clientNonce: 'rOprNGfwEbeRWgbNEkqO',
		challenge:
			'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
		success: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
	},
] as const;

let agent: Agent;

beforeEach(() => {
	agent = createClient({ jid: 'user@a.example' });
	requireScram(agent);
});

/** Goes through a sign-in with a server that says this; what the client makes of its last word. */
function signIn(
	example: (typeof EXAMPLES)[number],
	change: { challenge?: string; success?: string },
) {
	const { mechanism: name, clientNonce } = example;
	const mechanism = agent.sasl.createMechanism([name, 'PLAIN']);
	if (mechanism === null) throw new Error('no mechanism');
	const credentials = { username: 'user', password: 'pencil', clientNonce };
	const hear = (type: 'challenge' | 'success', text: string) => {
		const value = Buffer.from(text);
		const heard: { type: string; value: Buffer } = { type, value };
		agent.emit('sasl', heard as never);
		if (heard.type === 'challenge') mechanism.processChallenge(value as never);
		return heard.type;
	};
	mechanism.createResponse(credentials as never);
	if (hear('challenge', change.challenge ?? example.challenge) === 'failure') return 'failure';
	mechanism.createResponse(credentials as never);
	return hear('success', change.success ?? example.success);
}

it.each(EXAMPLES)('$mechanism signs in to a server that knows the password', (example) => {
	expect(signIn(example, {})).toBe('success');
});

describe.each(EXAMPLES)('$mechanism refuses a server that', (example) => {
	it('does not know the password', () => {
		expect(signIn(example, { success: `v=${'A'.repeat(27)}=` })).toBe('failure');
		expect(signIn(example, { success: '' })).toBe('failure');
	});

	it('answers another client', () => {
		const challenge = example.challenge.replace('r=', 'r=x');
		expect(signIn(example, { challenge })).toBe('failure');
		const own = example.challenge.replace(/r=[^,]*/, `r=${example.clientNonce}`);
		expect(signIn(example, { challenge: own })).toBe('failure');
	});

	it.each(['1', '4095', '2147483648', '1e9', '-1', ''])('asks for %s rounds', (rounds) => {
		const challenge = example.challenge.replace('i=4096', `i=${rounds}`);
		expect(signIn(example, { challenge })).toBe('failure');
	});

	it('lets us in before it was told anything', () => {
		agent.sasl.createMechanism([example.mechanism]);
		const heard = { type: 'success', value: Buffer.from(example.success) };
		agent.emit('sasl', heard as never);
		expect(heard.type).toBe('failure');
	});
});

it('no other mechanism is left', () => {
	for (const name of ['PLAIN', 'DIGEST-MD5', 'ANONYMOUS', 'EXTERNAL', 'SCRAM-SHA-1-PLUS'])
		expect(agent.sasl.createMechanism([name])).toBeNull();
});
