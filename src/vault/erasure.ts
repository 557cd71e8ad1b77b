const CHANNEL = 'balcony-erased';

/** Word that everything was erased, to all that have the vault open: other tabs and the worker as well as this page. */
export interface Erasure {
	/** Tells all of them, this page first. */
	tell(): void;
	/** `listener` is told each time; returns what ends that. */
	listen(listener: () => void): () => void;
}

/** `isShared`: other tabs and the worker have the same vault. */
export function makeErasure(isShared: boolean): Erasure {
	const listeners = new Set<() => void>();
	const tellHere = () => {
		for (const listener of listeners) listener();
	};
	const channel =
		isShared && typeof BroadcastChannel !== 'undefined' ? new BroadcastChannel(CHANNEL) : undefined;
	if (channel !== undefined) channel.onmessage = tellHere;
	return {
		tell() {
			tellHere();
			channel?.postMessage(null);
		},
		listen(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
	};
}
