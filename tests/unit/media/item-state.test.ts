import { describe, expect, it } from 'vitest';
import { MediaError } from '../../../src/core/errors.ts';
import {
	type ItemEvent,
	type ItemState,
	initialState,
	reduceItem,
	shownState,
} from '../../../src/media/item-state.ts';
import type { MediaRecord } from '../../../src/vault/media-record.ts';

const RECORD: MediaRecord = {
	id: 'a'.repeat(32),
	url: 'https://files.example/a',
	name: 'photo',
	iv: new Uint8Array(12),
	verdict: 'none',
	verifyFirst: false,
	createdAt: 0,
	usedAt: 0,
};

function stateAfter(...events: readonly ItemEvent[]): ItemState {
	return events.reduce(reduceItem, initialState(RECORD, false));
}

describe('the state of an item', () => {
	it('takes cleared fields out of the record, and leaves the state before as it was', () => {
		const before = stateAfter({ kind: 'patched', change: { size: 5, etag: 'x' }, cleared: [] });
		const next = reduceItem(before, { kind: 'patched', change: { size: 6 }, cleared: ['etag'] });
		expect(next.record).toEqual({ ...RECORD, size: 6 });
		expect(before.record.etag).toBe('x');
	});

	it('begins an era with each purge, and forgets what rested on what was counted', () => {
		const shown = [
			{ kind: 'released' },
			{ kind: 'type-checked' },
			{ kind: 'size-guessed' },
		] as const;
		const state = stateAfter(...shown, { kind: 'purge-began' }, { kind: 'forgotten' });
		expect(state).toMatchObject({ era: 1, isPurging: true, isReleased: false });
		expect(state).toMatchObject({ isTypeChecked: false, isGuessed: false });
	});

	it('shows "altered" only once nothing of it is kept', () => {
		const tampered = { kind: 'patched', change: { verdict: 'tampered' }, cleared: [] } as const;
		const purging = stateAfter({ kind: 'purge-began' }, tampered);
		expect(shownState(purging, false)).toBe('loading');
		expect(shownState(reduceItem(purging, { kind: 'purge-ended' }), false)).toBe('tampered');
	});

	it.each([
		['expired', 'expired'],
		['host-refused', 'blocked'],
		['network', 'failed'],
		['storage-full', 'idle'],
		['unasked', 'idle'],
	] as const)('shows the error %s as %s', (code, shown) => {
		const failed = stateAfter({ kind: 'failed', error: new MediaError(code) });
		expect(shownState(failed, false)).toBe(shown);
		expect(shownState(reduceItem(failed, { kind: 'retried' }), false)).toBe('idle');
	});

	it('counts changes of the file until a retry', () => {
		const twice = stateAfter({ kind: 'file-changed' }, { kind: 'file-changed' });
		expect(twice.changes).toBe(2);
		expect(reduceItem(twice, { kind: 'retried' }).changes).toBe(0);
	});

	it('shows that it loads while somebody waits or verifies', () => {
		expect(shownState(stateAfter(), true)).toBe('loading');
		expect(shownState(stateAfter({ kind: 'verification', by: 1 }), false)).toBe('loading');
		expect(shownState(stateAfter({ kind: 'released' }), true)).toBe('unverified');
	});
});
