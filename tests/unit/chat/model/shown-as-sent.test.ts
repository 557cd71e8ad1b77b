import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { isHostKnown } from '../../../../src/chat/files/auto-load.ts';
import { lineOf } from '../../../../src/chat/model/attachment.ts';
import type { Message } from '../../../../src/chat/model/message.ts';
import { emojisBy } from '../../../../src/chat/model/reactions.ts';
import { accountSender } from '../../../../src/chat/model/sender.ts';
import { repeatedText, shownText } from '../../../../src/chat/model/shown-text.ts';
import type { Trust } from '../../../../src/omemo/trust.ts';
import type { IncomingMessage } from '../../../../src/xmpp/message.ts';
import { times } from '../../../what-runs.ts';
import { Client } from '../../omemo/support.ts';
import { ME, Receiver, YOU } from '../receiver.ts';

const LINK = `aesgcm://files.b.example/a/b.jpg#${'0a'.repeat(44)}`;

const THEIRS = { peer: YOU, sender: accountSender(YOU) };
const OURS = { peer: YOU, sender: accountSender(ME) };
let here: Receiver;

beforeEach(async () => {
	here = await new Receiver().start();
});

const shown = async () => (await here.all()).map(shownText);

/** An encrypted message, and what stands outside of the encryption. */
async function says(text: string, outside: Partial<IncomingMessage> = {}, from = here.you) {
	const encrypted = await from.encrypt(ME, text);
	const isOwn = from.account === ME;
	await here.receive({ encrypted, ...(isOwn ? { from: ME } : {}), ...outside });
}

async function ownMessage(
	id: string,
	text: string,
	state: 'sent' | 'waiting' = 'sent',
): Promise<void> {
	const key = await here.stores.messages.keyFor(YOU, 1);
	const sender = accountSender(ME);
	const said = { key, peer: YOU, sender, isOwn: true, id, time: 1, text, isEncrypted: true };
	await here.stores.write(await here.stores.messages.put({ ...said, state }));
}

const files = { account: ME, contacts: {}, upload: undefined };

describe('what stands outside of the encryption', () => {
	it.each<[string, string, Partial<IncomingMessage>]>([
		[
			'a range in the middle',
			'Do not send the money today',
			{ replyTo: 'm', replyFallback: { start: 2, end: 6 } },
		],
		['a range over all', 'No.', { replyTo: 'm', replyFallback: { start: 0, end: 3 } }],
		[
			'a range over lines that quote something else',
			'> never\nyes',
			{ replyTo: 'm', replyFallback: { start: 0, end: 8 } },
		],
		[
			'a range, and nobody knows what is answered',
			'> Shall we?\nyes',
			{ replyTo: 'gone', replyFallback: { start: 0, end: 12 } },
		],
		['a reaction', '👎', { reactions: { id: 'm', emojis: ['👎'] } }],
		['a reaction with words', 'No 👎', { reactions: { id: 'm', emojis: ['👎'] } }],
		[
			'a reaction to something that was not quoted',
			'> never\n\n👍',
			{ reactions: { id: 'm', emojis: ['👍'] } },
		],
		[
			'a reaction that is another one',
			'> Shall we?\n\n👎',
			{ reactions: { id: 'm', emojis: ['👍'] } },
		],
		['a retraction', 'No.', { retracts: 'gone' }],
		['a retraction of itself', 'No.', { id: 'x', retracts: 'x' }],
		['a correction of nothing', 'No.', { replaces: 'gone' }],
		['a correction of itself', 'No.', { id: 'x', replaces: 'x' }],
		['a correction of ours', 'No.', { replaces: 'm' }],
		['a receipt', 'No.', { receiptFor: 'm' }],
		['a marker', 'No.', { displayedId: 'm' }],
		['a plain body', 'No.', { body: 'Yes.' }],
	])('takes no word away: %s', async (_, text, outside) => {
		await ownMessage('m', 'Shall we?');
		await says(text, outside);
		const [ours, theirs] = await here.all();
		expect([ours?.text, theirs?.text]).toEqual(['Shall we?', text]);
		expect(shownText(theirs as Message)).toBe(text);
		expect(theirs?.reactions ?? ours?.reactions).toBeUndefined();
	});

	it('makes no file of a text, and no text of a file', async () => {
		await says(`see this: ${LINK}`, { replyTo: 'm', replyFallback: { start: 0, end: 10 } });
		await says(LINK, { replyTo: 'm', replyFallback: { start: 0, end: 9 } });
		const [text, file] = await here.all();
		expect(text?.attachment).toBeUndefined();
		expect(file?.attachment).toMatchObject({ kind: 'file', host: 'files.b.example' });
	});

	it('does not make words of what was taken back', async () => {
		await says('regretted', { id: 'a' });
		await here.receive({ retracts: 'a' });
		await says('something new', { id: 'b', replaces: 'a' });
		expect(await shown()).toEqual([undefined, 'something new']);
	});

	it('is obeyed where it takes back what was said before, and the text stays', async () => {
		await says('regretted', { id: 'a' });
		await says('I take it back', { id: 'b', retracts: 'a' });
		expect(await shown()).toEqual([undefined, 'I take it back']);
		expect((await here.all())[0]?.isRetracted).toBe(true);
	});

	it('loses nothing where all is said to correct one message', async () => {
		await says('first', { id: 'a' });
		const words = Array.from({ length: 50 }, (_, n) => `word ${n}`);
		for (const word of words) await says(word, { replaces: 'a' });
		const all = await here.all();
		const said = all.flatMap(({ text, earlier = [] }) => [...earlier.map((one) => one.text), text]);
		expect(said).toEqual(['first', ...words]);
		expect(all.length).toBe(3);
	});

	it('gives no message the place of another in the archive', async () => {
		await says('first', { id: 'a' });
		const encrypted = await here.you.encrypt(ME, 'second');
		await here.receive({ encrypted, id: 'b', replaces: 'a' });
		await here.receive({ encrypted, id: 'b', replaces: 'a', archiveId: '7' });
		const [message, ...more] = await here.all();
		expect(more).toEqual([]);
		expect(message).toMatchObject({ text: 'second' });
		expect(message).not.toHaveProperty('archiveId');
		expect(await here.stores.archive.isArchived('7')).toBe(true);
	});
});

