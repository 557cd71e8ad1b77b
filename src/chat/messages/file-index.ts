import * as v from 'valibot';
import { fitting, rowSchema } from '../../core/row-schema.ts';
import type { ChatRows, ChatWrite } from '../../vault/chat-rows.ts';
import type { PageOptions } from '../../vault/table.ts';
import { accountPrefix } from '../model/account-rows.ts';
import { type FileGroup, fileGroupOf } from '../model/attachment.ts';
import type { MessageFields } from '../model/message.ts';
import { interpret } from './interpret.ts';

/** How far the messages of a conversation that are older than the index of files were looked through. */
export interface FileScan {
	/** the key of the oldest that was; undefined if none was */
	readonly before?: string;
	readonly isComplete: boolean;
}

/** Which messages are files, without reading what was said besides. */
export interface FileIndex {
	/** The keys of the messages that are files of a group, as `page` has them, as far as the index reaches. */
	keys(peer: string, group: FileGroup, options: PageOptions): Promise<string[]>;
	/** Takes a message into the index of files, or out of it. */
	put(message: MessageFields): Promise<ChatWrite[]>;
	scan(peer: string): Promise<FileScan>;
	putScan(peer: string, scan: FileScan): Promise<ChatWrite>;
	/** Takes a message out of it that is to be no more. */
	remove(message: Pick<MessageFields, 'peer' | 'key'>): ChatWrite[];
}

const FILE_SCAN = rowSchema<FileScan>({
	before: v.optional(v.string()),
	isComplete: v.boolean(),
});
const FILE_GROUPS: readonly FileGroup[] = ['visual', 'voice', 'file'];

export function createFileIndex(rows: ChatRows, account: string): FileIndex {
	const prefix = accountPrefix(account);
	const fileKey = (peer: string, group: FileGroup, key: string) =>
		prefix('file', peer, group) + key.slice(prefix('message', peer).length);

	function put(message: MessageFields): Promise<ChatWrite[]> {
		const { peer, key } = message;
		const group = fileGroupOf(interpret(message));
		const others = FILE_GROUPS.filter((other) => other !== group);
		return Promise.all([
			...(group === undefined ? [] : [rows.put(fileKey(peer, group, key), true)]),
			...others.map((other) => rows.remove(fileKey(peer, other, key))),
		]);
	}

	return {
		async keys(peer, group, { before, after, limit }) {
			const start = prefix('file', peer, group);
			const found = await rows.page(start, {
				...(before === undefined ? {} : { before: fileKey(peer, group, before) }),
				...(after === undefined ? {} : { after: fileKey(peer, group, after) }),
				limit,
			});
			return found.map(({ key }) => prefix('message', peer) + key.slice(start.length));
		},
		put,
		async scan(peer) {
			const scan = fitting(FILE_SCAN, await rows.get(prefix('files', peer)));
			return scan ?? { isComplete: false };
		},
		putScan: (peer, scan) => rows.put(prefix('files', peer), scan),
		remove: ({ peer, key }) => FILE_GROUPS.map((group) => rows.remove(fileKey(peer, group, key))),
	};
}
