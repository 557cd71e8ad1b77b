/** What the bundler says of a module. */
interface Modules {
	getModuleInfo(id: string): { readonly importers: readonly string[] } | null;
}

/** What is loaded as soon as somebody is signed in, and where opened links are shown without an account. */
const CHAT = ['src/ui/chat-screen/chat-screen.tsx', 'src/chat/account/messenger.ts'];
const LINKS = [
	'src/ui/links/links-page.tsx',
	'src/ui/settings/settings-dialog.tsx',
	'src/ui/viewer/viewer.tsx',
];

/**
 * For the bundler: the chunk of a module that the chat imports. They are two files, also where later ones need some of their
 * modules, too: each file is compressed by itself, and many small ones badly.
 */
export function chunkOf(id: string, modules: Modules): string | null {
	if (!isImportedBy(CHAT, id, modules)) return null;
	return isImportedBy(LINKS, id, modules) ? 'files-shown' : 'chat';
}

function isImportedBy(roots: readonly string[], id: string, modules: Modules): boolean {
	const seen = new Set<string>();
	const look = (module: string): boolean => {
		if (roots.some((root) => module.endsWith(root))) return true;
		if (seen.has(module)) return false;
		seen.add(module);
		return modules.getModuleInfo(module)?.importers.some(look) ?? false;
	};
	return look(id);
}
