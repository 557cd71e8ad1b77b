import { expect, it } from 'vitest';
import type { ChatMessage } from '../../../src/chat/messenger/chat-message.ts';
import { previewOf } from '../../../src/chat/messenger/message-media.ts';

const MESSAGE: ChatMessage = {
	key: 'k',
	peer: 'ben@b.example',
	isOwn: false,
	id: 'i',
	time: 1,
	isEncrypted: true,
};
const FILE = `aesgcm://b.example/a.jpg#${'ab'.repeat(44)}`;

it('a message is told in a few words, and never by a key', () => {
	expect(previewOf({ ...MESSAGE, text: 'hello' })).toBe('hello');
	expect(previewOf({ ...MESSAGE, text: 'a'.repeat(500) }).length).toBe(120);
	expect(previewOf({ ...MESSAGE, text: FILE })).toBe('Picture');
	expect(previewOf({ ...MESSAGE, problem: 'session-broken' })).toBe('Cannot be read here');
});