/** What others write, taken from their sources. */
describe('answers as others write them', () => {
	it.each<[string, string, string, Partial<IncomingMessage>]>([
		['Dino, Gajim', '> Shall we?\n> Now?\nyes', 'yes', { replyFallback: { start: 0, end: 19 } }],
		[
			'Monocles',
			'> Shall we?\n> Now?\n\nyes\nor no',
			'yes\nor no',
			{ replyFallback: { start: 0, end: 20 } },
		],
		[
			'Movim, whose range means another body',
			'yes',
			'yes',
			{ replyFallback: { start: 0, end: 9 } },
		],
		['without a range', '> Shall we?\n> Now?\nyes', 'yes', {}],
		['lines broken otherwise', '>  Shall we?\n>Now?\nyes', '>  Shall we?\n>Now?\nyes', {}],
		['a quote of its own', '> Shall we?\n> Now?\n> I ask\nyes', '> I ask\nyes', {}],
	])('%s', async (_, text, rest, outside) => {
		await ownMessage('m', 'Shall we?\nNow?');
		await says(text, { replyTo: 'm', ...outside });
		const answer = (await here.all())[1] as Message;
		expect(shownText(answer)).toBe(rest);
		expect(answer.text).toBe(text);
		if (rest !== text) expect(repeatedText(answer)).toBe('Shall we?\nNow?');
	});

	it.each([
		['a file by its name, as Dino does', '> b.jpg\nnice', 'nice'],
		['a file by its address, as Gajim does', `> ${LINK}\nnice`, 'nice'],
		['a file by its kind', '> Photo\nnice', 'nice'],
		['a file by its kind, in the word of before', '> Picture\nnice', 'nice'],
		['another file', '> c.jpg\nnice', '> c.jpg\nnice'],
	])('%s', async (_, text, rest) => {
		await ownMessage('m', LINK);
		await says(text, { replyTo: 'm' });
		expect(await shown()).toEqual([LINK, rest]);
	});

	it('a long text by its beginning', async () => {
		const long = 'All of this is a long text that goes on and on. '.repeat(9);
		await ownMessage('m', long);
		await says(`> ${long.slice(0, 120)}\nyes`, { replyTo: 'm' });
		await says(`> ${long.slice(0, 80)}…\nyes`, { replyTo: 'm' });
		await says(`> ${long.slice(0, 12)}\nyes`, { replyTo: 'm' });
		expect((await shown()).slice(1)).toEqual(['yes', 'yes', `> ${long.slice(0, 12)}\nyes`]);
	});

	it('a correction says it again, or does not', async () => {
		await ownMessage('m', 'Shall we?');
		await says('> Shall we?\nys', { id: 'a', replyTo: 'm' });
		await says('> Shall we?\nyes', { id: 'b', replyTo: 'm', replaces: 'a' });
		expect(await shown()).toEqual(['Shall we?', 'yes']);
		await says('> Shall we?\nyes!', { id: 'c', replaces: 'a' });
		expect(await shown()).toEqual(['Shall we?', 'yes!']);
		await says('yes, now', { id: 'd', replaces: 'a' });
		expect(await shown()).toEqual(['Shall we?', 'yes, now']);
		expect((await here.all())[1]?.replyTo?.id).toBe('m');
	});

	it('a reaction of Cheogram is one', async () => {
		await ownMessage('m', '> once\nShall we?\nNow?\nOr later?');
		await says('> Shall we?\n> Now?\n\n👍 🎉', { reactions: { id: 'm', emojis: ['👍', '🎉'] } });
		const [message, ...more] = await here.all();
		expect(more).toEqual([]);
		expect(emojisBy(message?.reactions, YOU)).toEqual(['👍', '🎉']);
	});

	it('a quote and a link is a text with something to open', async () => {
		await ownMessage('m', 'Where?');
		await says(`> Where?\n${LINK}`, { replyTo: 'm' });
		await says(`> Elsewhere?\n${LINK}`);
		await says(`> Where?\n${LINK}\nthere`);
		const [, first, second, third] = (await here.all()) as Message[];
		expect(first?.attachment).toEqual({
			kind: 'link',
			uri: LINK,
			body: LINK,
			host: 'files.b.example',
			name: 'b.jpg',
			media: 'image',
			text: '',
		});
		expect(second?.attachment).toMatchObject({ kind: 'link', text: '> Elsewhere?' });
		expect(third?.attachment).toBeUndefined();
	});
});

