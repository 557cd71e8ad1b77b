import { expect, it } from 'vitest';
import { createMediaRemoving } from '../../../../src/chat/files/media-removing.ts';
import { makeRemovals } from '../../../../src/chat/files/removals.ts';

it('where its code could not be loaded nothing is hidden, and the next time it is', async () => {
	const marked: [string, boolean][] = [];
	let isThere = false;
	const removing = createMediaRemoving(
		{ mark: (id, isLeaving) => marked.push([id, isLeaving]), remove: async () => undefined },
		async () => {
			if (!isThere) throw new TypeError('no such chunk');
			return { makeRemovals };
		},
	);
	removing.removeSoon('a');
	removing.undo();
	await new Promise((resolve) => setTimeout(resolve));
	expect(marked).toEqual([]);
	isThere = true;
	removing.removeSoon('b');
	await expect.poll(() => marked).toEqual([['b', true]]);
	removing.close();
});
