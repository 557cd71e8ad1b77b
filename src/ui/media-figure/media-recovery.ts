/** How often a broken stream is taken up again before it counts as unplayable. */
const TRIES = 4;
/** Milliseconds before the second try; a worker takes a moment to come back. */
const WAIT = 400;
/** Seconds that an element which begins anew may have played by the time it knows its metadata. */
const BEGINNING = 0.5;

/** Seconds by which the clock of an element that waits for its stream may not run on. */
const AHEAD = 1;

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
	/** where it had nothing to go on with */
	let waitsAt: number | undefined;
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
	const onWaiting = () => {
		waitsAt = element.currentTime;
	};
	const onGoing = () => {
		waitsAt = undefined;
	};
	/** WebKitGTK may take an answer that breaks off for the end of the file: its clock then runs on, with nothing to show. */
	const onStarved = () => {
		if (waitsAt === undefined || isBroken || tries >= TRIES || !canRecover()) return;
		const isDry = element.readyState <= element.HAVE_CURRENT_DATA;
		if (!isDry || element.currentTime < waitsAt + AHEAD) return;
		position = waitsAt;
		plays = !element.paused;
		isBroken = true;
		tries += 1;
		element.load();
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
	for (const event of ['timeupdate', 'stalled'])
		element.addEventListener(event, onStarved, { signal });
	for (const event of ['seeking', 'playing', 'canplay', 'emptied'])
		element.addEventListener(event, onGoing, { signal });
	element.addEventListener('waiting', onWaiting, { signal });
	element.addEventListener('error', onError, { signal });
	element.addEventListener('loadedmetadata', onMetadata, { signal });
	return () => {
		clearTimeout(timer);
		ends.abort();
	};
}
