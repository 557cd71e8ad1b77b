import { createSignal } from 'solid-js';

/** Where a file is shown: a message of a chat. */
export interface MediaPlace {
	/** bare address of the chat */
	readonly peer: string;
	/** of the message */
	readonly key: string;
}

/** Sound or a video that plays on though what showed it has gone. */
export interface KeptPlaying {
	/** of the media item */
	readonly id: string;
	readonly kind: 'audio' | 'video';
	readonly element: HTMLMediaElement;
	readonly place: MediaPlace;
}

const [kept, setKept] = createSignal<KeptPlaying>();
let host: HTMLElement | undefined;
let noteKept: ((kept: KeptPlaying) => void) | undefined;

/** What plays on now: one thing in the page. */
export const keptPlaying = kept;

/** Where it is put, and who writes down how far it has come; without arguments: nothing plays on any more. */
export function hostKeptPlaying(element?: HTMLElement, note?: (kept: KeptPlaying) => void): void {
	if (element === undefined) stopKept();
	host = element;
	noteKept = note;
}

/**
 * Lets an element play on whose place goes away now. Whether it does: in the same task, since an element that is in no document
 * is paused (HTML section 4.8.11.8).
 */
export function keepPlaying(playing: KeptPlaying): boolean {
	const { element } = playing;
	if (host === undefined || element.paused || element.ended || element.error !== null) return false;
	stopKept();
	host.append(element);
	setKept(playing);
	return true;
}

/** The place in seconds where an item goes on, as it is shown again; undefined if it does not play on. */
export function takeKept(id: string): number | undefined {
	const playing = kept();
	if (playing?.id !== id) return undefined;
	const { currentTime, paused } = playing.element;
	stopKept();
	return paused ? undefined : currentTime;
}

/** Ends what plays on. */
export function stopKept(): void {
	const playing = kept();
	if (playing === undefined) return;
	const { element } = playing;
	// While it still knows.
	noteKept?.(playing);
	setKept(undefined);
	element.pause();
	element.removeAttribute('src');
	element.load();
	element.remove();
}
