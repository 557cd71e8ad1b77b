import { describe, expect, it } from 'vitest';
import {
	asNeverSent,
	withoutChange,
	withReactions,
	withReceipt,
} from '../../../../src/chat/model/changed-message.ts';
import type { MessageFields } from '../../../../src/chat/model/message.ts';
import { accountSender, type Sender } from '../../../../src/chat/model/sender.ts';

const ME = accountSender('me@a.example');
const YOU = accountSender('you@b.example');
const BEN: Sender = { kind: 'occupant', id: 'o1', nick: 'Ben' };
const ANNA: Sender = { kind: 'occupant', id: 'o2', nick: 'Ben' };

const MINE: MessageFields = {
	key: 'k',
	peer: YOU.jid,
	sender: ME,
	isOwn: true,
	id: 'i',
	time: 1,
	text: 'hi',
	isEncrypted: true,
	state: 'sent',
};

describe('a receipt', () => {
	it('moves the state of a message in a private chat, only forward', () => {
		const read = withReceipt(MINE, YOU, 'read');
		expect(read?.state).toBe('read');
		expect(withReceipt(read as MessageFields, YOU, 'delivered')).toBeUndefined();
		expect(withReceipt({ ...MINE, state: 'failed' }, YOU, 'delivered')?.state).toBe('delivered');
	});

	it('in a group is remembered for whoever it is by, whatever their nick', () => {
		const once = withReceipt(MINE, BEN, 'delivered') as MessageFields;
		const twice = withReceipt(once, ANNA, 'read') as MessageFields;
		expect(twice).toMatchObject({
			state: 'sent',
			receipts: [
				{ by: '/o1', state: 'delivered' },
				{ by: '/o2', state: 'read' },
			],
		});
		expect(withReceipt(twice, ANNA, 'delivered')).toBeUndefined();
		expect(withReceipt(twice, BEN, 'read')?.receipts).toHaveLength(2);
	});

	it('says nothing of a message that is not ours', () => {
		const { state: _, ...theirs } = MINE;
		expect(withReceipt(theirs, YOU, 'read')).toBeUndefined();
	});
});

describe('reactions', () => {
	it('are those of each sender, newest word alone', () => {
		const both = withReactions(withReactions(MINE, ME, ['👍']), BEN, ['🎉'], ['🎉']);
		expect(withReactions(both, BEN, ['👎']).reactions).toEqual([
			{ by: ME.jid, emojis: ['👍'] },
			{ by: '/o1', emojis: ['👎'], sealed: ['🎉'] },
		]);
		expect(withReactions(withReactions(MINE, ME, ['👍']), ME, [])).toEqual(MINE);
	});

	it('of others stay when a change of ours is undone, or never came through', () => {
		const before = withReactions(MINE, ME, ['👍']);
		const after = withReactions(withReactions(before, YOU, ['🎉']), ME, []);
		expect(withoutChange(after, before, ME).reactions).toEqual([
			{ by: YOU.jid, emojis: ['🎉'] },
			{ by: ME.jid, emojis: ['👍'] },
		]);
		expect(asNeverSent(withReactions(after, ME, ['👎']), { state: 'failed' })).toMatchObject({
			state: 'failed',
			reactions: [{ by: YOU.jid, emojis: ['🎉'] }],
		});
	});
});
