import { loadOnce } from '../../core/async/load-once.ts';
import { ShareError } from '../../core/share-error.ts';
import type { createSharing } from './sharing.ts';

type Dependencies = Parameters<typeof createSharing>[0];
type AccountSharing = ReturnType<typeof createSharing>;

/** The code that sends files. Throws ShareError `internal`. */
const loadSharing = loadOnce(() =>
	import('./sharing.ts').catch((cause: unknown) => {
		throw new ShareError('internal', { cause });
	}),
);

/** Sharing whose code is loaded once there is a file to send, or one that was left behind. */
export function createLaterSharing(dependencies: Dependencies): AccountSharing {
	const { uploadStore, vault, report } = dependencies;
	let made: AccountSharing | undefined;
	let isClosed = false;
	/** what was left behind is being looked through: what comes in between would be taken for a part of it, and cleared away */
	let looking: Promise<unknown> = Promise.resolve();

	async function make(): Promise<AccountSharing> {
		const { createSharing: create } = await loadSharing();
		if (isClosed) throw new ShareError('internal');
		made ??= create(dependencies);
		return made;
	}

	async function isLeftBehind(): Promise<boolean> {
		if ((await uploadStore.mediaIds()).length > 0) return true;
		return (await vault.media.list()).some(({ url }) => url === '');
	}

	async function look(): Promise<void> {
		if (!(await isLeftBehind())) return;
		// The account opens without it: what waits is there again the next time.
		const sharing = await make().catch(report);
		await sharing?.load();
		sharing?.flush();
	}

	async function makeAfterLook(): Promise<AccountSharing> {
		await looking.catch(() => undefined);
		return make();
	}

	return {
		share: async (...files) => (await makeAfterLook()).share(...files),
		cancelShare: async (message) => (await makeAfterLook()).cancelShare(message),
		retryShare: async (message) => (await makeAfterLook()).retryShare(message),
		localFile: (message) => made?.localFile(message),
		async load() {
			const looked = look();
			looking = looked;
			await looked;
		},
		flush: () => made?.flush(),
		async close() {
			isClosed = true;
			await made?.close();
		},
	};
}
