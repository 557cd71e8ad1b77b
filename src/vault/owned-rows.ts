import { type ChatGuard, type ChatRows, RowsTaken } from './chat-rows.ts';

/**
 * Rows that one writer has to itself, from its first write or `claim` until somebody else claims them: a page that was frozen,
 * or whose lock was taken away, may go on in the middle of what it did, and would write over what its successor has written.
 * Each write says in its transaction whose they are. Once they are taken, `lost` is called and every write throws RowsTaken.
 */
export function ownedRows(
	rows: ChatRows,
	key: string,
	lost: () => void,
): ChatRows & { claim(): Promise<unknown> } {
	let claiming: Promise<ChatGuard> | undefined;
	let isLost = false;

	function claim(): Promise<ChatGuard> {
		claiming ??= rows.claim(key).catch((thrown: unknown) => {
			// There may be no room for it now.
			claiming = undefined;
			throw thrown;
		});
		return claiming;
	}

	return {
		...rows,
		claim,
		async write(changes, durability) {
			try {
				await rows.write(changes, durability, await claim());
			} catch (thrown) {
				if (thrown instanceof RowsTaken && !isLost) {
					isLost = true;
					lost();
				}
				throw thrown;
			}
		},
	};
}
