/** How often a broken stream is taken up again before it counts as unplayable. */
const TRIES = 4;
/** Milliseconds before the second try; a worker takes a moment to come back. */
const WAIT = 400;
/** Seconds that an element which begins anew may have played by the time it knows its metadata. */
const BEGINNING = 0.5;

/**
 * Takes playback up where it broke: the worker may have been killed in the middle of an answer, and not every
 * engine asks again by itself. `unplayable` is called for what this browser cannot decode. Returns its cleanup.
 */
export function makeMediaRecovery(
	element: HTMLMediaElement,
	{ canRecover, unplayable }: { canRecover: () => boolean; unplayable: () => void },
): () => void {
	const ends = new AbortController();
	const { signal } = ends;
	let tries = 0;
	/** where playback was: WebKit's elements forget it with the error */
	let position = 0;
	let plays = false;
	let isBroken = false;
	let timer: ReturnType<typeof setTimeout> | undefined;

	const note = () => {
		if (isBroken || element.error !== null) return;
		if (element.currentTime > position + 1) tries = 0;
		position = element.currentTime;
		plays = !element.paused;
	};
	/** Somebody may have sought since it broke. */
	const noteSought = () => {
		if (element.currentTime > BEGINNING) position = element.currentTime;
	};
	const load = () => {
		noteSought();
		element.load();
	};
	const onError = () => {
		if (!canRecover()) return;
		if (tries >= TRIES) return unplayable();
		isBroken = true;
		timer = setTimeout(load, tries === 0 ? 0 : WAIT * tries);
		tries += 1;
	};
	const onMetadata = () => {
		if (!isBroken) return;
		isBroken = false;
		noteSought();
		if (position > 0) element.currentTime = position;
		if (plays) element.play().catch(() => undefined);
	};
	for (const event of ['timeupdate', 'seeking', 'playing', 'pause'])
		element.addEventListener(event, note, { signal });
	element.addEventListener('error', onError, { signal });
	element.addEventListener('loadedmetadata', onMetadata, { signal });
	return () => {
		clearTimeout(timer);
		ends.abort();
	};
}
