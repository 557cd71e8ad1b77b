import { expect, it } from 'vitest';
import { makeErasure } from '../../../src/vault/erasure.ts';

it('all that have the same vault are told that it was erased, this page at once', async () => {
	const [page, worker, alone] = [makeErasure(true), makeErasure(true), makeErasure(false)];
	const told: string[] = [];
	page.listen(() => told.push('page'));
	worker.listen(() => told.push('worker'));
	alone.listen(() => told.push('alone'));
	const end = worker.listen(() => told.push('ended'));
	end();
	page.tell();
	expect(told).toEqual(['page']);
	await expect.poll(() => told).toEqual(['page', 'worker']);
});
