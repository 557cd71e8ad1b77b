import { expect, it } from 'vitest';
import { createMessageMedia } from '../../../../src/chat/files/opened-media.ts';
import { interpret } from '../../../../src/chat/messages/interpret.ts';
import { previewOf } from '../../../../src/chat/model/attachment.ts';
import type { MessageFields } from '../../../../src/chat/model/message.ts';
import { accountSender } from '../../../../src/chat/model/sender.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';

const MESSAGE: MessageFields = {
	key: 'k',
	peer: 'ben@b.example',
	sender: accountSender('ben@b.example'),
	isOwn: false,
	id: 'i',
	time: 1,
	isEncrypted: true,
};
const preview = (fields: MessageFields) => previewOf(interpret(fields));
const FILE = `aesgcm://b.example/a.jpg#${'ab'.repeat(44)}`;

it('a message is told in a few words, and never by a key', () => {
	expect(preview({ ...MESSAGE, text: 'hello' })).toBe('hello');
	expect(preview({ ...MESSAGE, text: 'a'.repeat(500) }).length).toBe(120);
	expect(preview({ ...MESSAGE, text: FILE })).toBe('Photo');
	expect(preview({ ...MESSAGE, text: `${'a'.repeat(119)}😀b` })).toBe('a'.repeat(119));
	const half = preview({ ...MESSAGE, text: `${'a'.repeat(40)} #${'ab'.repeat(44)}` });
	expect(half).not.toMatch(/(?:ab){20}/);
	// Converse names what it answers only in OMEMO 2: the answer is what was said.
	expect(preview({ ...MESSAGE, text: '> Are you coming?\n> Tonight?\n\nI am!' })).toBe('I am!');
	expect(preview({ ...MESSAGE, text: '> Look at this\n👍' })).toBe('👍');
	expect(preview({ ...MESSAGE, text: `> Send it again\n${FILE}` })).toBe('Photo');
	expect(preview({ ...MESSAGE, text: '> only a quote' })).toBe('> only a quote');
	expect(preview({ ...MESSAGE, problem: 'session-broken' })).toBe("Can't be read here");
	expect(preview({ ...MESSAGE, problem: 'unreadable:call' })).toBe('Call');
});

it('a file is opened once, and anew only where it was removed from this device', async () => {
	const media = createMessageMedia(createMemoryVault().chat);
	const message = interpret(MESSAGE);
	let opened = 0;
	const open = async () => `${++opened}`;
	expect(await Promise.all([media.opened(message, open), media.opened(message, open)])).toEqual([
		'1',
		'1',
	]);
	expect(await media.opened(message, open, (id) => id === '1')).toBe('1');
	expect(await media.opened(message, open, () => false)).toBe('2');
	expect(await media.idOf(message)).toBe('2');
});
