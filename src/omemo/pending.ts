import { settledWithin } from '../core/async/settled-within.ts';
import { PATIENCE } from './waits.ts';

/** One request that is under way, and that several may wait for. */
export interface Pending<T> {
	/** undefined until it has ended */
	readonly outcome: T | undefined;
	/** never rejects */
	readonly ended: Promise<T>;
	/** resolves when it has ended, or has taken longer than `PATIENCE` */
	readonly endedOrLate: Promise<void>;
	/** The first outcome counts. */
	end(outcome: T): void;
}

export function createPending<T>(): Pending<T> {
	let outcome: T | undefined;
	let resolve: (outcome: T) => void = () => undefined;
	const ended = new Promise<T>((done) => {
		resolve = done;
	});
	return {
		get outcome() {
			return outcome;
		},
		ended,
		endedOrLate: settledWithin(ended, PATIENCE),
		end(first) {
			outcome ??= first;
			resolve(first);
		},
	};
}
