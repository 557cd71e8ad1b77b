import { describe, expect, it } from 'vitest';
import { fieldsOfRow, rowOf } from '../../../../src/chat/messages/message-row.ts';
import { makeStores } from '../../../../src/chat/messages/stores.ts';
import type { MessageFields } from '../../../../src/chat/model/message.ts';
import { accountSender } from '../../../../src/chat/model/sender.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';

const ME = 'me@a.example';
const YOU = 'you@b.example';
const OLD = { key: 'k', peer: YOU, isOwn: false, id: 'i', time: 1, text: 'hi', isEncrypted: true };

describe('a row of a version that knew two sides only', () => {
	it.each([
		['theirs', { isOwn: false }, YOU],
		['ours', { isOwn: true }, ME],
	])('has a sender: %s', (_, side, jid) => {
		expect(fieldsOfRow({ ...OLD, ...side }, ME).sender).toEqual(accountSender(jid));
	});

	it('has reactions by their senders', () => {
		const reactions = { own: ['👍'], theirs: ['🎉', '👎'], sealed: { own: [], theirs: ['🎉'] } };
		expect(fieldsOfRow({ ...OLD, reactions }, ME).reactions).toEqual([
			{ by: ME, emojis: ['👍'] },
			{ by: YOU, emojis: ['🎉', '👎'], sealed: ['🎉'] },
		]);
		expect(fieldsOfRow({ ...OLD, reactions: { own: [], theirs: [] } }, ME).reactions).toEqual([]);
	});

	it('is read wherever one lies: a message, what waits to be sent, an early change', async () => {
		const { chat } = createMemoryVault();
		const stores = makeStores(chat, ME);
		const key = await stores.messages.keyFor(YOU, 1);
		const row = { ...OLD, key, reactions: { own: [], theirs: ['👍'] } };
		const entry = {
			key,
			messageKey: key,
			peer: YOU,
			id: 'c',
			content: { kind: 'text' as const, text: 'ho' },
			isEncrypted: true,
		};
		await chat.write([
			await chat.put(key, row),
			await chat.put(['outbox', ME, key, ''].join('\n'), { ...entry, before: row }),
			await chat.put(['early', ME, YOU, 'theirs', 'x', ''].join('\n'), {
				correction: row,
				reactions: { own: ['🙂'] },
			}),
		]);
		const read = { ...OLD, key, sender: accountSender(YOU) };
		const felt = [{ by: YOU, emojis: ['👍'] }];
		expect(await stores.messages.get(key)).toMatchObject({ ...read, reactions: felt });
		expect((await stores.outbox.all())[0]?.before).toEqual({ ...read, reactions: felt });
		expect(
			await stores.archive.earlyChange({ peer: YOU, sender: accountSender(YOU) }, 'x'),
		).toEqual({
			correction: { ...read, reactions: felt },
			reactions: [{ by: ME, emojis: ['🙂'] }],
		});
	});
});

it('what is kept comes back as it was, also from somebody in a group', () => {
	const message: MessageFields = {
		...OLD,
		sender: { kind: 'occupant', id: 'o1', nick: 'Ben' },
		reactions: [{ by: '/o2', emojis: ['👍'] }],
		receipts: [{ by: '/o2', state: 'read' }],
	};
	expect(fieldsOfRow(rowOf(message), ME)).toEqual(message);
	const plain: MessageFields = { ...OLD, sender: accountSender(YOU) };
	expect(rowOf(plain)).toEqual(OLD);
	expect(fieldsOfRow(rowOf(plain), ME)).toEqual(plain);
});
