import { type LeftRemovals, makeLeftRemovals } from './left-removals.ts';

/** Milliseconds in which what was removed can be brought back. */
export const UNDO_TIME = 7000;

/** Files that were removed and can still be brought back. */
export interface Removals {
	/** Removes it once the time is over, with all that were removed meanwhile; until then nothing of it is deleted. */
	add(id: string): void;
	/** Brings one back, or all of them. */
	undo(id?: string): void;
	/** The time stands still as long as somebody is about to choose. */
	hold(isHeld: boolean): void;
	/** Deletes them now: who could bring them back has left. */
	settle(): void;
	/** They are gone in another way. */
	clear(): void;
	close(): void;
}

/**
 * `mark` shows or hides an item, `remove` deletes it. What a page is left with is deleted then, or by another one; a page that
 * is killed has deleted nothing.
 */
export function makeRemovals({
	mark,
	remove,
	// None in tests.
	page = typeof document === 'undefined' ? new EventTarget() : globalThis,
	left = makeLeftRemovals(),
}: {
	mark: (id: string, isLeaving: boolean) => void;
	remove: (id: string) => Promise<void>;
	page?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
	left?: Pick<LeftRemovals, 'ids' | 'add' | 'drop'>;
}): Removals {
	const ids = new Set<string>();
	let timer: ReturnType<typeof setTimeout> | undefined;

	function end(): void {
		clearTimeout(timer);
		const ended = [...ids];
		ids.clear();
		// What cannot be deleted now is still there, and seen to be.
		for (const id of ended) remove(id).catch(() => mark(id, false));
	}

	function start(): void {
		clearTimeout(timer);
		if (ids.size > 0) timer = setTimeout(end, UNDO_TIME);
	}

	function leave(): void {
		if (ids.size > 0) left.add([...ids]);
		end();
	}

	page.addEventListener('pagehide', leave);
	return {
		add(id) {
			ids.add(id);
			mark(id, true);
			start();
		},
		undo(id) {
			const back = id === undefined ? [...ids] : [id];
			for (const one of back) if (ids.delete(one)) mark(one, false);
			if (ids.size === 0) clearTimeout(timer);
		},
		hold(isHeld) {
			if (isHeld) clearTimeout(timer);
			else start();
		},
		settle: end,
		clear() {
			clearTimeout(timer);
			ids.clear();
			left.drop(left.ids());
		},
		close() {
			page.removeEventListener('pagehide', leave);
			end();
		},
	};
}
