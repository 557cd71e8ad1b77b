import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Messenger } from '../../../../src/chat/account/messenger.ts';
import { makeStores } from '../../../../src/chat/messages/stores.ts';
import type { Message } from '../../../../src/chat/model/message.ts';
import { emojisBy } from '../../../../src/chat/model/reactions.ts';
import { MediaError } from '../../../../src/core/errors.ts';
import { actionsOf } from '../../../../src/ui/conversation/message-actions.ts';
import { createMemoryVault, type Vault } from '../../../../src/vault/vault.ts';
import type { Connection } from '../../../../src/xmpp/connection.ts';
import type { OutgoingMessage } from '../../../../src/xmpp/message.ts';
import { Client, Server } from '../../omemo/support.ts';
import {
	FakeServer,
	gatedVault,
	ME,
	makePage,
	settled,
	settledSlowly,
} from '../messenger-support.ts';

const BOB = 'bob@a.example';
const CAROL = 'carol@a.example';
const PEERS = [BOB, CAROL];
/** How many schedules, and the first of them: each is made from its number. */
const SCHEDULES = Number(process.env['SCHEDULES'] ?? 6);
const FIRST = Number(process.env['FIRST'] ?? 1);
const STEPS = 120;

let server: FakeServer;
vi.mock('../../../../src/xmpp/connection.ts', () => ({
	makeConnection: (options: never): Connection => server.makeConnection(options),
}));
let reported: unknown[];
beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
	reported = [];
	vi.stubGlobal('reportError', (thrown: Error) => reported.push(thrown.cause));
});
afterEach(() => vi.useRealTimers());

function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** A message as its reader has it. */
interface Said {
	id: string;
	text: string | undefined;
	reactions: string;
}

