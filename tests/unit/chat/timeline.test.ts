import { beforeEach, expect, it } from 'vitest';
import type { ChatMessage } from '../../../src/chat/messenger/chat-message.ts';
import { createMessageRows, type MessageRows } from '../../../src/chat/messenger/message-rows.ts';
import { makeTimeline } from '../../../src/chat/messenger/timeline.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';

const YOU = 'you@b.example';
let rows: MessageRows;

beforeEach(() => {
	rows = createMessageRows(createMemoryVault().chat, 'me@a.example');
});

it('shows of a message what it is now, and nothing of what it was', async () => {
	const timeline = makeTimeline(rows, YOU);
	await timeline.newest();
	const message: ChatMessage = {
		key: await rows.keyFor(YOU, 1),
		peer: YOU,
		isOwn: true,
		id: 'an id',
		time: 1,
		isEncrypted: true,
		state: 'waiting',
	};
	timeline.shown({
		...message,
		state: 'failed',
		problem: 'quota',
		problemDetail: { limit: 1 },
		share: { mediaId: '1', name: 'a.jpg', size: 1 },
	});
	const said: ChatMessage = { ...message, text: 'aesgcm://…', state: 'sent' };
	timeline.shown(said);
	const [shown] = timeline.state.messages;
	expect(shown).toMatchObject(said);
	for (const gone of ['problem', 'problemDetail', 'share'] as const)
		expect(shown?.[gone]).toBeUndefined();
});
