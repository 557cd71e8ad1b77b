import { ORIGIN, type OriginKey, openOriginKey } from './origin-key.ts';
import type { Table } from './table.ts';

/** The keys of this origin by their names, each read once. */
export interface KeyCache {
	/** The origin's own key; undefined and throws as `openOriginKey`. */
	origin(): Promise<OriginKey | undefined>;
	named(name: string): Promise<OriginKey | undefined>;
	/** Forgets what was read: the keys are gone. */
	forget(): void;
}

export function createKeyCache(table: Table<CryptoKey>): KeyCache {
	const keys = new Map<string, Promise<OriginKey | undefined>>();

	function named(name: string): Promise<OriginKey | undefined> {
		const known = keys.get(name);
		if (known !== undefined) return known;
		const opening = openOriginKey(table, name).catch((thrown: unknown) => {
			if (keys.get(name) === opening) keys.delete(name);
			throw thrown;
		});
		keys.set(name, opening);
		return opening;
	}

	return { origin: () => named(ORIGIN), named, forget: () => keys.clear() };
}