async function schedule(seed: number, isEncrypted: boolean): Promise<void> {
	const rand = random(seed);
	const pick = <T>(list: readonly T[]) => list[Math.floor(rand() * list.length)] as T;
	vi.setSystemTime(1_700_000_000_000);
	server = new FakeServer();
	server.contacts = PEERS.map(
		(jid) => ({ jid, name: undefined, subscription: 'both', isPending: false }) as never,
	);
	const omemoServer = new Server();
	const peers = new Map<string, Client>();
	if (isEncrypted) {
		const bob = await new Client(omemoServer, BOB).start();
		peers.set(BOB, bob);
		const transport = omemoServer.transportOf(ME);
		server.omemo = transport;
	}
	const memory = createMemoryVault();
	const kept = makeStores(memory.chat, ME);
	let number = 0;
	let chance = 0;
	let page!: Messenger;
	let vault!: Vault;
	const settle = isEncrypted ? settledSlowly : settled;
	const pass = async (time: number, step = 1000) => {
		for (let at = 0; at < time; at += step) {
			await vi.advanceTimersByTimeAsync(step);
			await settle();
		}
	};
	function open(): void {
		number += 1;
		const mine = number;
		vault = gatedVault(memory, async (kind) => {
			if (mine !== number) await new Promise<never>(() => undefined);
			if (kind === 'write' && rand() < chance) throw new MediaError('storage-full');
		});
		page = makePage(vault);
	}
	const old: Messenger[] = [];
	function kill(): void {
		old.push(page);
		if (server.line) {
			server.line.isDead = true;
			server.line.isUp = false;
		}
		server.line = undefined;
		open();
	}
	open();
	for (let n = 0; n < 200 && server.line?.isUp !== true; n++) await settledSlowly();
	await pass(2000);
	await settledSlowly();
	await page.chats.setPlaintext(CAROL, true);
	if (!isEncrypted) await page.chats.setPlaintext(BOB, true);

	const theirs = new Map<string, Said[]>(PEERS.map((peer) => [peer, []]));
	/** what was taken to be sent, and what its author changed or took back later */
	const promised = new Set<string>();
	const changed = new Set<string>();
	let texts = 0;
	const attempt = (work: () => Promise<unknown>, text?: string) => {
		void work().then(
			() => text !== undefined && promised.add(text),
			() => undefined,
		);
	};
	async function ownMessage(): Promise<Message | undefined> {
		const all = (await kept.messages.page(pick(PEERS), { limit: 1000 })).filter(
			({ isOwn }) => isOwn,
		);
		return pick(all.slice(-4));
	}
	async function says(peer: string): Promise<void> {
		texts += 1;
		const id = `t${texts}`;
		const text = `their ${texts}`;
		const list = theirs.get(peer) as Said[];
		const last = pick(list.slice(-3));
		const kind = last === undefined || last.text === undefined ? 1 : rand();
		const client = peers.get(peer);
		const lists = omemoServer.lists.get(ME)?.length ?? 0;
		const body = async () =>
			client && lists > 0 ? { encrypted: await client.encrypt(ME, text) } : { body: text };
		if (last !== undefined && kind < 0.1) {
			last.text = text;
			server.says(peer, id, { ...(await body()), replaces: last.id });
		} else if (last !== undefined && kind < 0.15) {
			last.text = undefined;
			last.reactions = '';
			server.says(peer, id, { retracts: last.id });
		} else if (last !== undefined && kind < 0.25) {
			last.reactions = pick(['👍', '🙏']);
			server.says(peer, id, { reactions: { id: last.id, emojis: [last.reactions] } });
		} else {
			list.push({ id, text, reactions: '' });
			server.says(peer, id, await body());
		}
	}

	for (let step = 0; step < STEPS; step++) {
		const line = server.line;
		const dice = rand();
		// Nothing is shown before that.
		if (dice < 0.53 && !page.state.loaded) await settledSlowly();
		if (dice < 0.25) {
			texts += 1;
			const text = `mine ${texts}`;
			const peer = pick(PEERS);
			attempt(() => page.messages.send(peer, text), text);
		} else if (dice < 0.45) await says(pick(PEERS));
		else if (dice < 0.53) {
			const message = await ownMessage();
			if (message === undefined) continue;
			const what = rand();
			texts += 1;
			const text = `edit ${texts}`;
			const { canEdit, canDelete, canAnswer } = actionsOf(message);
			if (what < 0.7) changed.add(message.text ?? '');
			if (what < 0.35 && canEdit) attempt(() => page.messages.correct(message, text));
			else if (what < 0.6 && message.state === 'waiting')
				attempt(() => page.messages.cancel(message));
			else if (what < 0.7 && canDelete) attempt(() => page.messages.retract(message));
			else if (canAnswer) {
				await page.changeSettings({ reactsInClear: true }).catch(() => undefined);
				attempt(() => page.messages.react(message, [pick(['👍', '🙏'])]));
			}
		} else if (dice < 0.6) {
			const [count, acks] = [Math.floor(rand() * 4), rand() < 0.7];
			line?.take(count, acks);
		} else if (dice < 0.66) {
			line?.end(rand() < 0.8 ? 'line' : 'server', rand() < 0.6);
		} else if (dice < 0.76) {
			line?.begin();
		} else if (dice < 0.82) {
			chance = pick([0, 0, 0.3, 0.5, 1]);
		} else if (dice < 0.85) {
			kill();
		} else if (dice < 0.88) {
			const jump = (rand() - 0.5) * 2 * 86_400_000;
			vi.setSystemTime(Date.now() + jump);
		} else if (dice < 0.96) await pass(1000 + rand() * 4000);
		else await pass(20_000);
		if (rand() < 0.6) await settle();
	}

	chance = 0;
	if (rand() < 0.5) kill();
	for (let n = 0; n < 400 && server.line === undefined; n++) await settledSlowly();
	const failed = new Set<string>();
	for (let round = 0; round < 40; round++) {
		server.line?.begin();
		await pass(20_000, 5000);
		server.line?.take();
		await settledSlowly();
		for (const peer of PEERS)
			for (const message of await kept.messages.page(peer, { limit: 1000 }))
				if (message.state === 'failed') {
					failed.add(message.key);
					await page.messages.retry(message);
				}
	}
	await settledSlowly();

	expect(await kept.outbox.all()).toEqual([]);
	expect(reported.filter((thrown) => !(thrown instanceof MediaError))).toEqual([]);
	for (const peer of PEERS) {
		const all = await kept.messages.page(peer, { limit: 1000 });
		// theirs, as they said it
		const view = all
			.filter(({ isOwn }) => !isOwn)
			.map(({ id, text, reactions }) => ({
				id,
				text,
				reactions: emojisBy(reactions, peer).join(''),
			}));
		expect(view).toEqual(theirs.get(peer));
		// ours, as they see it
		const failedIds = new Set(all.filter(({ key }) => failed.has(key)).map(({ id }) => id));
		const seen: Said[] = [];
		const ids = new Set<string>();
		for (const stanza of server.taken.filter(({ to }) => to === peer)) {
			if (ids.has(stanza.id) || stanza.receiptFor !== undefined) continue;
			const client = peers.get(peer);
			const isMessage = stanza.body !== undefined || stanza.encrypted !== undefined;
			if (isMessage && client !== undefined) expect(stanza.body).toBeUndefined();
			ids.add(stanza.id);
			await apply(seen, stanza, client, (id) => {
				// What failed was blamed for a stream that ended; what was said of it meanwhile went out.
				if (!failedIds.has(id)) throw new Error(`of nothing: ${id}`);
			});
		}
		const mine = all
			.filter(({ isOwn }) => isOwn)
			.map(({ id, text, reactions, isRetracted }) => ({
				...{ id, text: isRetracted ? undefined : text },
				reactions: emojisBy(reactions, ME).join(''),
			}));
		const others = (list: Said[]) => list.filter(({ id }) => !failedIds.has(id));
		for (const { text } of seen) promised.delete(text ?? '');
		expect(others(seen)).toEqual(others(mine));
		expect(all.filter(({ isOwn, state }) => isOwn && state === 'waiting')).toEqual([]);
	}
	expect([...promised].filter((text) => !changed.has(text))).toEqual([]);
	for (const one of [...old, page]) void one.close();
}

async function apply(
	seen: Said[],
	stanza: OutgoingMessage,
	client: Client | undefined,
	lost: (id: string) => void,
): Promise<void> {
	const { id, replaces, retracts, reactions } = stanza;
	const target = (name: string | undefined) => seen.find((said) => said.id === name);
	if (reactions !== undefined) {
		const said = target(reactions.id);
		if (said === undefined) lost(reactions.id);
		else if (said.text !== undefined) said.reactions = reactions.emojis.join('');
		return;
	}
	if (retracts !== undefined) {
		const said = target(retracts);
		if (said === undefined) lost(retracts);
		else Object.assign(said, { text: undefined, reactions: '' });
		return;
	}
	const text =
		stanza.encrypted && client ? (await client.decrypt(ME, stanza.encrypted)).text : stanza.body;
	if (text === undefined) return;
	if (replaces === undefined) seen.push({ id, text, reactions: '' });
	else {
		const said = target(replaces);
		if (said === undefined) lost(replaces);
		else if (said.text !== undefined) said.text = text;
	}
}

describe('whatever happens in whatever order, nothing is lost, doubled, disordered or in the clear', () => {
	const numbers = Array.from({ length: SCHEDULES }, (_, n) => FIRST + n);
	it.each(numbers)('in plain text: %d', (seed) => schedule(seed, false), 60_000);
	it.each(numbers.slice(0, SCHEDULES / 3))('encrypted: %d', (seed) => schedule(seed, true), 60_000);
});
