/** Questions that are waited for at a time. */
const MAX_ASKED = 20;
/** Milliseconds after which one that has no answer makes room for another; its answer still counts. */
const PATIENCE = 1000;
/** Milliseconds that those before one with an answer have to give theirs. */
const GRACE = 300;

/**
 * Asks a list side by side; the answer of the first in it that has one, without waiting for those that keep silent.
 * undefined if none has. Rejects if none has and some of them rejected, with the first reason: they may have one later.
 */
export function firstAnswer<T, A extends object>(
	list: readonly T[],
	ask: (item: T) => Promise<A | undefined>,
): Promise<A | undefined> {
	const answers: (A | undefined)[] = [];
	const failures: unknown[] = [];
	const hasAnswered = list.map(() => false);
	const timers = new Set<ReturnType<typeof setTimeout>>();
	let next = 0;
	return new Promise((resolve, reject) => {
		const later = (work: () => void, time: number) => void timers.add(setTimeout(work, time));

		function decide(): void {
			for (const timer of timers) clearTimeout(timer);
			next = list.length;
			const answer = answers.find((given) => given !== undefined);
			if (answer === undefined && failures.length > 0) reject(failures[0]);
			else resolve(answer);
		}

		function answered(at: number, answer: A | undefined): void {
			answers[at] = answer;
			hasAnswered[at] = true;
			const silent = hasAnswered.indexOf(false);
			const first = answers.findIndex((given) => given !== undefined);
			if (silent < 0 || (first >= 0 && first < silent)) decide();
			else if (first >= 0) later(decide, GRACE);
		}

		function askNext(): void {
			const at = next;
			const item = list[at];
			if (item === undefined) return;
			next += 1;
			let isFirst = true;
			const makeRoom = () => {
				if (isFirst) askNext();
				isFirst = false;
			};
			later(makeRoom, PATIENCE);
			ask(item)
				.catch((thrown: unknown) => {
					failures.push(thrown);
					return undefined;
				})
				.then((answer) => {
					answered(at, answer);
					makeRoom();
				});
		}

		if (list.length === 0) decide();
		for (let n = 0; n < MAX_ASKED; n++) askNext();
	});
}
