import { expect, it } from 'vitest';
import { readStaged, stageShare } from '../../../src/media/staged-share.ts';
import { createMemoryVault } from '../../../src/vault/vault.ts';
import { takeShare } from '../../../sw/share-target.ts';

const ANNA = 'anna@example.org';

/** What another app hands over; without a body of a form if there are no parts. */
function post(parts?: readonly (readonly [string, string | File])[]): Request {
	const form = new FormData();
	for (const [name, value] of parts ?? []) form.append(name, value);
	const body = parts === undefined ? 'no form' : form;
	return new Request('https://balcony.example/share', { method: 'POST', body });
}

const EMPTY = ['title', 'text', 'url'].map((name) => [name, ''] as const);

it('a form without a file and without words leaves what waits alone', async () => {
	const vault = createMemoryVault();
	await stageShare(vault, { files: [new File(['waits'], 'a.txt')], text: '' });
	// A browser's own form has a part for the file that nobody chose.
	const nobody = [...EMPTY, ['files', new File([], '')] as const];
	for (const request of [post(EMPTY), post(nobody), post()])
		await takeShare(request, Promise.resolve(vault)).catch(() => undefined);
	expect((await readStaged(vault, ANNA))?.files.map(({ name }) => name)).toEqual(['a.txt']);
});

it('a file without bytes is handed on if it has a name', async () => {
	const vault = createMemoryVault();
	const request = post([...EMPTY, ['files', new File([], 'empty.txt')]]);
	await takeShare(request, Promise.resolve(vault)).catch(() => undefined);
	expect((await readStaged(vault, ANNA))?.files.map(({ name }) => name)).toEqual(['empty.txt']);
});
