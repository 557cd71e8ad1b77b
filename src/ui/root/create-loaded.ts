import { type Accessor, createEffect, createSignal, on } from 'solid-js';
import { loadOnce } from '../../core/async/load-once.ts';

/** A screen that is loaded when it is wanted: what it is, or that it cannot be loaded. */
export interface Loaded<T> {
	readonly value: Accessor<T | undefined>;
	readonly hasFailed: Accessor<boolean>;
	preload(): Promise<unknown>;
}

/**
 * Not `lazy()` in a `Suspense`: anything that loads inside that takes the whole screen away while it does, and the focus.
 */
export function createLoaded<T>(isWanted: () => boolean, load: () => Promise<T>): Loaded<T> {
	const [value, setValue] = createSignal<T>();
	const [hasFailed, setFailed] = createSignal(false);
	const preload = loadOnce(async () => {
		const loaded = await load();
		setValue(() => loaded);
	});
	createEffect(
		on(isWanted, (wanted) => {
			if (!wanted) return;
			setFailed(false);
			preload().catch(() => setFailed(true));
		}),
	);
	return { value, hasFailed, preload };
}
