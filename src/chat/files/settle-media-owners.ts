import { stagedMedia } from '../../media/staged-share.ts';
import type { ChatRows } from '../../vault/chat-rows.ts';
import { LINKS, STAGED } from '../../vault/media-record.ts';
import type { Vault } from '../../vault/vault.ts';

/** Rows that are read at once. */
const SLICE = 250;
const END = '\n';

/**
 * Finds out whose the files are that older versions kept without an owner: the account's whose message was opened as that, or
 * whose upload it waits for, and else they are links that were opened without an account. Until then nobody sees them but who
 * sees such a message. What is done is written down one by one: where it ends early, it goes on the next time.
 */
export async function settleMediaOwners(vault: Pick<Vault, 'chat' | 'media'>): Promise<void> {
	const records = (await vault.media.list()).filter(({ owner }) => owner === undefined);
	if (records.length === 0) return;
	const owners = await namedBy(vault.chat);
	for (const id of await stagedMedia(vault)) owners.set(id, STAGED);
	for (const { id, unasked } of records) {
		const owner = owners.get(id);
		// Only a message's file is downloaded automatically: what names it was not written any more, and nothing leads to it.
		if (owner === undefined && unasked !== undefined) await vault.media.remove(id);
		else await vault.media.own(id, owner ?? LINKS);
	}
}

/** The account by whose rows each file is named. */
async function namedBy(chat: ChatRows): Promise<Map<string, string>> {
	const owners = new Map<string, string>();
	// `media`, the key of a message: `message`, account, peer, place. See opened-media.ts; older rows are one id.
	for await (const [key, value] of rowsOf(chat, `media${END}`)) {
		const [, , account = ''] = key.split(END);
		const files =
			typeof value === 'string' ? [{ id: value }] : (value as readonly { id: string }[]);
		for (const { id } of files) owners.set(id, account);
	}
	// `share`, account, the key of a message. See upload-store.ts.
	for await (const [key, value] of rowsOf(chat, `share${END}`)) {
		const [, account = ''] = key.split(END);
		owners.set((value as { mediaId: string }).mediaId, account);
	}
	return owners;
}

async function* rowsOf(chat: ChatRows, prefix: string): AsyncGenerator<[string, unknown]> {
	for (let after = prefix; ; ) {
		const slice = await chat.page(prefix, { after, limit: SLICE });
		for (const { key, value } of slice) yield [key, value];
		const last = slice.at(-1);
		if (last === undefined) return;
		after = last.key;
	}
}
