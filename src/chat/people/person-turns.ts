import { createMutex, type Mutex } from '../../core/async/mutex.ts';
import { settledWithin } from '../../core/async/settled-within.ts';
import { createSlots } from '../../core/async/slots.ts';

/** People who are asked at once; one who is slow makes room for the next after `SLOT_TIME` milliseconds. */
const REQUESTS = 6;
const SLOT_TIME = 3000;

/** When people's servers are asked: requests to one person go in order, and nobody waits for another's. */
export interface PersonTurns {
	inTurn<T>(jid: string, work: () => Promise<T>): Promise<T>;
	/** Asks somebody's server something, when it is their turn and not too many others are asked. */
	ask(jid: string, work: () => Promise<void>): Promise<void>;
}

export function createPersonTurns(isClosed: () => boolean): PersonTurns {
	const turns = new Map<string, Mutex>();
	const slots = createSlots(REQUESTS);

	function inTurn<T>(jid: string, work: () => Promise<T>): Promise<T> {
		const turn = turns.get(jid) ?? createMutex();
		turns.set(jid, turn);
		return turn(work);
	}

	function ask(jid: string, work: () => Promise<void>): Promise<void> {
		return inTurn(jid, async () => {
			let asking: Promise<void> | undefined;
			await slots(async () => {
				if (isClosed()) return;
				asking = work();
				await settledWithin(asking, SLOT_TIME);
			});
			await asking;
		});
	}

	return { inTurn, ask };
}
