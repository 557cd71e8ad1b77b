import { expect, it } from 'vitest';
import { createArchiveStore } from '../../../../src/chat/messages/archive-store.ts';
import { accountSender } from '../../../../src/chat/model/sender.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';

const ME = 'me@a.example';
const YOU = 'you@b.example';
const side = { peer: YOU, sender: accountSender(ME) };

it('what was taken back before the update does not come back with an older page', async () => {
	const { chat } = createMemoryVault();
	const key = ['early', ME, YOU, 'own', 'm1', ''].join('\n');
	// As versions before groups wrote it.
	await chat.write([await chat.put(key, { reactions: { theirs: [] } })]);
	const archive = createArchiveStore(chat, ME);
	const earlier = [
		{ by: YOU, emojis: ['👍'] },
		{ by: ME, emojis: ['🎈'] },
	];
	await chat.write([await archive.putEarlyChange(side, 'm1', { reactions: earlier })]);
	expect((await archive.earlyChange(side, 'm1')).reactions).toEqual([
		{ by: YOU, emojis: [] },
		{ by: ME, emojis: ['🎈'] },
	]);
});
