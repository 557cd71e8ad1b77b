/** Where a page that is left writes down what is still to be deleted: a database is too slow for that. */
export const LEFT = 'balcony-removed';

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Ids whose deletion was pending when their page was left; each stays until it is deleted. */
export interface LeftRemovals {
	ids(): string[];
	add(ids: readonly string[]): void;
	/** They are deleted, or are not to be any more. */
	drop(ids: readonly string[]): void;
}

/** `store` may throw where nothing can be stored: then nothing is remembered. */
export function makeLeftRemovals(store: () => Store = () => globalThis.localStorage): LeftRemovals {
	function ids(): string[] {
		try {
			return store().getItem(LEFT)?.split(' ') ?? [];
		} catch {
			return [];
		}
	}

	function set(all: ReadonlySet<string>): void {
		try {
			if (all.size > 0) store().setItem(LEFT, [...all].join(' '));
			else store().removeItem(LEFT);
		} catch {
			// It is deleted all the same if the page lives long enough.
		}
	}

	return {
		ids,
		add: (more) => set(new Set([...ids(), ...more])),
		drop: (gone) => set(new Set(ids().filter((id) => !gone.includes(id)))),
	};
}
