import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { registerByStanza } from '../../../src/xmpp/extensions/registration/new-account.ts';
import { canonical, ME, stanzasOf, Wire } from './support.ts';

const FOLDER = '0077-new-accounts';

it.each([
	['made', undefined],
	['taken', 'address-taken'],
	['not-offered', 'registration-closed'],
	['for-who-solves-a-riddle', 'registration-closed'],
	['not-allowed', 'registration-closed'],
])('an account: %s', async (name, code) => {
	let work: Promise<string | undefined> | undefined;
	const wire = new Wire(() => {
		const made = registerByStanza({ account: ME, password: 'a secret', url: 'wss://a.example/' });
		work = made.then(
			() => undefined,
			(thrown: { code: string }) => thrown.code,
		);
	});
	const [features = '', ...answers] = stanzasOf(FOLDER, `${name}.in.xml`);
	wire.answer(answers);
	await wire.receive(features);
	expect(await work).toBe(code);
	expect(wire.sent.map(canonical)).toEqual(stanzasOf(FOLDER, `${name}.out.xml`).map(canonical));
	expect(wire.unasked()).toEqual([]);
});

it('nothing else lies with the stanzas of new accounts', () => {
	const names = readdirSync(`tests/vectors/stanzas/${FOLDER}`).map((file) => file.split('.')[0]);
	expect(new Set(names).size).toBe(5);
});
