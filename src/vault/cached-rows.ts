import type { ChatRows } from './chat-rows.ts';

/** Rows that are remembered: the sessions and devices of those who write just now. */
const MAX_ROWS = 300;

/**
 * Rows that were read or written lately are not read and opened again. For one reader and writer, as long as there is no
 * other: what somebody else writes is not seen.
 */
export function cachedRows(rows: ChatRows): ChatRows {
	const values = new Map<string, unknown>();
	/** counts writes as they begin and end */
	let writes = 0;

	function remember(key: string, value: unknown): void {
		values.delete(key);
		if (value === undefined) return;
		values.set(key, value);
		const [oldest] = values.keys();
		if (values.size > MAX_ROWS && oldest !== undefined) values.delete(oldest);
	}

	return {
		...rows,
		async get(key) {
			const known = values.get(key);
			if (known !== undefined) return known;
			const before = writes;
			const value = await rows.get(key);
			// What was read while something was written may be what was there before.
			if (writes === before) remember(key, value);
			return value;
		},
		async write(changes, durability) {
			// Whatever comes of it: what is read while it goes on may be the old or the new.
			writes += 1;
			for (const { key } of changes) values.delete(key);
			await rows.write(changes, durability);
			writes += 1;
			for (const { key, value } of changes) remember(key, value);
		},
		async removeAll(prefix) {
			values.clear();
			await rows.removeAll(prefix);
		},
	};
}
