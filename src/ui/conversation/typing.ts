import { onCleanup, onMount } from 'solid-js';

/** Milliseconds without a key after which one is no longer typing. */
const PAUSE = 3000;
/** Milliseconds after which the text is kept: a page may go at any time. */
const KEEP = 1000;

/** Shows the other side that somebody types, and keeps the text meanwhile. */
export interface Typing {
	/** The text has changed. */
	changed(isEmpty: boolean): void;
	/** The text was sent, which ends the typing for the other side, too. */
	sent(): void;
}

export function createTyping({
	show,
	keep,
}: {
	/** Shows it to the other side, or takes it back. */
	show: (types: boolean) => void;
	keep: () => void;
}): Typing {
	let pauseTimer: ReturnType<typeof setTimeout> | undefined;
	let keepTimer: ReturnType<typeof setTimeout> | undefined;
	let types = false;
	const setTypes = (now: boolean) => {
		if (types === now) return;
		types = now;
		show(now);
	};
	const stopTimers = () => {
		clearTimeout(pauseTimer);
		clearTimeout(keepTimer);
		keepTimer = undefined;
	};
	const keepNow = () => {
		clearTimeout(keepTimer);
		keepTimer = undefined;
		keep();
	};
	/** An app that is not in sight may be ended without a word. */
	const onHidden = () => {
		if (document.visibilityState === 'hidden' && keepTimer !== undefined) keepNow();
	};
	onMount(() => document.addEventListener('visibilitychange', onHidden));
	onCleanup(() => {
		document.removeEventListener('visibilitychange', onHidden);
		stopTimers();
		setTypes(false);
	});
	return {
		changed(isEmpty) {
			setTypes(!isEmpty);
			clearTimeout(pauseTimer);
			pauseTimer = setTimeout(() => setTypes(false), PAUSE);
			keepTimer ??= setTimeout(keepNow, KEEP);
		},
		sent() {
			stopTimers();
			types = false;
		},
	};
}
