import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../src/chat/model/message.ts';
import { shownText } from '../../src/chat/model/shown-text.ts';
import { type ProsodyServer, startProsody } from '../../tools/prosody.ts';
import { Person, until } from './person.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'balcony-prosody-'));
let server: ProsodyServer;
let phone: Person;
let desktop: Person;
let bob: Person;

beforeAll(async () => {
	const users = ['alice', 'bob'];
	server = await startProsody({
		folder,
		accounts: users.map((user) => ({ user, password: user })),
	});
	phone = await new Person(server, 'alice').signIn();
	bob = await new Person(server, 'bob').signIn();
	desktop = await new Person(server, 'alice').signIn();
	await until('the phone knows the desktop', async () => {
		const devices = await phone.messenger.devices.of(phone.jid);
		return devices.filter(({ active }) => active).length === 2;
	});
}, 60_000);

afterAll(async () => {
	for (const person of [phone, desktop, bob]) await person?.messenger.close();
	await server?.close();
	rmSync(folder, { recursive: true, force: true });
});

async function seen(
	who: Person,
	peer: Person,
	what: string,
	test: (message: Message) => boolean,
): Promise<Message> {
	return until(`${what}`, async () => (await who.messages(peer)).find(test));
}

describe('two devices of one account', () => {
	it('both get what is written to them, and what the other writes', async () => {
		await bob.messenger.people.addContact(phone.jid);
		await bob.messenger.messages.send(phone.jid, 'to both');
		for (const device of [phone, desktop])
			expect(await device.received(bob, 'to both')).toMatchObject({ isEncrypted: true });
		await phone.messenger.messages.send(bob.jid, 'from the phone');
		await bob.received(phone, 'from the phone');
		expect(
			await seen(desktop, bob, 'carbon', ({ text }) => text === 'from the phone'),
		).toMatchObject({ isOwn: true, isEncrypted: true });
	});

	it('agree on answers, corrections, reactions and retractions', async () => {
		const question = await desktop.received(bob, 'to both');
		await desktop.messenger.messages.send(bob.jid, 'an answr', question);
		// What has not left yet is rewritten, and not corrected.
		const answer = await seen(
			desktop,
			bob,
			'own',
			({ text, state }) => text === 'an answr' && state !== 'waiting',
		);
		await desktop.messenger.messages.correct(answer, 'an answer');
		await desktop.messenger.changeSettings({ reactsInClear: true });
		await desktop.messenger.messages.react(question, ['👍']);
		for (const [who, peer] of [
			[bob, phone],
			[phone, bob],
			[desktop, bob],
		] as const) {
			await seen(
				who,
				peer,
				'corrected answer',
				(message) =>
					shownText(message) === 'an answer' &&
					message.isCorrected === true &&
					message.replyTo?.id === question.id,
			);
			await seen(
				who,
				peer,
				'reaction',
				({ id, reactions }) => id === question.id && reactions?.[0]?.emojis[0] === '👍',
			);
		}
		await desktop.messenger.messages.retract(answer);
		for (const [who, peer] of [
			[bob, phone],
			[phone, bob],
		] as const)
			expect(
				await seen(who, peer, 'retraction', ({ isRetracted }) => isRetracted === true),
			).not.toHaveProperty('text');
	});

	it('a reaction in an encrypted conversation needs somebody who agreed', async () => {
		const message = await phone.received(bob, 'to both');
		await expect(phone.messenger.messages.react(message, ['🎉'])).rejects.toThrow('');
		expect(phone.messenger.state.settings.reactsInClear).toBe(false);
	});
});

it('a device that is erased leaves the account, and the others stay', async () => {
	const lost = await new Person(server, 'alice').signIn();
	const active = async () =>
		(await phone.messenger.devices.of(phone.jid)).filter((device) => device.active).length;
	await until('the third is known', async () => (await active()) === 3);
	await lost.messenger.leave();
	await lost.messenger.close();
	await until('that it is gone is known', async () => (await active()) === 2);
});

it('a new device pages back to the beginning, past what it cannot read', async () => {
	await bob.messenger.chats.setPlaintext(phone.jid, true);
	for (let n = 0; n < 130; n++) await bob.messenger.messages.send(phone.jid, `plain ${n}`);
	await phone.received(bob, 'plain 129');
	const fresh = await new Person(server, 'alice').signIn();
	try {
		await fresh.messenger.chats.open(bob.jid);
		const timeline = fresh.messenger.chats.timeline();
		if (timeline === undefined) throw new Error('not open');
		await until('the beginning', async () => {
			await timeline.older();
			return !timeline.state.hasOlder;
		});
		expect(timeline.state.isSealedBefore).toBe(true);
		expect(timeline.state.messages.map(({ text }) => text)).toEqual(
			Array.from({ length: 130 }, (_, n) => `plain ${n}`),
		);
	} finally {
		await fresh.messenger.close();
	}
});
