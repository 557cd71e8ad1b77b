import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { prefetch } from '../../../../src/ui/parts/prefetch.ts';

/** What waits for the browser to be idle. */
let waiting: (() => void)[] = [];

beforeEach(() => {
	waiting = [];
	vi.stubGlobal('requestIdleCallback', (work: () => void) => waiting.push(work));
	vi.stubGlobal('cancelIdleCallback', (handle: number) => {
		waiting[handle - 1] = () => {};
	});
	vi.stubGlobal('navigator', {});
});
afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

/** The browser is idle, until nothing waits for that any more. */
async function idle(): Promise<void> {
	for (let at = 0; at < waiting.length; at++) {
		waiting[at]?.();
		await new Promise((resolve) => setTimeout(resolve));
	}
}

it('loads one part after the other, each when the browser is idle, and goes on after one that fails', async () => {
	const loaded: string[] = [];
	prefetch([
		async () => loaded.push('a'),
		async () => {
			throw new TypeError('gone');
		},
		async () => loaded.push('c'),
	]);
	expect(loaded).toEqual([]);
	await idle();
	expect(loaded).toEqual(['a', 'c']);
	expect(waiting).toHaveLength(3);
});

it('loads nothing more once it is stopped', async () => {
	const loaded: string[] = [];
	const stop: () => void = prefetch([
		async () => {
			loaded.push('a');
			stop();
		},
		async () => loaded.push('b'),
	]);
	await idle();
	expect(loaded).toEqual(['a']);
});

it('loads nothing ahead for somebody who saves data', async () => {
	vi.stubGlobal('navigator', { connection: { saveData: true } });
	const load = vi.fn(async () => {});
	prefetch([load]);
	await idle();
	expect(load).not.toHaveBeenCalled();
});

it('loads after a while where the browser does not say that it is idle', async () => {
	vi.stubGlobal('requestIdleCallback', undefined);
	vi.useFakeTimers();
	const load = vi.fn(async () => {});
	prefetch([load]);
	expect(load).not.toHaveBeenCalled();
	await vi.advanceTimersByTimeAsync(5000);
	expect(load).toHaveBeenCalledOnce();
});
