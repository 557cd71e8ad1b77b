import { beforeEach, describe, expect, it } from 'vitest';
import { accountSender } from '../../../../src/chat/model/sender.ts';
import type { IncomingMessage } from '../../../../src/xmpp/message.ts';
import { Server } from '../../omemo/support.ts';
import { EVE, ME, Receiver, YOU } from '../receiver.ts';

let here: Receiver;

beforeEach(async () => {
	here = await new Receiver().start();
});

const receive = (message: Partial<IncomingMessage>) => here.receive(message);
const all = (peer = YOU) => here.all(peer);

async function ownMessage(id: string, state: 'waiting' | 'sent' = 'sent'): Promise<void> {
	const key = await here.stores.messages.keyFor(YOU, 1);
	const sender = accountSender(ME);
	const message = {
		key,
		peer: YOU,
		sender,
		isOwn: true,
		id,
		time: 1,
		text: 'mine',
		isEncrypted: true,
	};
	await here.stores.write(await here.stores.messages.put({ ...message, state }));
}

describe('a message that comes', () => {
	it('is decrypted, kept once, and answered', async () => {
		const encrypted = await here.you.encrypt(ME, 'hello');
		await receive({ encrypted, id: 'a', archiveId: '1', wantsReceipt: true });
		await receive({ encrypted, id: 'a', archiveId: '1', wantsReceipt: true });
		await receive({ encrypted, id: 'a' });
		expect((await all()).map(({ text, isEncrypted }) => [text, isEncrypted])).toEqual([
			['hello', true],
		]);
		expect(here.happened).toEqual([`answer ${YOU}`, `receipt ${YOU} a`]);
	});

	it('tells which client a device is, if it came just now and was really from there', async () => {
		const encrypted = await here.you.encrypt(ME, 'now');
		await receive({ encrypted: await here.you.encrypt(ME, 'then'), isDelayed: true });
		await receive({ encrypted: { ...encrypted, keys: [] } });
		expect(here.heard).toEqual([]);
		await receive({ encrypted });
		expect(here.heard).toEqual([`${YOU}/x ${encrypted.sid}`]);
	});

	it('that cannot be read is shown as such, and the next is read', async () => {
		const lost = await here.you.encrypt(ME, 'lost');
		await receive({ encrypted: { ...lost, keys: [] }, id: 'a' });
		await receive({ encrypted: await here.you.encrypt(ME, 'found'), id: 'b' });
		expect((await all()).map(({ text, problem }) => text ?? problem)).toEqual([
			'not-for-us',
			'found',
		]);
	});

	it('is plain where it came plain, and foreign where we do not know the encryption', async () => {
		await receive({ body: 'plain' });
		await receive({ body: 'I sent here.you a PGP message', unreadable: 'openpgp' });
		expect(
			(await all()).map(({ text, problem, isEncrypted }) => [text ?? problem, isEncrypted]),
		).toEqual([
			['plain', false],
			['unreadable:openpgp', true],
		]);
	});

	it('that cannot be read here leaves one line, however often it comes', async () => {
		for (const unreadable of ['call', 'invitation', 'file', 'omemo-2'] as const)
			for (let i = 0; i < 2; i++) await receive({ id: unreadable, unreadable });
		expect((await all()).map(({ problem, isEncrypted }) => [problem, isEncrypted])).toEqual([
			['unreadable:call', false],
			['unreadable:invitation', false],
			['unreadable:file', false],
			['unreadable:omemo-2', true],
		]);
	});

	it('of a call that another device of ours began says nothing', async () => {
		await receive({ from: ME, isOwn: true, peer: YOU, unreadable: 'call' });
		expect(await all()).toEqual([]);
	});

	it('of our own, from another device, is ours', async () => {
		const other = new Server();
		expect(other).toBeDefined();
		await receive({ from: ME, body: 'from my phone', isOwn: true, peer: YOU });
		expect(await all()).toMatchObject([{ isOwn: true, state: 'sent', text: 'from my phone' }]);
	});

	it('of our own, from another device, says that what came before it was read there', async () => {
		await receive({ body: 'a question' });
		await receive({ from: ME, body: 'an answer', isOwn: true, peer: YOU });
		await receive({ body: 'another' });
		expect((await all()).length).toBe(3);
		expect(here.happened).toEqual([`read ${YOU}`]);
	});

	it('of our own that comes back from the archive confirms it', async () => {
		const mine = crypto.randomUUID();
		await ownMessage(mine);
		await receive({ from: ME, id: mine, originId: mine, body: '…', archiveId: '7' });
		expect(here.happened).toEqual([`confirmed ${mine}`]);
		expect((await all()).length).toBe(1);
	});
});

