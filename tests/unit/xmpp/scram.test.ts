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
	{
		// The same with the longer hash: there is no example of it.
		mechanism: 'SCRAM-SHA-512',
		clientNonce: 'rOprNGfwEbeRWgbNEkqO',
		challenge:
			'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
		success:
			'v=ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw==',
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

describe.each(EXAMPLES)('$mechanism refuses', ({ ...example }) => {
	const { challenge } = example;
	const second = challenge.replace(/,i=.*/, '');
	it.each([
		['no salt', challenge.replace(/,s=[^,]*/, '')],
		['an empty salt', challenge.replace(/,s=[^,]*/, ',s=')],
		['a salt that is no base64', challenge.replace(/,s=[^,]*/, ',s=!!!!')],
		['a salt with half a letter', challenge.replace(/,s=[^,]*/, ',s=QSXCR')],
		['no rounds', second],
		['rounds that are no number', `${second},i=many`],
		['rounds that are not whole', `${second},i=4096.5`],
		['rounds in other digits', `${second},i=0x1000`],
		['rounds with a blank', `${second},i= 4096`],
		['rounds in an exponent', `${second},i=5e3`],
		['rounds that never end', `${second},i=${'9'.repeat(400)}`],
		['no nonce', challenge.replace(/^r=[^,]*,/, '')],
		['an empty nonce', challenge.replace(/^r=[^,]*/, 'r=')],
		['a nonce that stands elsewhere', `x=1,${challenge}`],
		['an extension that must be understood', `m=ext,${challenge}`],
		['one that stands behind', `${challenge},m=ext`],
		['nothing', ''],
		['garbage', '\u0000\uffff\u0000'],
		['an error', 'e=other-error'],
	])('a first message with %s', (_, given) => {
		expect(signIn(example, { challenge: given })).toBe('failure');
	});

	it.each([
		['no signature', 'x=1'],
		['an error', 'e=invalid-proof'],
		['an error beside the signature', `e=other-error,${example.success}`],
		['the signature in other words', example.success.replace('v=', 'V=')],
		['half of the signature', example.success.slice(0, 12)],
		['the signature twice', `${example.success},${example.success}`.slice(1)],
		['garbage', '\u0000\uffff'],
	])('a last message with %s', (_, success) => {
		expect(signIn(example, { success })).toBe('failure');
	});

	it('a second first message, whether it was answered or not', () => {
		const mechanism = agent.sasl.createMechanism([example.mechanism]);
		const credentials = { username: 'user', password: 'pencil', clientNonce: example.clientNonce };
		mechanism?.createResponse(credentials as never);
		const hear = () => {
			const heard = { type: 'challenge', value: Buffer.from(challenge) };
			agent.emit('sasl', heard as never);
			return heard.type;
		};
		expect(hear()).toBe('challenge');
		expect(hear()).toBe('failure');
	});

	it('to be let in twice', () => {
		expect(signIn(example, {})).toBe('success');
		const heard = { type: 'success', value: Buffer.from(example.success) };
		agent.emit('sasl', heard as never);
		expect(heard.type).toBe('failure');
	});

	it('to be let in before it was answered', () => {
		const mechanism = agent.sasl.createMechanism([example.mechanism]);
		const credentials = { username: 'user', password: 'pencil', clientNonce: example.clientNonce };
		mechanism?.createResponse(credentials as never);
		agent.emit('sasl', { type: 'challenge', value: Buffer.from(challenge) } as never);
		const heard = { type: 'success', value: Buffer.from(example.success) };
		agent.emit('sasl', heard as never);
		expect(heard.type).toBe('failure');
	});
});

it('a first message may say more than we understand', () => {
	const [example] = EXAMPLES;
	// The signature is of all that was said: it fails for that, and not before.
	const mechanism = agent.sasl.createMechanism([example.mechanism]);
	const credentials = { username: 'user', password: 'pencil', clientNonce: example.clientNonce };
	mechanism?.createResponse(credentials as never);
	const heard = { type: 'challenge', value: Buffer.from(`${example.challenge},x=more`) };
	agent.emit('sasl', heard as never);
	expect(heard.type).toBe('challenge');
});

it('the strongest of what a server offers is taken', () => {
	const offered = ['SCRAM-SHA-1', 'PLAIN', 'SCRAM-SHA-512', 'SCRAM-SHA-256', 'X-OAUTH2'];
	expect(agent.sasl.createMechanism(offered)).toMatchObject({ name: 'SCRAM-SHA-512' });
	expect(agent.sasl.createMechanism(['SCRAM-SHA-512-PLUS', 'SCRAM-SHA-512'])).toMatchObject({
		name: 'SCRAM-SHA-512',
	});
});

it('no other mechanism is left', () => {
	for (const name of ['PLAIN', 'DIGEST-MD5', 'ANONYMOUS', 'EXTERNAL', 'SCRAM-SHA-1-PLUS'])
		expect(agent.sasl.createMechanism([name])).toBeNull();
});
