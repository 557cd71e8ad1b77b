import { expect, it } from 'vitest';
import { createMessageMedia } from '../../../../src/chat/files/opened-media.ts';
import { removeFiles } from '../../../../src/chat/files/remove-files.ts';
import { interpret } from '../../../../src/chat/messages/interpret.ts';
import { makeStores } from '../../../../src/chat/messages/stores.ts';
import { accountSender } from '../../../../src/chat/model/sender.ts';
import { createMemoryVault } from '../../../../src/vault/vault.ts';

const EVE = 'eve@c.example';
const YOU = 'you@b.example';

it('all that the messages of a conversation were opened as is removed, and forgotten; of others nothing', async () => {
	const { chat } = createMemoryVault();
	const stores = makeStores(chat, 'me@a.example');
	const media = createMessageMedia(chat);
	const opened = async (peer: string, n: number) => {
		const key = await stores.messages.keyFor(peer, n);
		const said = { sender: accountSender(peer), text: `${n}`, isEncrypted: true };
		const message = interpret({ key, peer, isOwn: false, id: key, time: n, ...said });
		await stores.write(await stores.messages.put(message));
		// More than are looked through at once; only some were opened.
		if (n % 100 === 0) await stores.write([await media.put(message, `item ${peer} ${n}`)]);
		return message;
	};
	const messages = [];
	for (let n = 0; n < 600; n++) messages.push(await opened(EVE, n));
	const other = await opened(YOU, 0);
	const removed: string[] = [];
	await removeFiles(EVE, { stores, media }, async (id) => {
		removed.push(id);
	});
	expect(removed).toEqual([0, 100, 200, 300, 400, 500].map((n) => `item ${EVE} ${n}`));
	for (const message of messages) expect(await media.idOf(message)).toBeUndefined();
	expect(await media.idOf(other)).toBe(`item ${YOU} 0`);
});
