import { loadOnce } from '../../core/async/load-once.ts';
import { RatchetError } from './ratchet-error.ts';

const load = loadOnce(() => import('./curves.ts'));

/**
 * Needed to begin a session, to sign a prekey, and where the browser has no X25519 or refuses a key. Throws RatchetError
 * `not-loaded`, which says nothing of any key.
 */
export async function loadCurves(): Promise<typeof import('./curves.ts')> {
	try {
		return await load();
	} catch (cause) {
		throw new RatchetError('not-loaded', { cause });
	}
}