it('what was read says nothing of what before it never went out', async () => {
	await ownMessage('failed');
	await receive({ isError: true, id: 'failed' });
	await ownMessage('came');
	await ownMessage('last');
	await receive({ displayedId: 'last' });
	expect((await all()).map(({ state }) => state)).toEqual(['failed', 'read', 'read']);
});

it('what was read has come, also if our server has not said yet that it has it; the one before it may still wait', async () => {
	await ownMessage('before', 'waiting');
	await ownMessage('read', 'waiting');
	await receive({ displayedId: 'read' });
	expect((await all()).map(({ state }) => state)).toEqual(['waiting', 'read']);
});

describe('a message of ours that comes back', () => {
	it('waits where the reason may pass, and fails otherwise', async () => {
		await ownMessage('a');
		await ownMessage('b');
		await ownMessage('c');
		await receive({ isError: true, id: 'a', errorCondition: 'remote-server-timeout' });
		await receive({ isError: true, id: 'b', errorCondition: 'gone', errorType: 'wait' });
		await receive({ isError: true, id: 'c', errorCondition: 'gone', errorType: 'modify' });
		expect(here.happened).toEqual(['bounced a remote-server-timeout', 'bounced b gone']);
		expect((await all()).map(({ state }) => state)).toEqual(['sent', 'sent', 'failed']);
	});

	it('fails once it came back too often', async () => {
		here.mayBounce = false;
		await ownMessage('a');
		await receive({ isError: true, id: 'a', errorCondition: 'remote-server-timeout' });
		expect((await all())[0]).toMatchObject({ state: 'failed', problem: 'remote-server-timeout' });
	});
});

it('unknown people whom there is no room for leave nothing behind', async () => {
	const before = (await here.me.vault.chat.page('', { limit: 100_000 })).length;
	for (let n = 0; n < 20; n++) {
		const from = `s${n}@flood.example`;
		here.refused.add(from);
		await receive({ from, body: 'spam' });
		await receive({ from, retracts: 'x' });
		await receive({ from, reactions: { id: 'x', emojis: ['👍'] } });
		await receive({ from, chatState: 'composing' });
		await receive({ from, encrypted: await here.you.encrypt(ME, 'sealed') });
	}
	expect((await here.me.vault.chat.page('', { limit: 100_000 })).length).toBe(before);
	expect(here.happened).toEqual([]);
});

describe('what somebody else forges', () => {
	it('delivers and reads nothing', async () => {
		await ownMessage('m');
		await receive({ from: EVE, receiptFor: 'm' });
		await receive({ from: EVE, displayedId: 'm' });
		await receive({ from: EVE, isError: true, id: 'm', errorCondition: 'gone' });
		expect((await all())[0]?.state).toBe('sent');
		await receive({ receiptFor: 'm' });
		expect((await all())[0]?.state).toBe('delivered');
		await receive({ displayedId: 'm' });
		expect((await all())[0]?.state).toBe('read');
		await receive({ receiptFor: 'm' });
		await receive({ isError: true, id: 'm' });
		expect((await all())[0]?.state).toBe('read');
	});

	it('corrects nothing of others, and nothing that was encrypted by plain words', async () => {
		await receive({ encrypted: await here.you.encrypt(ME, 'sealed'), id: 'a' });
		await receive({ from: EVE, body: 'forged', replaces: 'a' });
		await receive({ body: 'stripped', replaces: 'a' });
		expect((await all()).map(({ text }) => text)).toEqual(['sealed', 'stripped']);
		await receive({ encrypted: await here.you.encrypt(ME, 'better'), replaces: 'a' });
		expect((await all()).map(({ text, isCorrected }) => [text, isCorrected ?? false])).toEqual([
			['better', true],
			['stripped', false],
		]);
		expect((await all(EVE)).map(({ text }) => text)).toEqual(['forged']);
	});

	it('takes nothing back that is not theirs, and reacts only as themselves', async () => {
		await ownMessage('mine');
		await receive({ encrypted: await here.you.encrypt(ME, 'yours'), id: 'theirs' });
		await receive({ retracts: 'mine', body: 'fallback' });
		await receive({ from: EVE, retracts: 'theirs' });
		await receive({ from: EVE, reactions: { id: 'mine', emojis: ['👎'] } });
		expect((await all()).map(({ text, reactions }) => [text, reactions])).toEqual([
			['mine', undefined],
			['yours', undefined],
		]);
		expect(await all(EVE)).toEqual([]);
	});

	it('shows as from a device that nobody knows', async () => {
		const encrypted = await here.you.encrypt(ME, 'hello');
		await receive({ from: EVE, encrypted, id: 'a' });
		// Eve can repeat what she saw, and only as herself, with a device that is not hers.
		expect(await all()).toEqual([]);
	});

	it('does not type when it is old', async () => {
		await receive({ chatState: 'composing' });
		await receive({ chatState: 'composing', isDelayed: true });
		expect(here.happened).toEqual([`typing ${YOU}`]);
	});
});

