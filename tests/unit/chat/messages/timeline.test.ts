import { beforeEach, describe, expect, it } from 'vitest';
import { interpret } from '../../../../src/chat/messages/interpret.ts';
import { makeStores, type Stores } from '../../../../src/chat/messages/stores.ts';
import { makeTimeline } from '../../../../src/chat/messages/timeline.ts';
import type { Message } from '../../../../src/chat/model/message.ts';
import { accountSender } from '../../../../src/chat/model/sender.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';

const YOU = 'you@b.example';
let stores: Stores;

beforeEach(() => {
	stores = makeStores(createMemoryVault().chat, 'me@a.example');
});

it('shows of a message what it is now, and nothing of what it was', async () => {
	const timeline = makeTimeline(stores, YOU);
	await timeline.newest();
	const message = interpret({
		key: await stores.messages.keyFor(YOU, 1),
		peer: YOU,
		sender: accountSender('me@a.example'),
		isOwn: true,
		id: 'an id',
		time: 1,
		isEncrypted: true,
		state: 'waiting',
	});
	timeline.shown([
		{
			...message,
			state: 'failed',
			problem: 'quota',
			problemDetail: { limit: 1 },
			share: { mediaId: '1', name: 'a.jpg', size: 1 },
			attachment: { kind: 'upload', mediaId: '1', name: 'a.jpg', size: 1, media: 'image' },
		},
	]);
	const said: Message = { ...message, text: 'aesgcm://…', state: 'sent' };
	timeline.shown([said]);
	const [shown] = timeline.state.messages;
	expect(shown).toEqual(JSON.parse(JSON.stringify(said)));
	for (const gone of ['problem', 'problemDetail', 'share', 'attachment'] as const)
		expect(shown?.[gone]).toBeUndefined();
});

describe('what is kept while a page is read', () => {
	/** Reads go on only when they are let go. */
	let gate: Promise<void> | undefined;
	let slow: Stores;

	beforeEach(() => {
		gate = undefined;
		slow = {
			...stores,
			messages: {
				...stores.messages,
				async page(...all) {
					const found = await stores.messages.page(...all);
					await gate;
					return found;
				},
			},
		};
	});

	async function kept(n: number): Promise<Message> {
		const key = await stores.messages.keyFor(YOU, n);
		const sender = accountSender(YOU);
		const said = { id: `${n}`, time: n, isEncrypted: false };
		const common = { key, peer: YOU, sender, isOwn: false, ...said };
		const message = interpret({ ...common, text: `${n}` });
		await stores.write(await stores.messages.put(message));
		return message;
	}
	function hold(): () => void {
		let release: () => void = () => undefined;
		gate = new Promise((resolve) => {
			release = resolve;
		});
		return release;
	}

	it('is there once the newest ones are', async () => {
		for (let n = 0; n < 3; n++) await kept(n);
		const timeline = makeTimeline(slow, YOU);
		const release = hold();
		const reading = timeline.newest();
		// The page was read before these came.
		await new Promise((resolve) => setImmediate(resolve));
		timeline.shown([await kept(3)]);
		timeline.shown([await kept(4)]);
		release();
		await reading;
		expect(timeline.state.messages.map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4']);
	});

	it('stands in its place where older ones are read into a conversation that was empty', async () => {
		let rest = { isComplete: false, isSealed: false };
		const history = { at: async () => rest, older: async () => rest };
		const timeline = makeTimeline(slow, YOU, history);
		await timeline.newest();
		rest = { isComplete: true, isSealed: false };
		const [first, second] = [await kept(0), await kept(1)];
		const release = hold();
		const reading = timeline.older();
		await new Promise((resolve) => setImmediate(resolve));
		timeline.shown([first]);
		release();
		await reading;
		timeline.shown([second]);
		expect(timeline.state.messages.map(({ text }) => text)).toEqual(['0', '1']);
	});

	const texts = (from: number, to: number) =>
		Array.from({ length: to - from + 1 }, (_, n) => `${from + n}`);

	/** The first ones alone are shown, and not yet those that came after. */
	async function showingFirst(): Promise<ReturnType<typeof makeTimeline>> {
		const first = await kept(0);
		for (let n = 1; n < 70; n++) await kept(n);
		const timeline = makeTimeline(slow, YOU);
		await timeline.around(first.key);
		expect(timeline.state.messages.map(({ text }) => text)).toEqual(texts(0, 60));
		return timeline;
	}

	it.each(['newer', 'newest'] as const)('is there once %s ones are', async (way) => {
		const timeline = await showingFirst();
		const release = hold();
		const reading = timeline[way]();
		await new Promise((resolve) => setImmediate(resolve));
		timeline.shown([await kept(70)]);
		release();
		await reading;
		expect(timeline.state.hasNewer).toBe(false);
		expect(timeline.state.messages.map(({ text }) => text).slice(-11)).toEqual(texts(60, 70));
	});

	it.each(['newer', 'around', 'older'] as const)(
		'is as it was kept last where it changed while %s is read, and more is beyond',
		async (way) => {
			const all: Message[] = [];
			for (let n = 0; n < 200; n++) all.push(await kept(n));
			const timeline = makeTimeline(slow, YOU);
			const at = (n: number) => all[n] as Message;
			await timeline.around(at(way === 'older' ? 199 : 0).key);
			const release = hold();
			const reading = way === 'around' ? timeline.around(at(80).key) : timeline[way]();
			await new Promise((resolve) => setImmediate(resolve));
			const changed = { ...at(way === 'older' ? 130 : 70), text: 'edited' };
			await stores.write(await stores.messages.put(changed));
			timeline.shown([changed]);
			// What is beyond does not come in by a change.
			timeline.shown([{ ...at(way === 'older' ? 5 : 195), text: 'edited' }]);
			release();
			await reading;
			const { messages } = timeline.state;
			expect(messages.filter(({ text }) => text === 'edited').map(({ key }) => key)).toEqual([
				changed.key,
			]);
		},
	);

	it('is there once what is around a message is', async () => {
		const first = await kept(0);
		const timeline = makeTimeline(
			{
				...stores,
				messages: {
					...stores.messages,
					async page(peer, options) {
						const found = await stores.messages.page(peer, options);
						if (options.after !== undefined) await gate;
						return found;
					},
				},
			},
			YOU,
		);
		const release = hold();
		const reading = timeline.around(first.key);
		await new Promise((resolve) => setImmediate(resolve));
		timeline.shown([await kept(1)]);
		release();
		await reading;
		expect(timeline.state.messages.map(({ text }) => text)).toEqual(['0', '1']);
	});

	it('does not keep the newest ones from being read, who asks for them meanwhile', async () => {
		const timeline = await showingFirst();
		const release = hold();
		const older = timeline.older();
		const newest = timeline.newest();
		release();
		await older;
		await newest;
		expect(timeline.state.messages.at(-1)?.text).toBe('69');
	});
});
