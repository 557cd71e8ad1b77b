import { expect, it, vi } from 'vitest';
import { loadOnce } from '../../../../src/core/async/load-once.ts';

it('all who want it at once, and later, get what was loaded once', async () => {
	const load = vi.fn(async () => ({ answer: 42 }));
	const wanted = loadOnce(load);
	const [first, second] = await Promise.all([wanted(), wanted()]);
	expect(second).toBe(first);
	expect(await wanted()).toBe(first);
	expect(load).toHaveBeenCalledTimes(1);
});

it('what failed is tried again', async () => {
	const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new TypeError('offline'));
	load.mockResolvedValue('here');
	const wanted = loadOnce(load);
	await expect(Promise.all([wanted(), wanted()])).rejects.toThrow('offline');
	expect(await wanted()).toBe('here');
	expect(load).toHaveBeenCalledTimes(2);
});
