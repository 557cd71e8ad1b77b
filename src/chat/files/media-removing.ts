import { loadOnce } from '../../core/async/load-once.ts';
import type { Removals } from './removals.ts';

/** Nobody removes anything to sign in. */
const loadRemovals = loadOnce(() => import('./removals.ts'));

/** Removing files, with a moment in which they can be brought back. */
export interface MediaRemoving {
	/** Hides it now, and removes it unless it is brought back within some seconds. */
	removeSoon(id: string): void;
	/** Brings back what was removed so, one or all. */
	undo(id?: string): void;
	/** Waits with it as long as somebody is about to choose. */
	hold(isHeld: boolean): void;
}

/** `mark` shows or hides an item, `remove` deletes it. */
export function createMediaRemoving(
	parts: {
		mark(id: string, isLeaving: boolean): void;
		remove(id: string): Promise<void>;
	},
	load: () => Promise<Pick<typeof import('./removals.ts'), 'makeRemovals'>> = loadRemovals,
): MediaRemoving & Record<'settle' | 'clear' | 'close', () => void> {
	let removals: Promise<Removals> | undefined;
	/** What was never needed has nothing to do. */
	const later = (work: (all: Removals) => void) => void removals?.then(work, () => undefined);

	function make(): Promise<Removals> {
		const made = load().then(({ makeRemovals }) => makeRemovals(parts));
		// What could not be loaded now is loaded when something is removed the next time.
		made.catch(() => {
			removals = undefined;
		});
		return made;
	}

	return {
		removeSoon(id) {
			removals ??= make();
			later((all) => all.add(id));
		},
		undo: (id) => later((all) => all.undo(id)),
		hold: (isHeld) => later((all) => all.hold(isHeld)),
		settle: () => later((all) => all.settle()),
		clear: () => later((all) => all.clear()),
		close: () => later((all) => all.close()),
	};
}
