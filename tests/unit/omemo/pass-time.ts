import { vi } from 'vitest';

const STEP = 250;
/** Turns of the event loop without any cryptography under way, after which nothing is left that needs no clock. */
const TURNS = 5;

let underWay = 0;
/** WebCrypto works on threads of its own, in real time: what it is about is counted. */
for (const method of [
	'encrypt',
	'decrypt',
	'deriveBits',
	'generateKey',
	'importKey',
	'exportKey',
	'sign',
	'digest',
]) {
	const subtle = SubtleCrypto.prototype as unknown as Record<
		string,
		(...args: unknown[]) => Promise<unknown>
	>;
	const real = subtle[method];
	if (real === undefined) throw new TypeError(method);
	subtle[method] = async function counted(this: unknown, ...args: unknown[]) {
		underWay += 1;
		try {
			return await real.apply(this, args);
		} finally {
			underWay -= 1;
		}
	};
}

/** Lets all that needs no clock come to its end. */
export async function quiet(): Promise<void> {
	for (let turns = 0; turns < TURNS; ) {
		await new Promise((resolve) => setImmediate(resolve));
		turns = underWay === 0 ? turns + 1 : 0;
	}
}

/** Lets so many milliseconds pass on the fake clock; only `setTimeout` and `clearTimeout` are to be faked. */
export async function pass(milliseconds: number): Promise<void> {
	for (let left = milliseconds; left > 0; left -= STEP) {
		await quiet();
		await vi.advanceTimersByTimeAsync(Math.min(STEP, left));
	}
	await quiet();
}

/** Lets time pass until work has ended; resolves with how many milliseconds that took. Fails after `limit`. */
export async function passUntil(work: Promise<unknown>, limit: number): Promise<number> {
	let isDone = false;
	const done = () => {
		isDone = true;
	};
	work.then(done, done);
	for (let passed = 0; ; passed += STEP) {
		await quiet();
		if (isDone) return passed;
		if (passed >= limit) throw new Error(`not done after ${limit} ms`);
		await vi.advanceTimersByTimeAsync(STEP);
	}
}
