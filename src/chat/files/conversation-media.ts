import type { PageOptions } from '../../vault/table.ts';
import type { Stores } from '../messages/stores.ts';
import { type FileGroup, fileGroupOf } from '../model/attachment.ts';
import type { Message } from '../model/message.ts';

/** Messages that are looked through at once. */
const SLICE = 250;

/** The files of conversations, without reading what was said besides. */
export interface ConversationMedia {
	/**
	 * The last files of a group before a message's key, oldest first, or the last of all; or the first after one. Fewer
	 * than `limit`: there are no more.
	 */
	page(peer: string, group: FileGroup, options: PageOptions): Promise<Message[]>;
}

/**
 * Messages that were kept before there was an index of files are looked through when they are asked for, from the newest
 * back, each once: what was done is written down with what was found.
 */
export function createConversationMedia(stores: Stores): ConversationMedia {
	const scans = new Map<string, Promise<void>>();

	async function scanSlice(peer: string): Promise<void> {
		const { before } = await stores.files.scan(peer);
		const messages = await stores.messages.page(peer, {
			...(before === undefined ? {} : { before }),
			limit: SLICE,
		});
		const files = messages.filter((message) => fileGroupOf(message) !== undefined);
		const [first] = messages;
		const scan =
			first === undefined ? { isComplete: true } : { isComplete: false, before: first.key };
		const writes = await Promise.all(files.map(stores.files.put));
		await stores.write([...writes.flat(), await stores.files.putScan(peer, scan)], 'relaxed');
	}

	function scanMore(peer: string): Promise<void> {
		const scan = scans.get(peer) ?? scanSlice(peer).finally(() => scans.delete(peer));
		scans.set(peer, scan);
		return scan;
	}

	/** What the index says once it reaches as far as that takes. */
	async function keys(peer: string, group: FileGroup, options: PageOptions): Promise<string[]> {
		for (;;) {
			const { before, isComplete } = await stores.files.scan(peer);
			const found = await stores.files.keys(peer, group, options);
			const reached = options.after ?? (found.length < options.limit ? undefined : found[0]);
			if (isComplete || (before !== undefined && reached !== undefined && before <= reached))
				return found;
			await scanMore(peer);
		}
	}

	const media: ConversationMedia = {
		async page(peer, group, options) {
			const found = await keys(peer, group, options);
			const read = await Promise.all(found.map(stores.messages.get));
			const messages = read.filter((message) => message !== undefined);
			const changed = messages.filter((message) => fileGroupOf(message) !== group);
			const dropped = found.filter((_, index) => read[index] === undefined);
			if (changed.length === 0 && dropped.length === 0) return messages;
			// They were changed while they were looked through; older versions left those that were dropped.
			const writes = await Promise.all(changed.map(stores.files.put));
			const removals = dropped.flatMap((key) => stores.files.remove({ peer, key }));
			await stores.write([...writes.flat(), ...removals], 'relaxed');
			return media.page(peer, group, options);
		},
	};
	return media;
}