describe('a correction', () => {
	let other: Client;
	const now = async (id = 'a') => here.stores.messages.named(THEIRS, id);

	beforeEach(async () => {
		other = await new Client(here.server, YOU).start();
		await here.you.omemo.start();
		await says('Meet at six', { id: 'a' });
	});

	async function trust(client: Client, value: Trust): Promise<void> {
		const jid = client.account;
		const devices = await here.me.omemo.devices(jid);
		const { fingerprint } = devices.find(({ id }) => id === client.omemo.deviceId) ?? {};
		await here.me.omemo.setTrust(jid, fingerprint ?? '', value);
	}

	it('keeps what was said before, and from which device', async () => {
		await trust(here.you, 'verified');
		await says('Meet at seven', { replaces: 'a' });
		await says('Meet at eight', { replaces: 'a' });
		expect(await now()).toMatchObject({
			text: 'Meet at eight',
			isCorrected: true,
			earlier: [
				{ text: 'Meet at six', device: { trust: 'blind' } },
				{ text: 'Meet at seven', device: { trust: 'verified' } },
			],
		});
	});

	it('from a device that is new after one was verified stands beside it', async () => {
		await trust(here.you, 'verified');
		await says('Meet at six, sharp', { id: 'b' });
		await says('Send the money', { replaces: 'b' }, other);
		expect((await now('b'))?.text).toBe('Meet at six, sharp');
		const last = (await here.all()).at(-1);
		expect(last).toMatchObject({ text: 'Send the money', device: { trust: 'undecided' } });
		// Its own it may correct.
		await says('Send me money', { replaces: last?.id ?? '' }, other);
		expect((await here.all()).at(-1)).toMatchObject({ text: 'Send me money', isCorrected: true });
	});

	it('from a device that is not trusted any more stands beside it', async () => {
		await says('hello', {}, other);
		await trust(other, 'distrusted');
		await says('Send the money', { replaces: 'a' }, other);
		expect((await now())?.text).toBe('Meet at six');
		expect((await here.all()).at(-1)?.device?.trust).toBe('distrusted');
	});

	it('from another device that is trusted blindly replaces it, with that device', async () => {
		await says('hello', { id: 'h' }, other);
		await trust(here.you, 'verified');
		await says('At six, sharp', { id: 'b' });
		await says('Meet at seven', { replaces: 'b' }, other);
		expect(await now('b')).toMatchObject({
			text: 'Meet at seven',
			device: { trust: 'blind' },
			earlier: [{ text: 'At six, sharp', device: { trust: 'verified' } }],
		});
	});

	it('of a plain text by an encrypted one is not undone by a plain one', async () => {
		await here.receive({ id: 'p', body: 'plain' });
		await says('sealed', { replaces: 'p' });
		expect(await now('p')).toMatchObject({ text: 'sealed', isEncrypted: true });
		await here.receive({ body: 'forged', replaces: 'p' });
		expect((await now('p'))?.text).toBe('sealed');
		expect((await here.all()).at(-1)).toMatchObject({ text: 'forged', isEncrypted: false });
	});

	it('of ours from another device of ours replaces it, with that device', async () => {
		await ownMessage('m', 'mine');
		const mine = await new Client(here.server, ME).start();
		await here.me.omemo.start();
		await says('mine, edited', { replaces: 'm', isOwn: true, peer: YOU, to: YOU }, mine);
		const ours = await here.stores.messages.named(OURS, 'm');
		expect(ours).toMatchObject({
			text: 'mine, edited',
			device: { trust: 'blind' },
			earlier: [{ text: 'mine' }],
		});
	});
});