describe('what is said of an earlier message', () => {
	it('replaces their reactions, and leaves ours', async () => {
		await ownMessage('m');
		await receive({ reactions: { id: 'm', emojis: ['👍', '🎉'] } });
		await receive({ from: ME, isOwn: true, reactions: { id: 'm', emojis: ['🙂'] } });
		await receive({ reactions: { id: 'm', emojis: ['❤️'] } });
		expect((await all())[0]?.reactions).toEqual([
			{ by: ME, emojis: ['🙂'] },
			{ by: YOU, emojis: ['❤️'] },
		]);
		await receive({ reactions: { id: 'm', emojis: [] } });
		expect((await all())[0]?.reactions).toEqual([{ by: ME, emojis: ['🙂'] }]);
		expect(await all()).toHaveLength(1);
	});

	it('takes it back, for good', async () => {
		await receive({ encrypted: await here.you.encrypt(ME, 'regretted'), id: 'a' });
		await receive({ reactions: { id: 'a', emojis: ['👍'] } });
		await receive({ retracts: 'a', body: 'fallback' });
		await receive({ body: 'corrected', replaces: 'a' });
		await receive({ reactions: { id: 'a', emojis: ['👍'] } });
		const [message] = await all();
		expect(message).toMatchObject({ id: 'a', isRetracted: true });
		expect(message).not.toHaveProperty('text');
		expect(message).not.toHaveProperty('reactions');
		expect(JSON.stringify(await all())).not.toMatch(/regretted|fallback/);
	});

	it('answers it, without what is said again', async () => {
		await ownMessage('m');
		const text = '> mine\nyes';
		const encrypted = await here.you.encrypt(ME, text);
		await receive({ encrypted, replyTo: 'm', replyFallback: { start: 0, end: 7 } });
		await receive({ body: text, replyTo: 'm', replyFallback: { start: 0, end: 700 } });
		const [question, ...answers] = await all();
		const key = question?.key;
		expect(answers.map((message) => [message.text, message.replyTo])).toEqual([
			[text, { id: 'm', key, isQuoted: false, folded: 7 }],
			[text, { id: 'm', key, isQuoted: false }],
		]);
	});

	it('corrects a correction by its own name', async () => {
		await receive({ body: 'one', id: 'a' });
		await receive({ body: 'two', id: 'b', replaces: 'a' });
		await receive({ body: 'three', id: 'c', replaces: 'b' });
		await receive({ body: 'two', id: 'b', replaces: 'a' });
		expect((await all()).map(({ text }) => text)).toEqual(['three']);
	});
});

it('places keep the order in which messages came, whatever their clocks say', async () => {
	for (const [text, time] of [
		['one', 5000],
		['two', 4000],
		['three', 4000],
		['four', 9000],
		['five', 1],
	] as const)
		await receive({ body: text, time });
	expect((await all()).map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four', 'five']);
});
