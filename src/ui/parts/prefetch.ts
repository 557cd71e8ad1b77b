/** Milliseconds after which a part is loaded where the browser does not say that it is idle (WebKit). */
const SOON = 2000;

/** Somebody pays for each byte, and has said so (https://wicg.github.io/savedata/). */
function savesData(): boolean {
	const { connection } = navigator as { connection?: { saveData?: boolean } };
	return connection?.saveData === true;
}

/**
 * Loads parts of the app one after the other while the browser is idle, so that each is there when it is needed.
 * Returns the function that stops it.
 */
export function prefetch(loads: readonly (() => Promise<unknown>)[]): () => void {
	let stop = () => {};
	const next = ([load, ...others]: typeof loads) => {
		if (load === undefined) return;
		let isStopped = false;
		const cancel = whenIdle(() => {
			// A part that cannot be loaded now is loaded when it is needed.
			void load()
				.catch(() => undefined)
				.then(() => isStopped || next(others));
		});
		stop = () => {
			isStopped = true;
			cancel();
		};
	};
	if (!savesData()) next(loads);
	return () => stop();
}

function whenIdle(work: () => void): () => void {
	if (typeof requestIdleCallback === 'function') {
		const handle = requestIdleCallback(work);
		return () => cancelIdleCallback(handle);
	}
	const timer = setTimeout(work, SOON);
	return () => clearTimeout(timer);
}