describe('a name that is used again', () => {
	it('changes nothing of what was answered before', async () => {
		await ownMessage('m', 'Shall we meet?');
		await says('> Shall we meet?\nYes', { id: 'a', replyTo: 'm' });
		const [question, answer] = await here.all();
		await here.receive({ id: 'm', body: 'Do you owe me a million?' });
		expect(answer?.replyTo?.key).toBe(question?.key);
		expect(repeatedText(answer as Message)).toBe('Shall we meet?');
		await says('> Shall we meet?\nYes, please', { id: 'b', replaces: 'a' });
		const now = await here.stores.messages.named(THEIRS, 'a');
		expect(now).toMatchObject({ replyTo: { key: question?.key } });
		expect(shownText(now as Message)).toBe('Yes, please');
	});

	it('in the clear does not catch a correction of what was encrypted', async () => {
		await says('Meet at six', { id: 'a' });
		await here.receive({ id: 'a', body: 'forged' });
		await says('Meet at seven', { replaces: 'a' });
		expect((await here.all()).map(({ text, isEncrypted }) => [text, isEncrypted])).toEqual([
			['Meet at seven', true],
			['forged', false],
		]);
	});
});

it('an earlier text that was not encrypted stays so', async () => {
	await here.receive({ id: 'p', body: LINK });
	await says('sealed', { replaces: 'p' });
	const [message] = await here.all();
	expect(message?.earlier).toMatchObject([{ text: LINK, isEncrypted: false }]);
});

it('what waits to be sent is not replaced by what another device of ours says', async () => {
	await ownMessage('m', 'No.', 'waiting');
	const mine = await new Client(here.server, ME).start();
	await here.me.omemo.start();
	await says('Yes.', { replaces: 'm', isOwn: true, peer: YOU, to: YOU }, mine);
	expect((await here.all()).map(({ text, state }) => [text, state])).toEqual([
		['No.', 'waiting'],
		['Yes.', 'sent'],
	]);
});

it('an encrypted reaction leaves a trace when it is taken back in the clear', async () => {
	await ownMessage('m', 'Shall we?');
	await says('> Shall we?\n\n👍', { reactions: { id: 'm', emojis: ['👍'] } });
	await here.receive({ reactions: { id: 'm', emojis: ['👎'] } });
	expect((await here.all())[0]?.reactions).toEqual([{ by: YOU, emojis: ['👎'], sealed: ['👍'] }]);
});

it('a link of a device of ours that is not verified loads only from a host that is known', async () => {
	const mine = await new Client(here.server, ME).start();
	await here.me.omemo.start();
	const own = { isOwn: true, peer: YOU, to: YOU };
	const ours = LINK.replace('files.b.example', 'files.a.example');
	await says(LINK, own, mine);
	await says(ours, own, mine);
	const device = (await here.me.omemo.devices(ME)).find(({ isThis }) => !isThis);
	await here.me.omemo.setTrust(ME, device?.fingerprint ?? '', 'distrusted');
	await says(ours.replace('b.jpg', 'c.jpg'), own, mine);
	const loads = (await here.all()).map((message) => isHostKnown(message, files));
	expect(loads).toEqual([false, true, false]);
	expect(lineOf((await here.all())[2] as Message)).toBe('Unverified device: Photo');
});

const NAMES = ['a', 'b', 'c', 'm'];
const name = fc.constantFrom(...NAMES);
const range = fc
	.tuple(fc.nat(30), fc.nat(30))
	.map(([start, length]) => ({ start, end: start + length + 1 }));
