import { stageShare } from '../src/media/staged-share.ts';
import type { WorkerVault } from '../src/vault/worker-vault.ts';

/** Where the phone's share sheet posts to; the host itself answers 405 (see the manifest's `share_target`). */
export const SHARE_PATH = '/share';

/** Keeps what was shared, and opens the app, where somebody chooses to whom it goes. Never rejects, never sends. */
export async function takeShare(request: Request, vault: Promise<WorkerVault>): Promise<Response> {
	try {
		const form = await request.formData();
		const entries = form.getAll('files').filter((entry) => entry instanceof File);
		// A form has a part without a name for the file that nobody chose.
		const files = entries.filter(({ name, size }) => name !== '' || size > 0);
		const texts = ['title', 'text', 'url'].map((name) => form.get(name));
		const text = texts.filter((part) => typeof part === 'string' && part !== '').join('\n');
		if (files.length > 0 || text !== '') await stageShare(await vault, { files, text });
	} catch {
		// Too much, or nothing that can be read: the app opens all the same.
	}
	return Response.redirect('/', 303);
}
