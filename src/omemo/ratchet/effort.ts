import { MAX_STEPS, TURN_STEPS } from './bounds.ts';
import { RatchetError } from './ratchet-error.ts';

/** What is left to spend on one element, over all keys and sessions that are tried for it. */
export interface Effort {
	/** Before a session is tried; see `distanceTo`. Throws RatchetError `too-far` if it would be too much. */
	spend(distance: { steps: number; isTurn: boolean }): void;
}

export function createEffort(): Effort {
	let left = MAX_STEPS;
	return {
		spend({ steps, isTurn }) {
			const cost = steps + (isTurn ? TURN_STEPS : 0);
			if (cost > left) throw new RatchetError('too-far');
			left -= cost;
		},
	};
}
