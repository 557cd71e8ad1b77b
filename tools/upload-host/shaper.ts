/** Makes answers arrive as over a slower line. */
export interface Shaper {
	/** The way there and back. */
	delay(): Promise<void>;
	/** Waits until so many bytes may go out; all connections share the line, in the order they ask. */
	take(bytes: number): Promise<void>;
}

/** Bytes that may go out at once after a pause: less than what a timer's coarseness costs. */
const BURST = 32 * 1024;

export function createShaper({
	bitsPerSecond,
	delayMs,
}: {
	bitsPerSecond: number;
	delayMs: number;
}): Shaper {
	const bytesPerMs = bitsPerSecond / 8000;
	let free = performance.now();
	return {
		delay: () => sleep(delayMs),
		async take(bytes) {
			const now = performance.now();
			free = Math.max(free, now - BURST / bytesPerMs) + bytes / bytesPerMs;
			if (free > now) await sleep(free - now);
		},
	};
}

function sleep(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