/** All that a server can put around an encrypted message. */
const outside = fc.record(
	{
		id: name,
		originId: name,
		replaces: name,
		replyTo: name,
		replyFallback: range,
		reactions: fc.record({ id: name, emojis: fc.constantFrom([], ['👍']) }),
		retracts: name,
		receiptFor: name,
		displayedId: name,
		body: fc.constantFrom('', 'forged'),
		chatState: fc.constantFrom('active' as const, 'composing' as const),
	},
	{ requiredKeys: ['id'] },
);
/** What it can say by itself. */
const forged = fc.oneof(
	fc.record({ replaces: name, body: fc.constant('forged') }),
	fc.record({ reactions: fc.record({ id: name, emojis: fc.constant(['👍']) }) }),
	fc.record({ retracts: name }),
);
/** As the messages of one sender are, no two are the same. */
const TEXTS: readonly ((n: number) => string)[] = [
	(n) => `yes ${n}`,
	(n) => `> mine\nno ${n}`,
	(n) => `> yes ${n - 1}\nsure ${n}`,
	(n) => `> mine\n${'👍 '.repeat(n + 1)}`,
	(n) => LINK.replace('b.jpg', `${n}.jpg`),
	(n) => `> mine\n${LINK.replace('b.jpg', `${n}.jpg`)}`,
	(n) => ' '.repeat(n + 1),
];

/** Each is taken at least once: by this, if by nothing else. */
const EVERY_WAY = [
	{ text: TEXTS[0], outside: { id: 'a' } },
	{ text: TEXTS[0], outside: { id: 'b', replaces: 'a' } },
	{ text: TEXTS[1], outside: { id: 'c', replyTo: 'm' } },
	{ text: TEXTS[3], outside: { id: 'd', reactions: { id: 'm', emojis: ['👍'] } } },
	{ text: TEXTS[4], outside: { id: 'e' } },
	{ text: TEXTS[5], outside: { id: 'f' } },
	{ outside: { retracts: 'a' } },
] as never;
const WAYS = ['corrected', 'file', 'folded', 'linked', 'reaction', 'taken back'];

it('whatever a server adds, every word is shown when it comes, and stays', async () => {
	const seen = new Set<string>();
	await fc.assert(
		fc.asyncProperty(
			fc.array(
				fc.oneof(
					fc.record({ text: fc.constantFrom(...TEXTS), outside }),
					fc.record({ outside: forged }),
				),
				{ maxLength: 12 },
			),
			async (stanzas) => {
				here = await new Receiver().start();
				await ownMessage('m', 'mine');
				const sent: string[] = [];
				const wordsOf = ({ text, earlier = [] }: Message) => [
					text,
					...earlier.map((one) => one.text),
				];
				/** of what somebody took back: its line stays */
				const goes = new Set<string | undefined>();
				for (const [n, stanza] of stanzas.entries()) {
					const text = 'text' in stanza ? stanza.text(n) : undefined;
					const retracts = 'retracts' in stanza.outside ? stanza.outside.retracts : undefined;
					const target = retracts && (await here.stores.messages.named(THEIRS, retracts));
					if (target) for (const word of wordsOf(target)) goes.add(word);
					if (text === undefined) await here.receive(stanza.outside);
					else await says(text, stanza.outside);
					const all = await here.all();
					const said = all.find((message) => message.text === text);
					const quotes = text?.startsWith('> mine\n👍');
					const isReaction = quotes && 'reactions' in stanza.outside && !said;
					if (text !== undefined && !isReaction) {
						expect(said?.isEncrypted).toBe(true);
						sent.push(text);
					}
					if (isReaction) seen.add('reaction');
					if (said?.replyTo?.folded) seen.add('folded');
					if (said?.attachment?.kind === 'file') seen.add('file');
					if (said?.attachment?.kind === 'link') seen.add('linked');
					if (said?.earlier) seen.add('corrected');
					if (all.some(({ isRetracted }) => isRetracted)) seen.add('taken back');
					const kept = all.flatMap(wordsOf);
					expect(sent.filter((one) => !kept.includes(one) && !goes.has(one))).toEqual([]);
					for (const message of all) {
						const { text: whole = '', replyTo } = message;
						const front = whole.slice(0, replyTo?.folded ?? 0);
						for (const line of front.split('\n').slice(0, -1)) expect(line).toMatch(/^>/);
					}
				}
			},
		),
		{ numRuns: times(300, 60), examples: [[EVERY_WAY]] },
	);
	expect([...seen].sort()).toEqual(WAYS);
}, 60_000);
