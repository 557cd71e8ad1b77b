import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeLeftRemovals } from '../../../../src/chat/files/left-removals.ts';
import { makeRemovals, UNDO_TIME } from '../../../../src/chat/files/removals.ts';

const page = new EventTarget();
const stored = new Map<string, string>();
const store = () => ({
	getItem: (key: string) => stored.get(key) ?? null,
	setItem: (key: string, value: string) => void stored.set(key, value),
	removeItem: (key: string) => void stored.delete(key),
});
const hidden = new Set<string>();
const remove = vi.fn(async (_id: string) => undefined as undefined);
const mark = (id: string, isLeaving: boolean) => {
	if (isLeaving) hidden.add(id);
	else hidden.delete(id);
};
const left = makeLeftRemovals(store);
let removals: ReturnType<typeof makeRemovals>;

beforeEach(() => {
	vi.useFakeTimers();
	remove.mockReset();
	remove.mockResolvedValue(undefined);
	hidden.clear();
	removals = makeRemovals({ mark, remove, page, left });
});
afterEach(() => {
	removals.clear();
	removals.close();
	vi.useRealTimers();
});

test('nothing is deleted before the time is over', () => {
	removals.add('a');
	expect([...hidden]).toEqual(['a']);
	vi.advanceTimersByTime(UNDO_TIME - 1);
	expect(remove).not.toHaveBeenCalled();
	vi.advanceTimersByTime(1);
	expect(remove.mock.calls).toEqual([['a']]);
});

test('what is brought back is never deleted; the time begins anew with each that is removed', () => {
	removals.add('a');
	removals.add('b');
	removals.undo('a');
	vi.advanceTimersByTime(UNDO_TIME - 1);
	removals.add('c');
	vi.advanceTimersByTime(UNDO_TIME - 1);
	expect(remove).not.toHaveBeenCalled();
	removals.undo();
	vi.advanceTimersByTime(10 * UNDO_TIME);
	expect(remove).not.toHaveBeenCalled();
	expect(hidden.size).toBe(0);
});

test('the time stands still while it is held', () => {
	removals.add('a');
	removals.hold(true);
	vi.advanceTimersByTime(10 * UNDO_TIME);
	expect(remove).not.toHaveBeenCalled();
	removals.hold(false);
	vi.advanceTimersByTime(UNDO_TIME);
	expect(remove).toHaveBeenCalledOnce();
});

test('a page that is left deletes at once', () => {
	removals.add('a');
	page.dispatchEvent(new Event('pagehide'));
	expect(remove).toHaveBeenCalledOnce();
	vi.advanceTimersByTime(UNDO_TIME);
	expect(remove).toHaveBeenCalledOnce();
	// If it did not live long enough for that, the next one does it.
	expect(left.ids()).toEqual(['a']);
	left.drop(['a']);
	expect(left.ids()).toEqual([]);
});

test('what cannot be deleted is seen again', async () => {
	remove.mockRejectedValue(new Error('no'));
	removals.add('a');
	await vi.advanceTimersByTimeAsync(UNDO_TIME);
	expect(hidden.size).toBe(0);
});

test('of two pages that are left none takes away what the other has written down, and it stays until it is deleted', () => {
	left.add(['a', 'b']);
	removals.add('c');
	page.dispatchEvent(new Event('pagehide'));
	left.drop(['b']);
	expect(left.ids()).toEqual(['a', 'c']);
});

test('where nothing can be stored nothing breaks', () => {
	const none = makeLeftRemovals(() => {
		throw new Error('no');
	});
	none.add(['a']);
	none.drop(['a']);
	expect(none.ids()).toEqual([]);
});
