/** Where a page that is left writes down what is still to be deleted: a database is too slow for that. */
const LEFT = 'balcony-removed';

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

/**
 * Removes what pages were left with: what cannot be deleted now is tried again at the next start. `remove` rejects where it
 * cannot.
 */
export function watchLeftRemovals(remove: (id: string) => Promise<void>): {
	/** Removes what earlier pages were left with. */
	removeAll(): Promise<void>;
	close(): void;
} {
	const left = makeLeftRemovals();
	async function removeAll(): Promise<void> {
		for (const id of left.ids()) {
			// Its mark stays until it is gone.
			const isGone = await remove(id).then(
				() => true,
				() => false,
			);
			if (isGone) left.drop([id]);
		}
	}
	// Another page was left; the last page of this tab may have lived in another process, and be heard of late.
	const onStored = ({ key, newValue }: StorageEvent) => {
		if (key === LEFT && newValue !== null) void removeAll();
	};
	globalThis.addEventListener?.('storage', onStored);
	return {
		removeAll,
		close: () => globalThis.removeEventListener?.('storage', onStored),
	};
}
