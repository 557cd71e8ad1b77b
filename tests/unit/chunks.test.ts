import { expect, it } from 'vitest';
import { chunkOf } from '../../tools/chunks.ts';

/** Who imports what. */
const IMPORTERS: Record<string, string[]> = {
	'/x/src/ui/chat-screen/chat-screen.tsx': [],
	'/x/src/ui/links/links-page.tsx': [],
	'/x/src/ui/dialogs.tsx': [],
	'/x/src/a.ts': ['/x/src/ui/chat-screen/chat-screen.tsx', '/x/src/b.ts'],
	'/x/src/b.ts': ['/x/src/a.ts'],
	'/x/src/figure.ts': ['/x/src/b.ts', '/x/src/ui/links/links-page.tsx'],
	'/x/src/c.ts': ['/x/src/ui/dialogs.tsx'],
	'/x/src/d.ts': ['/x/src/ui/links/links-page.tsx'],
};
const modules = {
	getModuleInfo: (id: string) => {
		const importers = IMPORTERS[id];
		return importers === undefined ? null : { importers };
	},
};

it('modules that the chat imports are in its chunk, or in that of files where opened links need them, too', () => {
	expect(chunkOf('/x/src/b.ts', modules)).toBe('chat');
	expect(chunkOf('/x/src/ui/chat-screen/chat-screen.tsx', modules)).toBe('chat');
	expect(chunkOf('/x/src/figure.ts', modules)).toBe('files-shown');
});

it('modules of other parts are where the bundler puts them', () => {
	expect(chunkOf('/x/src/c.ts', modules)).toBeNull();
	expect(chunkOf('/x/src/d.ts', modules)).toBeNull();
	expect(chunkOf('/x/src/nowhere.ts', modules)).toBeNull();
});
