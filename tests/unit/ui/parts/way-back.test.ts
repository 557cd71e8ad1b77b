import { createRoot } from 'solid-js';
import { expect, it, vi } from 'vitest';

/** A browser's history: going comes to where it leads later, as in a browser. */
function makeHistory(entries: unknown[]) {
	const listeners: (() => void)[] = [];
	let at = entries.length - 1;
	const history = {
		get state() {
			return entries[at];
		},
		pushState(state: unknown) {
			entries.splice(at + 1, entries.length, state);
			at += 1;
		},
		replaceState(state: unknown) {
			entries[at] = state;
		},
		go: (by: number) => void arrivals.push(by),
	};
	const arrivals: number[] = [];
	vi.stubGlobal('history', history);
	vi.stubGlobal('addEventListener', (_: string, listener: () => void) => listeners.push(listener));
	return {
		history,
		arrive() {
			for (const by of arrivals.splice(0)) {
				at += by;
				for (const listener of listeners) listener();
			}
		},
	};
}

it('what is opened while the history goes back to the start after a reload stays open', async () => {
	const { history, arrive } = makeHistory([null, { steps: ['links'] }]);
	const { createStep, settleWayBack } = await import('../../../../src/ui/parts/way-back.ts');
	settleWayBack();
	await Promise.resolve();
	const leave = vi.fn();
	createRoot(() => createStep('links', leave));
	await Promise.resolve();
	arrive();
	await Promise.resolve();
	expect(leave).not.toHaveBeenCalled();
	expect(history.state).toEqual({ steps: ['links'] });
	// The way back of somebody leads out of it.
	history.go(-1);
	arrive();
	expect(leave).toHaveBeenCalledOnce();
});
