import { toHex } from '../core/bytes.ts';
import { MediaError } from '../core/errors.ts';
import type { Table } from './table.ts';

/** How long a token may wait for its one request, in milliseconds. */
const LIFETIME = 60_000;
const TOKEN = /^[0-9a-f]{32}$/;

/** `verified`: saved from what was verified; `streamed`: saved while loading, the last segment held back until the tag is right. */
export type SaveMode = 'verified' | 'streamed';

export interface SaveToken {
	readonly id: string;
	readonly mode: SaveMode;
	/** milliseconds since the epoch */
	readonly expires: number;
}

/** Permits for one save each: 128 random bits, bound to an item, short-lived. */
export interface SaveTokens {
	issue(id: string, mode: SaveMode): Promise<string>;
	/** Uses a token up, in one transaction. Throws MediaError `not-found` if it is not good for this item now. */
	take(id: string, token: string): Promise<SaveMode>;
}

export function createSaveTokens(
	table: Table<SaveToken>,
	now: () => number = Date.now,
): SaveTokens {
	return {
		async issue(id, mode) {
			const token = toHex(crypto.getRandomValues(new Uint8Array(16)));
			await table.update(token, () => ({ id, mode, expires: now() + LIFETIME }));
			return token;
		},
		async take(id, token) {
			const before = TOKEN.test(token) ? await table.update(token, () => undefined) : undefined;
			const left = (before?.expires ?? 0) - now();
			// More than a token ever has: it was issued while the clock was ahead.
			if (before === undefined || before.id !== id || left < 0 || left > 2 * LIFETIME)
				throw new MediaError('not-found');
			return before.mode;
		},
	};
}
