/** Whether this page is in use, or was left and is kept by the browser, to be shown again as it was (HTML section 7.4.6.2). */
export interface PageLife {
	/** Calls `listener` in the moment the page is left and may be kept. */
	onKept(listener: () => void): void;
	/** Resolves at once in a page that is in use, and never in one that was left: it is loaded again before it is used. */
	inUse(): Promise<void>;
}

/** `page`: what tells of it. A worker is never left. */
export function watchPageLife(
	page: Pick<EventTarget, 'addEventListener'> = 'addEventListener' in globalThis
		? globalThis
		: new EventTarget(),
): PageLife {
	let isLeft = false;
	const listeners = new Set<() => void>();
	page.addEventListener('pagehide', (event) => {
		const { persisted } = event as Event & { persisted?: boolean };
		if (persisted !== true) return;
		isLeft = true;
		for (const listener of listeners) listener();
	});
	return {
		onKept: (listener) => void listeners.add(listener),
		inUse: () => (isLeft ? new Promise(() => undefined) : Promise.resolve()),
	};
}
