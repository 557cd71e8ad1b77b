/** How often a broken stream is taken up again before it counts as unplayable. */
const TRIES = 3;

/**
 * Takes playback up where it broke: the worker may have been killed in the middle of an answer, and not every
 * engine asks again by itself. `unplayable` is called for what this browser cannot decode. Returns its cleanup.
 */
export function makeMediaRecovery(
	element: HTMLMediaElement,
	{ canRecover, unplayable }: { canRecover: () => boolean; unplayable: () => void },
): () => void {
	let tries = 0;
	let reached = 0;
	const onProgress = () => {
		if (element.currentTime > reached + 1) tries = 0;
		reached = Math.max(reached, element.currentTime);
	};
	const onError = () => {
		if (!canRecover()) return;
		if (tries >= TRIES) return unplayable();
		tries += 1;
		const at = element.currentTime;
		const wasPlaying = !element.paused;
		element.addEventListener(
			'loadedmetadata',
			() => {
				if (at > 0) element.currentTime = at;
				if (wasPlaying) element.play().catch(() => undefined);
			},
			{ once: true },
		);
		element.load();
	};
	element.addEventListener('timeupdate', onProgress);
	element.addEventListener('error', onError);
	return () => {
		element.removeEventListener('timeupdate', onProgress);
		element.removeEventListener('error', onError);
	};
}
