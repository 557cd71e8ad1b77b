import { describe, expect, it } from 'vitest';
import { interpret } from '../../../../src/chat/messages/interpret.ts';
import { rowOf } from '../../../../src/chat/messages/message-row.ts';
import type { MessageFields } from '../../../../src/chat/model/message.ts';
import { accountSender } from '../../../../src/chat/model/sender.ts';

const SECRET = 'ab'.repeat(44);
const LINK = `aesgcm://files.b.example/up/a%20b.jpg#${SECRET}`;
const THUMBNAIL = 'data:image/jpeg;base64,/9j/4AAQSkZJRg==';

const FIELDS: MessageFields = {
	key: 'k',
	peer: 'ben@b.example',
	sender: accountSender('ben@b.example'),
	isOwn: false,
	id: 'i',
	time: 1,
	isEncrypted: true,
};
const attachment = (more: Partial<MessageFields>) => interpret({ ...FIELDS, ...more }).attachment;
const FILE = {
	uri: LINK,
	body: LINK,
	host: 'files.b.example',
	name: 'a%20b.jpg',
	media: 'image' as const,
};

describe('a body', () => {
	it.each([
		['is a file where it is exactly a link', { text: LINK }, { kind: 'file', ...FILE }],
		[
			'is a file with its thumbnail',
			{ text: `${LINK}\n${THUMBNAIL}` },
			{ kind: 'file', ...FILE, body: `${LINK}\n${THUMBNAIL}`, thumbnail: THUMBNAIL },
		],
		[
			'leads to a file behind a quote',
			{ text: `> Where is it?\n${LINK}` },
			{ kind: 'link', ...FILE, text: '> Where is it?' },
		],
		[
			'is on its way where it is not uploaded',
			{ share: { mediaId: 'm', name: 'a.mp4', size: 7 } },
			{ kind: 'upload', mediaId: 'm', name: 'a.mp4', size: 7, media: 'video' },
		],
		['is text where it came in the clear', { text: LINK, isEncrypted: false }, undefined],
		['is text with words behind the link', { text: `${LINK} look!` }, undefined],
		['is text with words before the link', { text: `look: ${LINK}` }, undefined],
		['is text where the link is broken', { text: LINK.slice(0, -1) }, undefined],
		['is text where a link is not aesgcm', { text: 'https://files.b.example/a.jpg' }, undefined],
		[
			'is text where a quote was sent in front of it',
			{ text: LINK, replyTo: { id: 'x', isQuoted: true } },
			undefined,
		],
		['is nothing where it could not be read', { problem: 'session-broken' }, undefined],
	])('%s', (_, more, found) => {
		expect(attachment(more)).toEqual(found);
	});
});

it('an earlier text is read, too, without what the message answers now', () => {
	const earlier = [{ text: LINK, time: 1, isEncrypted: true }];
	const replyTo = { id: 'x', isQuoted: true };
	const message = interpret({ ...FIELDS, text: 'never mind', earlier, replyTo });
	expect(message.attachment).toBeUndefined();
	expect(message.earlier?.[0]?.attachment).toEqual({ kind: 'file', ...FILE });
});

it('nothing of the meaning is kept, and a stale one does not last', () => {
	const message = interpret({
		...FIELDS,
		text: LINK,
		earlier: [{ text: LINK, time: 1, isEncrypted: true }],
	});
	expect(JSON.stringify(rowOf(message))).not.toContain('attachment');
	expect(interpret({ ...message, text: 'hello' }).attachment).toBeUndefined();
});
