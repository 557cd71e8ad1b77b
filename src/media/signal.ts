/** Wakes everyone who waits for the next change. */
export interface Signal {
	wait(): Promise<void>;
	notify(): void;
}

export function createSignal(): Signal {
	let resolve: () => void = () => undefined;
	let promise: Promise<void> | undefined;
	return {
		wait() {
			promise ??= new Promise((done) => {
				resolve = done;
			});
			return promise;
		},
		notify() {
			promise = undefined;
			resolve();
		},
	};
}
