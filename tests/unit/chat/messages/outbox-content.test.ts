import { expect, it } from 'vitest';
import { unencrypted } from '../../../../src/chat/messages/outbox-content.ts';
import type { OutboxEntry } from '../../../../src/chat/messages/outbox-entry.ts';

const entry = (content: OutboxEntry['content']) =>
	unencrypted({ id: 'm2', peer: 'bob@a.example', content } as OutboxEntry).bare;

it('a text ends "is typing" for who reads it, also as a correction', () => {
	expect(entry({ kind: 'text', text: 'hello' })).toMatchObject({ chatState: 'active' });
	expect(entry({ kind: 'text', text: 'hallo', replaces: 'm1' })).toMatchObject({
		chatState: 'active',
		replaces: 'm1',
	});
});

it('what is no text says nothing of typing', () => {
	for (const content of [
		{ kind: 'reactions', to: 'm1', emojis: ['👍'] },
		{ kind: 'retraction', of: 'm1' },
	] as const)
		expect(entry(content)).not.toHaveProperty('chatState');
});
