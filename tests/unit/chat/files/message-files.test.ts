import { beforeEach, expect, it, vi } from 'vitest';
import {
	createMessageFiles,
	type MessageFiles,
	type ShownFiles,
} from '../../../../src/chat/files/message-files.ts';
import { createMessageMedia } from '../../../../src/chat/files/opened-media.ts';
import { interpret } from '../../../../src/chat/messages/interpret.ts';
import { blank } from '../../../../src/chat/model/conversation.ts';
import type { Message, MessageFields } from '../../../../src/chat/model/message.ts';
import { initialState, type MessengerState } from '../../../../src/chat/model/messenger-state.ts';
import { accountSender } from '../../../../src/chat/model/sender.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';

const ME = 'me@a.example';
const BEN = 'ben@b.example';
const linkAt = (host: string) => `aesgcm://${host}/a.jpg#${'ab'.repeat(44)}`;
const ALL = Number.MAX_SAFE_INTEGER;

let state: MessengerState;
let files: MessageFiles;
let shown: ShownFiles & { items: { id: string }[] };
/** hosts, and the limits that they were opened with */
let opened: [string, number | undefined][];
let isGone: boolean;

beforeEach(() => {
	vi.stubGlobal('navigator', {});
	opened = [];
	isGone = false;
	state = initialState(ME);
	state.contacts[BEN] = { jid: BEN, subscription: 'both', groups: [], isPending: false } as never;
	const items: { id: string }[] = [];
	shown = {
		items,
		state: { items, settings: { loadLimit: 1000, loadKinds: ['image'], loadMetered: false } },
		async open({ uri }, owner, limit) {
			expect(owner).toBe(ME);
			opened.push([new URL(uri.replace('aesgcm:', 'https:')).hostname, limit]);
			const id = `item ${opened.length}`;
			items.push({ id });
			return id;
		},
		adopt: async () => true,
		remove: async () => undefined,
	};
	files = createMessageFiles({
		state,
		media: createMessageMedia(createMemoryVault().chat),
		shown,
		current: async (message) => (isGone ? { ...message, isRetracted: true } : message),
		localFile: () => undefined,
	});
});

let count = 0;
function message(host: string, more: Partial<MessageFields> = {}): Message {
	count += 1;
	const common = { key: `k${count}`, peer: BEN, isOwn: false, id: `i${count}`, time: count };
	const sender = accountSender(more.isOwn ? ME : (more.peer ?? BEN));
	return interpret({ ...common, sender, text: linkAt(host), isEncrypted: true, ...more });
}

it('downloads what lies at the server of a contact, up to the size that was chosen', async () => {
	expect(await files.find(message('files.b.example'))).toBe('item 1');
	expect(await files.find(message('up.a.example'))).toBe('item 2');
	expect(opened).toEqual([
		['files.b.example', 1000],
		['up.a.example', 1000],
	]);
});

it.each([
	['lies anywhere else', () => message('evil.example')],
	['is from a stranger', () => message('files.e.example', { peer: 'eve@e.example' })],
	[
		'is from a device that is not trusted',
		() => message('files.b.example', { device: { id: 1, fingerprint: 'f', trust: 'distrusted' } }),
	],
	['is only linked to', () => message('b.example', { text: `> so?\n${linkAt('b.example')}` })],
	['came in the clear', () => message('b.example', { isEncrypted: false })],
])('asks first for what %s', async (_, make) => {
	expect(await files.find(make())).toBeUndefined();
	expect(opened).toEqual([]);
});

it('opens anything that somebody asks for, whatever its size, and once', async () => {
	const strange = message('evil.example');
	expect(files.strangeHost(strange)).toBe('evil.example');
	expect(await files.open(strange)).toBe('item 1');
	expect(await files.open(strange)).toBe('item 1');
	expect(opened).toEqual([['evil.example', undefined]]);
});

it('heeds what was chosen for the chat', async () => {
	state.conversations = [{ ...blank(BEN), loads: 'never' }];
	expect(await files.find(message('b.example'))).toBeUndefined();
	state.conversations = [{ ...blank(BEN), loads: 'always' }];
	await files.find(message('b.example'));
	expect(opened).toEqual([['b.example', ALL]]);
});

it('takes back nothing that was removed from this device, unless somebody asks', async () => {
	const file = message('b.example');
	await files.find(file);
	shown.items.length = 0;
	expect(await files.find(file)).toBe('item 1');
	expect(opened).toHaveLength(1);
	expect(await files.open(file)).toBe('item 2');
});

it('opens nothing that was deleted meanwhile', async () => {
	isGone = true;
	expect(await files.open(message('b.example'))).toBeUndefined();
	expect(opened).toEqual([]);
});

it('of our own, loads what this device or a verified one has sent from anywhere', async () => {
	await files.find(message('evil.example', { isOwn: true }));
	const trust = (name: 'verified' | 'undecided') => ({ id: 1, fingerprint: 'f', trust: name });
	await files.find(message('evil.example', { isOwn: true, device: trust('verified') }));
	await files.find(message('evil.example', { isOwn: true, device: trust('undecided') }));
	expect(opened).toEqual([
		['evil.example', ALL],
		['evil.example', ALL],
	]);
});
