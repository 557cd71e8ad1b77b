import { MediaError } from '../../core/errors.ts';
import { type ChatRows, RowsTaken } from '../../vault/chat-rows.ts';
import { isStorageError } from '../../vault/is-storage-error.ts';

/** Ends each part of a key. */
export const END = '\n';
/** Rows of one kind that are read at once. */
export const MAX_ROWS = 100_000;

/** The start of the keys of one kind of rows of one account; and of one part of them. */
export type Prefix = (kind: string, ...parts: readonly string[]) => string;

export function accountPrefix(account: string): Prefix {
	return (kind, ...parts) => [kind, account, ...parts, ''].join(END);
}

/** Writes rows. Throws MediaError `storage-full` or `storage-unavailable`, or RowsTaken. */
export type Write = ChatRows['write'];

export function safeWrite(rows: ChatRows): Write {
	return (changes, durability) => safely(() => rows.write(changes, durability));
}

/** Does what writes rows. Throws MediaError `storage-full` or `storage-unavailable`, or RowsTaken. */
export async function safely(write: () => Promise<void>): Promise<void> {
	try {
		await write();
	} catch (thrown) {
		if (thrown instanceof RowsTaken) throw thrown;
		// Browsers name this failure differently. One code for all: the write is tried again, and is no mistake of ours.
		throw isStorageError(thrown)
			? thrown
			: new MediaError('storage-unavailable', { cause: thrown });
	}
}
