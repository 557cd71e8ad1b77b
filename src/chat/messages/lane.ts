/** Work of one conversation: one run at a time, and once more if it was asked for meanwhile. */
export interface Lane {
	/** Begins a run, unless it was put off. */
	wake(): void;
	/** The next run begins after this many milliseconds, or by `resume`. */
	putOff(time: number): void;
	/** Begins a run, also if it was put off. */
	resume(): void;
	/** Resolves once no run is under way. */
	settled(): Promise<void>;
	/** No run begins any more; resolves once the last one has ended. */
	close(): Promise<void>;
}

/** `work` must not reject. */
export function createLane(work: () => Promise<void>): Lane {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let running: Promise<void> | undefined;
	let again = false;
	let closed = false;

	async function run(): Promise<void> {
		while (again && !closed && timer === undefined) {
			again = false;
			await work();
		}
		// Here, and not once this has resolved: a call in between would be forgotten.
		running = undefined;
	}
	function wake(): void {
		again = true;
		if (timer === undefined && !closed) running ??= run();
	}
	function stop(): void {
		clearTimeout(timer);
		timer = undefined;
	}
	function resume(): void {
		stop();
		wake();
	}
	return {
		wake,
		putOff(time) {
			stop();
			if (!closed) timer = setTimeout(resume, time);
		},
		resume,
		async settled() {
			await running;
		},
		async close() {
			closed = true;
			stop();
			await running;
		},
	};
}
