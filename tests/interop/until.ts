const TIMEOUT = 30_000;

/** Waits for something to become true, looking every `interval` ms; for what only tells by its state. */
export async function until<T>(
	what: string | (() => string),
	look: () => T | Promise<T>,
	timeout = TIMEOUT,
	interval = 20,
): Promise<Exclude<NonNullable<T>, false>> {
	// The tests set the clock.
	const end = performance.now() + timeout;
	for (;;) {
		const found = await look();
		if (found) return found as Exclude<NonNullable<T>, false>;
		if (performance.now() > end)
			throw new Error(`never: ${typeof what === 'string' ? what : what()}`);
		await new Promise((resolve) => setTimeout(resolve, interval));
	}
}
